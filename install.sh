#!/bin/sh
# Make the virtual environment and install the program into it: sh install.sh PYTHON VENV WHAT
# Compiling llama.cpp takes minutes, so a line a few seconds apart shows that it is alive.
set -eu
python=$1 venv=$2 what=$3
log=$venv/install.log

"$python" - <<'PY' || { echo "simulator needs Python 3.11 or newer with the venv module; name one with make PYTHON=..."; exit 2; }
import sys, venv
sys.exit(sys.version_info < (3, 11))
PY

[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
if ! "$venv/bin/python" -c 'import importlib.util as u, sys; sys.exit(u.find_spec("llama_cpp") is None)'; then
    command -v cc >/dev/null || command -v gcc >/dev/null || command -v clang >/dev/null || {
        echo "A C/C++ compiler is needed to build llama.cpp (on Debian: apt-get install build-essential)."
        exit 2
    }
    echo "Installing. llama.cpp is compiled from source the first time: 4 to 8 minutes on two cores."
fi

"$venv/bin/python" -m pip install --disable-pip-version-check --editable "$what" >"$log" 2>&1 &
pip=$!
waited=0
while kill -0 "$pip" 2>/dev/null; do
    sleep 1
    waited=$((waited + 1))
    [ $((waited % 10)) -ne 0 ] || echo "  still at work, ${waited} s: $(tail -n 1 "$log" | cut -c 1-80)"
done
wait "$pip" || { tail -n 20 "$log"; echo "Installing failed; the whole log is in $log."; exit 2; }
echo "Installed in $waited s."
