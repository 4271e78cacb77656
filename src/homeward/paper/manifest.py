"""The manifest: one sheet a step and direction, frozen before departure, with a code to check it.

It names people, because a driver must know who is on the bus; it is written only into the
office of a side that holds or receives them, and never leaves in a package.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import as_file, files

import segno

from homeward.words import RIGHT_TO_LEFT, say


@dataclass(frozen=True, slots=True)
class ManifestLine:
    """One person on a sheet: the code used at the line, and what a driver and a guard need."""

    order: int
    trip: int
    code: str
    name: str
    born: str
    category: str


def qr(text: str) -> str:
    """A QR code of a short text as SVG, for a printed sheet or a page."""
    out = io.BytesIO()
    # without a size of its own it fills the frame it is put in
    options = {"scale": 2, "border": 2, "xmldecl": False, "omitsize": True}
    segno.make(text, error="m").save(out, kind="svg", **options)
    return out.getvalue().decode()


def manifest(head: Mapping[str, str], lines: Sequence[ManifestLine], *, lang: str = "en") -> bytes:
    """The sheet as PDF.

    ``head``: ``title``, ``direction``, ``window``, ``digest`` (hex SHA-256 of the step sheet that
    both sides signed for). Raises ValueError when typst refuses, which no data should cause.
    """
    import typst

    words = {
        name: say(f"paper.manifest.{name}", lang)
        for name in ("order", "trip", "code", "name", "born", "category", "digest", "private")
    }
    data = {
        "head": dict(head),
        "words": words,
        "lines": [asdict(line) for line in lines],
        "lang": lang,
        "dir": "rtl" if lang in RIGHT_TO_LEFT else "ltr",
        "qr": qr(head.get("digest", "")),
    }
    with as_file(files("homeward.paper").joinpath("manifest.typ")) as sheet:
        compiled = typst.compile(
            str(sheet), sys_inputs={"data": json.dumps(data, ensure_ascii=False)}
        )
    assert isinstance(compiled, bytes)
    return compiled
