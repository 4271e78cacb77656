"""What was agreed, and which clause any set of transfers would break."""

__all__: list[str] = []
