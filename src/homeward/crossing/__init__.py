"""What happened to each person at the line, as signed by those present."""

__all__: list[str] = []
