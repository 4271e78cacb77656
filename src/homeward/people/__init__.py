"""Whose list says what, and which lines are about the same person."""

__all__: list[str] = []
