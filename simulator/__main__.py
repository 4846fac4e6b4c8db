"""`python -m simulator` is `simulator`."""

from simulator.cli.main import main

main()
