"""What was said in public, and whether it is so; what is still promised and open."""

__all__: list[str] = []
