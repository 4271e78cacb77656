"""The same verbs as commands."""

import click

from homeward import __version__


@click.group()
@click.version_option(__version__, prog_name="homeward")
def main() -> None:
    """Plan, carry out and prove a prisoner exchange."""
