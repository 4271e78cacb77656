"""Plays an exchange between several offices, faults included."""

__all__: list[str] = []
