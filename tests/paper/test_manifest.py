"""The manifest: a PDF that prints codes unbroken and names in their own script."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from homeward.paper import ManifestLine, manifest

HEAD = {
    "title": "Forty each · Stage 1",
    "direction": "North → South",
    "window": "2031-03-04T08:00:00+02:00 / 2031-03-04T20:00:00+02:00",
    "digest": "ab" * 32,
}


def lines(count: int) -> list[ManifestLine]:
    names = ("Вигаданий Іван", "Invented Person", "شخص مخترع", "אדם מומצא")
    return [
        ManifestLine(n + 1, n // 40 + 1, f"{n:032x}", names[n % 4], "1990-01-02", "military")
        for n in range(count)
    ]


@pytest.mark.parametrize(("count", "pages"), [(3, 1), (120, 4)])
def test_a_manifest_has_every_person_once(count: int, pages: int, tmp_path: Path):
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext on this machine; `make test` installs it where it may")
    file = tmp_path / "manifest.pdf"
    file.write_bytes(manifest(HEAD, lines(count), lang="uk"))
    text = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True
    ).stdout
    assert sum(text.count(line.code[:8]) for line in lines(count)[:1]) >= 1
    assert text.count("1990-01-02") == count
    assert text.count("\f") <= pages
