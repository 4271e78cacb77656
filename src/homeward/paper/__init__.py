"""Manifests, receipts and notices as PDF with QR codes; the figures that pages and reports share.

``report(data)`` is the page a mediator reads; ``manifest(sheet)`` the bus list a driver carries;
the figures (``position_figure``, ``lead_figure``, ...) are SVG with their words inside.

>>> from homeward.terms.kernel import Position
>>> page = report(ReportData({"en": "A quiet day"}, {}, {}, Position("2025-05-23"), {}, ()))
>>> "A quiet day" in page, "<script" in page
(True, False)

Not here: what the numbers mean (terms, crossing, claims), and where a file goes (office).
"""

from __future__ import annotations

from homeward.paper.data import Deed, LastWord, Replanned, ReportData, Said, Waiting
from homeward.paper.figures import lead_figure, position_figure
from homeward.paper.manifest import ManifestLine, manifest
from homeward.paper.report import report, stylesheet

__all__ = [
    "Deed",
    "LastWord",
    "ManifestLine",
    "Replanned",
    "ReportData",
    "Said",
    "Waiting",
    "lead_figure",
    "manifest",
    "position_figure",
    "report",
    "stylesheet",
]
