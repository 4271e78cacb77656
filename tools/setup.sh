#!/usr/bin/env bash
# Makes .venv from requirements.lock and puts the project into it. Run by `make`; safe to repeat.
set -eu
cd "$(dirname "$0")/.."

mkdir -p .venv
if command -v flock >/dev/null 2>&1; then
    exec 9>.venv/.lock
    flock 9
fi

stamp=.venv/.ready
wanted=$(cat requirements.lock pyproject.toml tools/setup.sh | cksum)
if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && .venv/bin/homeward --version >/dev/null 2>&1; then
    touch "$stamp"
    exit 0
fi

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(bash tools/find-python.sh)
    echo "Making .venv with $python ..."
    "$python" -m venv --clear .venv
fi

export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
echo "Installing the locked packages (a minute or two the first time) ..."
.venv/bin/python -m pip install -qq --only-binary :all: --require-hashes -r requirements.lock
.venv/bin/python -m pip install -qq --no-deps --no-build-isolation --editable .
# An exchange is played by many short programs: none of them should compile the sources anew, also
# where Python is told not to write what it compiled.
.venv/bin/python -m compileall -q src
echo "$wanted" >"$stamp"
