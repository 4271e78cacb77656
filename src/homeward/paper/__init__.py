"""Manifests, bus lists, receipts and notices as PDF; the figures that pages and reports share."""

__all__: list[str] = []
