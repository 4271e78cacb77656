#!/usr/bin/env bash
# Prints the first Python that can hold this project, or says what is needed.
set -u

can_hold='import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'
for name in ${PYTHON:-} python3.11 python3.12 python3.13 python3; do
    if "$name" -c "$can_hold" >/dev/null 2>&1; then
        "$name" -c 'import sys; print(sys.executable)'
        exit 0
    fi
done
echo "Python 3.11 or newer with venv is needed (Debian: apt-get install python3 python3-venv)." >&2
exit 1
