"""``python -m tools.invent_people``: write the lists of an exchange folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from tools.invent_people.lists import invent_lists
from tools.invent_people.recipe import CULTURES, Recipe, read_recipe, simple_recipe


def _sides(_context: click.Context, _param: click.Parameter, value: str | None) -> dict[str, str]:
    if value is None:
        return {}
    sides = dict(part.partition(":")[::2] for part in value.split(","))
    if len(sides) < 2 or any(culture not in CULTURES for culture in sides.values()):
        names = ", ".join(CULTURES)
        raise click.BadParameter(f"two or more of NAME:NAMES, where NAMES is one of {names}")
    return sides


@click.command()
@click.option("--recipe", help="A name in recipes/, or a YAML file.")
@click.option("--sides", callback=_sides, help="north:uk,south:ar ... instead of a recipe.")
@click.option("--seed", type=int, help="Another seed gives other people.")
@click.option(
    "--pairs", default=60, show_default=True, help="With --sides: on both lists, per edge."
)
@click.option("--sought", default=70, show_default=True, help="With --sides: looked for, per edge.")
@click.option("--held", default=90, show_default=True, help="With --sides: held, per edge.")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False))
def main(
    recipe: str | None,
    sides: dict[str, str],
    seed: int | None,
    pairs: int,
    sought: int,
    held: int,
    out: Path,
) -> None:
    """Write SIDE/sought.csv and SIDE/held.csv for each side, and gold.csv, into OUT."""
    if bool(recipe) == bool(sides):
        raise click.UsageError("give either --recipe or --sides")
    if not pairs <= sought or not pairs <= held:
        raise click.UsageError("--pairs is at most --sought and at most --held")
    plan = (
        _recipe(recipe)
        if recipe
        else simple_recipe(1, sides, pairs=pairs, sought=sought, held=held)
    )
    if seed is not None:
        plan = replace(plan, seed=seed)
    for path, text in invent_lists(plan).items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_text(text, encoding="utf-8", newline="")
        click.echo(f"{out / path}: {text.count(chr(10)) - 1} rows")


def _recipe(name: str) -> Recipe:
    try:
        return read_recipe(name)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise click.BadParameter(f"{name}: {error}", param_hint="--recipe") from error


if __name__ == "__main__":
    main()
