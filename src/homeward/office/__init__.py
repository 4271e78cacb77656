"""One side's workplace: its database, its users, its pages and API."""

__all__: list[str] = []
