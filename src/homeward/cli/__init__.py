"""The same verbs as commands: plain columns for a person, ``--json`` for a program.

Every command returns 0 when it is done, 1 when problems were found or something is not true, and
2 when it was used wrongly. Results go to standard output, problems to standard error.

>>> main.list_commands(None)[:3]
['rehearse', 'lists', 'match']

Not here: any rule. A command reads its words, calls a room's verb, and prints what it answered.
"""

from __future__ import annotations

from importlib import import_module

import click

from homeward import __version__

# In the order in which an exchange needs them; a command's module is read when it is called.
_COMMANDS = {
    "rehearse": "rehearsing",
    "lists": "people",
    "match": "people",
    "common": "reconciling",
    "terms": "agreeing",
    "plan": "planning",
    "explain": "planning",
    "replan": "planning",
    "verify": "records",
    "prove": "records",
    "check-proof": "records",
    "compare": "records",
    "position": "records",
    "claims": "saying",
    "office": "offices",
    "package": "offices",
}


class _Commands(click.Group):
    """Commands whose modules are read when they are asked for."""

    def list_commands(self, ctx: click.Context | None) -> list[str]:  # noqa: ARG002
        """The names, in order."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context | None, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, or None."""
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"homeward.cli.{_COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command


@click.group(cls=_Commands)
@click.version_option(__version__, prog_name="homeward")
def main() -> None:
    """Plan, carry out and prove a prisoner exchange."""


__all__ = ["main"]
