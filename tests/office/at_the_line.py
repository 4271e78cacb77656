"""Two offices brought to the line: lists matched, a plan signed, every sheet held."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.office.offices import Office, carry, offices, serving

SIDES = ("north", "south")


def bring_to_the_line(
    root: Path, folder: Path, neutrals: Sequence[str] = (), *, hold: bool = True
) -> None:
    """Play an exchange folder's papers with offices under ``root``, up to the sheets held.

    Without ``hold`` the sheets have come, and nobody has signed for them.
    """
    with offices(root, SIDES, neutrals) as running:
        bring_to_the_plan(running, folder)
        north, south = running[:2]
        digest = north.do("make-plan", stage=1)["digest"]
        carry(running)
        south.do("accept-plan", digest=digest)
        carry(running)
        north.do("finalise", digest=digest)
        north.do("make-sheets", stage=1)
        carry(running)
        for office in (north, south) if hold else ():
            office.do("hold-sheets", stage=1)
        carry(running)


def bring_to_the_plan(running: Sequence[Office], folder: Path) -> None:
    """Play an exchange folder's papers up to the stage that both sides have signed."""
    terms = (folder / "terms.yaml").read_text(encoding="utf-8")
    resources = yaml.safe_load((folder / "exchange.yaml").read_text(encoding="utf-8"))["resources"]
    north, south = running[:2]
    cards = [office.do("card")["card"] for office in running]
    for office in running:
        office.do("meet", cards=cards, terms_text=terms)
    carry(running)
    _agree(running, "terms", text=terms)
    for office in (north, south):
        lists = {
            f"{which}_csv": (folder / office.name / f"{which}.csv").read_text(encoding="utf-8")
            for which in ("held", "sought")
        }
        office.do("import-lists", **lists)
    for verb in ("submit-lists", "match", "reply", "accept-replies"):
        for office in (north, south):
            office.do(verb)
        carry(running)
    stages = (folder / "stages.yaml").read_text(encoding="utf-8")
    _agree(running, "annex", text=stages, resources=yaml.safe_dump(resources))


def _agree(running: Sequence[Office], kind: str, **proposal: Any) -> None:
    north, south = running[:2]
    digest = north.do(f"propose-{kind}", **proposal)["digest"]
    carry(running)
    south.do(f"accept-{kind}", digest=digest)
    carry(running)
    north.do("finalise", digest=digest)
    carry(running)


@contextmanager
def copied(source: Path, target: Path) -> Iterator[list[Office]]:
    """The offices of ``source`` as they were left, each running on a copy of its own folder."""
    with ExitStack() as stack:
        running = []
        for folder in sorted(path for path in source.iterdir() if path.is_dir()):
            shutil.copytree(folder, target / folder.name)
            port = stack.enter_context(serving(target / folder.name))
            running.append(Office(folder.name, target / folder.name, port))
        yield sorted(running, key=lambda office: (office.name not in SIDES, office.name))


def coming(office: Office, step: int) -> list[str]:
    """The codes of those whom this office is to receive in a step, as its papers have them."""
    rows = office.do("sheet", step=step)["rows"]
    return sorted(row["handle"] for row in rows if row["to"] == office.name)


def going(office: Office, step: int) -> list[str]:
    """The codes of those whom this office is to let go in a step, as its papers have them."""
    rows = office.do("sheet", step=step)["rows"]
    return sorted(row["handle"] for row in rows if row["from"] == office.name)


def out(office: Office, running: Sequence[Office], step: int = 1) -> None:
    """Everyone ready, and one side's people of a step ordered out and released."""
    for each in running[:2]:
        each.do("ready", step=step)
    carry(running)
    office.do("order", step=step)
    office.do("released", step=step)
    carry(running)
