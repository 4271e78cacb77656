"""Measurements beside a named peer, each in its own folder with a `run.py` that prints a table."""
