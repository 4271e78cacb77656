"""plan, explain, replan: who goes when, why so, and with the fewest changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from homeward.cli.answering import answering, as_json, columns, complain, finish, show_json
from homeward.problem import Refused, errors
from homeward.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from homeward.plan import Conflict, Plan
    from homeward.plan.again import Difference
    from homeward.plan.frontier import Point
    from homeward.terms import Terms

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_PLAN = click.Path(exists=True, path_type=Path)
_FIGURES = click.option(
    "--figures", type=click.Path(dir_okay=False, path_type=Path), help="For a page of figures."
)
_LANGUAGE = click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True)


@click.command()
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="For plan.csv.")
@click.option("--seed", type=click.IntRange(0), help="Instead of the folder's own.")
@click.option("--aims", help="In order, such as medical,held:0.5,fairness,trips.")
@click.option("--steps", help="Sizes of a step to compare, such as 10,20,40.")
@_FIGURES
@_LANGUAGE
@as_json
@answering
def plan(
    folder: Path,
    out: Path | None,
    seed: int | None,
    aims: str | None,
    steps: str | None,
    figures: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    """Stages and steps for an exchange folder, from its lists or from plan lines."""
    from homeward.plan import Conflict, make_plan
    from homeward.plan.aims import PLAIN, read_aims
    from homeward.plan.frontier import frontier, read_sizes
    from homeward.rehearsal.planfolder import read_plan_folder, write_plan_folder

    task = read_plan_folder(folder)
    chosen = task.seed if seed is None else seed
    aimed = PLAIN if aims is None else read_aims(aims)
    given = (task.terms, task.annexes, task.lines, task.resources)
    if steps is not None:
        points = frontier(*given, over=read_sizes(steps), seed=chosen, aims=aimed)
        _show_frontier(points, lang, as_json=as_json)
        return
    found = make_plan(*given, seed=chosen, aims=aimed)
    if isinstance(found, Conflict):
        _show_conflict(found, lang, as_json=as_json)
    if out is not None:
        write_plan_folder(out, task, found)
    if figures is not None:
        _draw(figures, found, task.terms, lang)
    if as_json:
        show_json(_document(found))
    else:
        _show_plan(found)
    finish(task.problems)


def _draw(file: Path, made: Plan, terms: Terms, lang: str, before: Plan | None = None) -> None:
    """A page of figures with their tables."""
    from homeward.paper.figures.planned_page import plan_page

    file.write_text(plan_page(made, terms, lang=lang, before=before), encoding="utf-8")


def _show_frontier(points: Sequence[Point], lang: str, *, as_json: bool) -> None:
    """A line for each size of a step: how many steps, the largest lead, what each aim reaches."""
    if as_json:
        listed = [
            {
                "step": point.step,
                "steps": point.steps,
                "largest_lead": point.lead,
                "objective": [
                    {"name": x.name, "value": x.value, "bound": x.bound, "unit": x.unit}
                    for x in point.levels
                ],
                "conflict": list(point.why.sentences(lang)) if point.why else [],
            }
            for point in points
        ]
        show_json({"frontier": listed})
        return
    names = next(([level.name for level in point.levels] for point in points if point.levels), [])
    rows = [
        (point.step, point.steps, point.lead, *(level.value for level in point.levels))
        if not point.why
        else (point.step, "", "", *("" for _ in names), *point.why.sentences(lang)[:1])
        for point in points
    ]
    width = max(map(len, rows), default=0)
    columns(
        [(*row, *[""] * (width - len(row))) for row in rows],
        ("step", "steps", "lead", *names, *[""] * (width - 3 - len(names))),
    )


def _document(found: Plan) -> dict[str, Any]:
    return {
        "status": found.status,
        "objective": [
            {"name": each.name, "value": each.value, "unit": each.unit} for each in found.objective
        ],
        "bound": [
            {"name": each.name, "value": each.bound, "unit": each.unit} for each in found.objective
        ],
        "gap": found.gap,
        "largest_lead": dict(found.largest_lead),
        "stages": _stages(found),
        "seconds": found.seconds,
        "conflict": [],
    }


def _stages(found: Plan) -> list[dict[str, Any]]:
    stages: dict[int, dict[str, Any]] = {}
    for row in found.rows:
        stage = stages.setdefault(row.stage, {"stage": row.stage, "steps": set(), "sizes": {}})
        if row.step:
            stage["steps"].add(row.step)
        key = (row.sender, row.to, row.category, row.state, row.group)
        stage["sizes"][key] = stage["sizes"].get(key, 0) + 1
    names = ("from", "to", "category", "state", "group")
    return [
        {
            "stage": number,
            "steps": sorted(stage["steps"]),
            "sizes": [
                {**dict(zip(names, key, strict=True)), "count": count}
                for key, count in sorted(stage["sizes"].items())
            ],
        }
        for number, stage in sorted(stages.items())
    ]


def _show_plan(found: Plan) -> None:
    click.echo(f"{found.status}, gap {found.gap:.4f}")
    columns(
        [(each.name, each.value, each.bound, each.unit) for each in found.objective],
        ("aim", "reached", "bound", "unit"),
    )
    click.echo()
    columns(
        [
            (stage["stage"], len(stage["steps"]), size["from"], size["to"], size["category"],
             size["state"], size["group"], size["count"])
            for stage in _stages(found)
            for size in stage["sizes"]
        ],
        ("stage", "steps", "from", "to", "category", "state", "group", "count"),
    )  # fmt: skip


def _show_conflict(found: Conflict, lang: str, *, as_json: bool) -> NoReturn:
    sentences = list(found.sentences(lang))
    if as_json:
        empty: dict[str, Any] = {"objective": [], "bound": [], "stages": [], "largest_lead": {}}
        problems = [problem.to_json() for problem in found.problems]
        show_json({"status": "conflict", **empty, "conflict": sentences, "problems": problems})
    else:
        for sentence in sentences:
            click.echo(sentence)
    finish(found.problems, true=False)


@click.command()
@click.argument("plan_path", metavar="PLAN", type=_PLAN)
@click.argument("person")
@click.option("--plainly", is_flag=True, help="For others than planners: when, and never why.")
@_LANGUAGE
@as_json
@answering
def explain(plan_path: Path, person: str, plainly: bool, lang: str, as_json: bool) -> None:
    """Why PERSON, by the handle in the plan's lines, is in that stage, or in none."""
    from homeward.plan import explain_person
    from homeward.plan.aims import claimed_aims
    from homeward.plan.explaining import tell_person
    from homeward.rehearsal.planfolder import handle_of, read_planned

    task, made = read_planned(plan_path)
    handle = handle_of(task, person)
    given = (task.terms, task.annexes, task.lines, task.resources)
    if plainly:
        reasons = tell_person(made, handle, task.terms, task.lines)
    else:
        reasons = explain_person(made, handle, *given, aims=claimed_aims(made.certificate))
    said = [reason.sentence(lang) for reason in reasons]
    if as_json:
        codes = [reason.code for reason in reasons]
        show_json({"person": handle, "reasons": said, "codes": codes})
    else:
        click.echo("\n".join(said))


def _changes(found: Difference) -> dict[str, Any]:
    return {
        "changed": found.changed,
        "moved": list(found.moved),
        "dropped": list(found.dropped),
        "added": list(found.added),
        "lower_bound": found.lower_bound,
    }


@click.command()
@click.argument("plan_path", metavar="PLAN", type=_PLAN)
@click.argument("position", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="For the new plan.")
@_FIGURES
@_LANGUAGE
@as_json
@answering
def replan(
    plan_path: Path,
    position: Path,
    out: Path | None,
    figures: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    """The plan with the fewest changes after what POSITION says has happened."""
    from homeward.plan import Conflict
    from homeward.plan import replan as plan_again
    from homeward.plan.aims import claimed_aims, claimed_seed
    from homeward.plan.events import situation
    from homeward.rehearsal.planfolder import read_planned, read_what_happened, write_plan_folder

    task, made = read_planned(plan_path)
    done, events, problems = read_what_happened(position, made)
    if errors(problems):
        raise Refused(problems)
    complain(problems)
    now = situation(made, task.annexes, task.lines, task.resources, events=events, done=done)
    gone = [row.step for row in made.rows if row.handle in set(done)]
    first, aims = 1 + max(gone, default=0), claimed_aims(made.certificate)
    seed = claimed_seed(made.certificate, task.seed)
    found = plan_again(made, task.terms, now, seed=seed, first_step=first, aims=aims)
    if isinstance(found, Conflict):
        _show_conflict(found, lang, as_json=as_json)
    new, difference = found
    if out is not None:
        write_plan_folder(out, task, new)
    if figures is not None:
        _draw(figures, new, task.terms, lang, made)
    if as_json:
        show_json({**_changes(difference), **_document(new)})
    else:
        click.echo(f"changed: {difference.changed} (at least {difference.lower_bound})")
        _show_plan(new)
