"""In which stages and steps the agreed transfers can happen, and why so."""

__all__: list[str] = []
