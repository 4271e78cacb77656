#!/usr/bin/env bash
# Rewrites requirements.lock from pyproject.toml, for Python 3.11 and later on any system.
# Give arguments to `uv pip compile` through UV_ARGS, for example UV_ARGS=--upgrade.
set -eu
cd "$(dirname "$0")/.."

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
"$(bash tools/find-python.sh)" -m venv "$room"
"$room/bin/pip" install -qq --disable-pip-version-check uv
"$room/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --custom-compile-command "make lock" ${UV_ARGS:-} \
    --group dev pyproject.toml --output-file requirements.lock
