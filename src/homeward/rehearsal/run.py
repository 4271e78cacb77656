"""run.json: what identifies a run, so that it can be continued and never mixed with another."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from homeward.problem import Problem, Refused

FORMAT = "homeward-run/1"
NAME = "run.json"
PLANS = "plans.json"
LINES = "lines.csv"
OWN = 0o700


@dataclass
class Run:
    """The run that an OUT folder holds; written again whenever its clock moves."""

    path: Path
    said: dict[str, Any]

    @property
    def clock(self) -> datetime | None:
        """The latest instant that any office was handed, or None at the beginning."""
        text = self.said.get("clock")
        return datetime.fromisoformat(text) if text else None

    def keep_clock(self, now: datetime) -> datetime:
        """Note that offices are about to be handed ``now``."""
        if self.clock is None or now > self.clock:
            self.keep(clock=now.isoformat())
        return now

    @property
    def plans(self) -> list[dict[str, Any]]:
        """What was answered about each plan made so far, in the order of making."""
        file = self.path.with_name(PLANS)
        return list(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else []

    def keep_plan(self, answer: dict[str, Any]) -> None:
        """Keep an office's answer about a plan it made, once."""
        made = self.plans
        if answer["digest"] not in {plan["digest"] for plan in made}:
            kept = {key: value for key, value in answer.items() if key != "sent"}
            _write_whole(self.path.with_name(PLANS), json.dumps([*made, kept], indent=1) + "\n")

    def keep_lines(self, lines: str) -> None:
        """Keep the lines that were planned with, so that a plan can be explained afterwards."""
        _write_whole(self.path.with_name(LINES), lines)

    def once(self, event: str, act: Callable[[], None]) -> None:
        """Let a scripted event happen unless it has; noted afterwards, so that none is lost."""
        if event not in self.said.get("happened", ()):
            act()
            self.keep(happened=[*self.said.get("happened", ()), event])

    def reach(self, event: str) -> None:
        """Note that the run came to an event's stage and step."""
        reached = list(self.said.get("reached", ()))
        if event not in reached:
            self.keep(reached=[*reached, event])

    def keep(self, **values: Any) -> None:
        """Note values about the run, whole or not at all."""
        self.said |= values
        text = json.dumps(self.said, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        _write_whole(self.path, text)


def _write_whole(path: Path, text: str) -> None:
    half = path.with_name(f"{path.name}.half")
    half.write_text(text, encoding="utf-8")
    half.replace(path)


def open_run(out: Path, folder_digest: str, seed: int) -> Run:
    """The run in ``out``, begun or continued; raises Refused where another one lives there."""
    path = out / NAME
    identity = {"format": FORMAT, "folder": folder_digest, "seed": seed}
    if path.is_file():
        return Run(path, _same(path, identity))
    if out.is_dir() and any(out.iterdir()):
        raise Refused(
            [
                Problem(
                    "rehearsal.out-not-empty",
                    str(out),
                    expected="an empty folder, or one that holds this run",
                    hint="name another folder with --out",
                )
            ]
        )
    # whoever can read an office's folder holds its keys and its lists
    out.mkdir(mode=OWN, parents=True, exist_ok=True)
    out.chmod(OWN)
    run = Run(path, dict(identity))
    run.keep()
    return run


def _same(path: Path, identity: dict[str, Any]) -> dict[str, Any]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        problem = Problem("rehearsal.run-unreadable", str(path), hint="name another folder")
        raise Refused([problem]) from error
    problems = [
        Problem(
            "rehearsal.other-run",
            f"{path}:{name}",
            str(said.get(name))[:24],
            str(value)[:24],
            "this folder holds another run; name another one with --out",
        )
        for name, value in identity.items()
        if said.get(name) != value
    ]
    if problems:
        raise Refused(problems)
    return dict(said)
