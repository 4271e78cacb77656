#!/usr/bin/env bash
# Rewrites requirements.lock, requirements-spark.lock (the Spark engine on top of it) and
# requirements-peers.lock (what bench/ measures against) from pyproject.toml, for Python 3.11 and
# later on any system.
# Give arguments to `uv pip compile` through UV_ARGS, for example UV_ARGS=--upgrade.
set -eu
cd "$(dirname "$0")/.."

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
"$(bash tools/find-python.sh)" -m venv "$room"
"$room/bin/pip" install -qq --disable-pip-version-check uv

compile() {
    "$room/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --custom-compile-command "make lock" ${UV_ARGS:-} "$@"
}

compile --group dev pyproject.toml --output-file requirements.lock
compile --extra spark --constraint requirements.lock pyproject.toml \
    --output-file requirements-spark.lock
compile --group peers --output-file requirements-peers.lock
