"""office init, serve, account, backup, restore, revoke; package out, in: one side's own machine."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import click

from homeward.cli.answering import answering, as_json, columns, finish, show_json
from homeward.problem import Problem, Refused

_FOLDER = click.Path(file_okay=False, path_type=Path)
_OFFICE = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)
_PASSPHRASE = click.option(
    "--passphrase-fd",
    type=click.IntRange(0),
    help="Read the passphrase of the keys here.",
)


@click.group()
def office() -> None:
    """One side's office: its keys, its database, its pages."""


@office.command()
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option("--side", "name", required=True, help="The party whose office this is.")
@click.option("--role", type=click.Choice(["side", "neutral"]), default="side")
@click.option("--officers", default="first,second", show_default=True, help="Ids, with commas.")
@click.option("--seed", type=int, help="Keys that can be made again, with --guessable-keys.")
@click.option("--guessable-keys", is_flag=True, help="Only to try things out: ANYBODY has them.")
@click.option("--sealed", is_flag=True, help="Ask for a passphrase that seals the keys.")
@_PASSPHRASE
@answering
def init(
    folder: Path,
    name: str,
    role: Literal["side", "neutral"],
    officers: str,
    seed: int | None,
    guessable_keys: bool,
    sealed: bool,
    passphrase_fd: int | None,
) -> None:
    """Make an office with keys of its own and an empty database."""
    from homeward.office import init_office
    from homeward.office.keysafe import ask_passphrase

    if seed is not None and not guessable_keys:
        hint = "leave --seed out; to try things out with invented people say --guessable-keys"
        raise Refused([Problem("office.guessable-keys", "--seed", str(seed), "random keys", hint)])
    asked = sealed or passphrase_fd is not None
    passphrase = ask_passphrase(passphrase_fd, twice=True) if asked else None
    click.echo(init_office(folder, name, role, _ids(officers), seed, passphrase), nl=False)


@office.command()
@click.argument("folder", metavar="DIR", type=_OFFICE)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0: any free port.")
@click.option("--rehearsed", is_flag=True, help="With invented accounts; for rehearsals only.")
@_PASSPHRASE
@answering
def serve(folder: Path, port: int, rehearsed: bool, passphrase_fd: int | None) -> None:
    """Open an office on loopback for its own officers, until it is stopped."""
    from homeward.office import mark_rehearsed, serve_office

    if rehearsed:
        for row in mark_rehearsed(folder, datetime.now(UTC)):
            click.echo(f"account {row['name']}, password {row['password']}", err=True)
    serve_office(folder, port, passphrase_fd)


@office.command()
@click.argument("folder", metavar="DIR", type=_OFFICE)
@click.argument("name")
@click.option("--role", required=True, help="As the roles are named in docs/reference/office.md.")
@click.option("--officer", default="", help="The id of the officer's key this person signs with.")
@as_json
@answering
def account(folder: Path, name: str, role: str, officer: str, as_json: bool) -> None:
    """Make an account named NAME; its password and one-time secret are shown once."""
    from homeward.office import make_account_at

    made = make_account_at(folder, name, role, officer, datetime.now(UTC))
    if as_json:
        show_json(made)
    else:
        columns([[key, value] for key, value in made.items()])


@office.command()
@click.argument("folder", metavar="DIR", type=_OFFICE)
@click.argument("file", type=_FILE)
@answering
def backup(folder: Path, file: Path) -> None:
    """Write everything an office needs to go on into one FILE."""
    from homeward.office import back_up

    back_up(folder, file)


@office.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option("--officers", required=True, help="The two officers who restore it, with a comma.")
@click.option("--without", multiple=True, help="An officer whose key is lost or stolen.")
@answering
def restore(file: Path, folder: Path, officers: str, without: tuple[str, ...]) -> None:
    """Make an office again from its backup FILE; it starts a new log."""
    from homeward.office import restore as restore_office

    restore_office(file, folder, _ids(officers), datetime.now(UTC), without)


@office.command()
@click.argument("folder", metavar="DIR", type=_OFFICE)
@click.argument("without", metavar="OFFICER...", nargs=-1, required=True)
@click.option("--officers", required=True, help="The two officers who do so, with a comma.")
@as_json
@answering
def revoke(folder: Path, without: tuple[str, ...], officers: str, as_json: bool) -> None:
    """Begin a new log in which nothing counts that OFFICER signs: a key is lost or stolen."""
    from homeward.office import at_the_desk

    given: dict[str, Any] = {"without": list(without), "officers": list(_ids(officers))}
    answer = at_the_desk(folder, "revoke-officers", datetime.now(UTC), **given)
    if as_json:
        show_json(answer)
    else:
        columns([["log", answer["log"]], ["revoked", ", ".join(answer["revoked"])]])


def _ids(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())


@click.group()
def package() -> None:
    """Packages between offices, on a stick."""


@package.command()
@click.argument("folder", metavar="OFFICE", type=_OFFICE)
@click.option("--to", "names", multiple=True, help="For this party only.")
@as_json
@answering
def out(folder: Path, names: tuple[str, ...], as_json: bool) -> None:
    """Write what the other parties lack into the office's outbox, one package each."""
    from homeward.office import at_the_desk

    body: dict[str, Any] = {"to": list(names)} if names else {}
    written = at_the_desk(folder, "send", datetime.now(UTC), **body)["written"]
    if as_json:
        show_json({"written": [str(folder / "outbox" / name) for name in written]})
    else:
        columns([[folder / "outbox" / name] for name in written])


@package.command("in")
@click.argument("folder", metavar="OFFICE", type=_OFFICE)
@click.argument("files", type=click.Path(exists=True, dir_okay=False, path_type=Path), nargs=-1)
@as_json
@answering
def take_in(folder: Path, files: tuple[Path, ...], as_json: bool) -> None:
    """Take packages in: every signature is checked, and what is new is countersigned."""
    from homeward.office import at_the_desk

    inbox = folder / "inbox"
    inbox.mkdir(exist_ok=True)
    for number, file in enumerate(files, start=1):
        (inbox / f"{number:06d}.stick.package").write_bytes(file.read_bytes())
    answer = at_the_desk(folder, "collect", datetime.now(UTC))
    if as_json:
        show_json(answer)
    else:
        click.echo(f"{answer['entries']} new entries")
    finish(Problem(**row) for row in answer["problems"])
