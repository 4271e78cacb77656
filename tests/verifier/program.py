"""The second verifier: built once from ``verifier/``, and asked about copies."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "verifier"
CACHE = ROOT / ".cache" / "verifier"
LIBRARY = Path("/usr/share/gocode")


def environment() -> dict[str, str]:
    """Go as Debian ships it: no modules, no network, the library from its package."""
    return {
        **os.environ,
        "GO111MODULE": "off",
        "GOPATH": str(LIBRARY),
        "GOPROXY": "off",
        "GOCACHE": str(CACHE / "go"),
        "CGO_ENABLED": "0",
    }


def go(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the Go tool on the second verifier's sources."""
    need_go()
    return subprocess.run(
        ["go", *arguments],
        cwd=SOURCE,
        env={**environment(), **more},
        capture_output=True,
        text=True,
        check=False,
    )


def need_go() -> None:
    """Skip where Go is not installed, which only a developer's machine may be."""
    wanted = LIBRARY / "src/golang.org/x/mod/sumdb/tlog"
    if shutil.which("go") and wanted.exists():
        return
    reason = "the second verifier needs Go: apt-get install golang-go golang-golang-x-mod-dev"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@cache
def program() -> Path:
    """The built program, kept under a name that its sources give."""
    need_go()
    sources = sorted([*SOURCE.glob("*.go"), *SOURCE.glob("*.tsv")])
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    built = CACHE / f"verifier-{digest}"
    if not built.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            made = Path(folder) / "verifier"
            done = go("build", "-o", str(made), ".")
            assert done.returncode == 0, done.stderr
            made.replace(built)
    return built


def ask(*arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    """Run the second verifier; a panic of Go would end it with 2 and words on stderr."""
    words = [str(each) for each in arguments]
    return subprocess.run([str(program()), *words], capture_output=True, check=False)


def write(files: Mapping[str, bytes], folder: Path) -> Path:
    """Lay a copy down as plain files."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def verdict(folder: Path, against: Sequence[Path] = ()) -> dict[str, Any]:
    """What the second verifier says of a copy."""
    done = ask(folder, *(word for each in against for word in ("--against", each)), "--json")
    assert done.returncode in (0, 1), done.stderr.decode()
    found: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (0 if found["sound"] and not found["forks"] else 1)
    return found
