"""Signed entries in one log per side, countersigned by the others; anyone can verify."""

__all__: list[str] = []
