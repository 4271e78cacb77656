"""What a run came to: the copies verified by other programs, the position, the claims judged."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import cached_property
from pathlib import Path
from typing import Any

from homeward.claims import Commitment, Judged, Statement, commitments, judge_statement
from homeward.crossing import audit, conflicts_in
from homeward.crossing import position as fold
from homeward.crossing.agreeing import agreement
from homeward.problem import Problem
from homeward.record import Entry
from homeward.rehearsal.copies import Union
from homeward.rehearsal.expected import Expected, differences
from homeward.rehearsal.program import environment
from homeward.terms import Annex, Terms
from homeward.terms.kernel import Position


@dataclass(frozen=True)
class Findings:
    """Everything that a verified record bears out at one instant, and what was said beside it."""

    terms: Terms
    annexes: tuple[Annex, ...]
    statements: tuple[Statement, ...]
    union: Union
    at: datetime
    zone: tzinfo | None = None

    def position_at(self, when: datetime) -> Position:
        """The position from what another party had countersigned by ``when``."""
        if when not in self._positions:
            self._positions[when] = self._fold(self.union.as_of(when), when)
        return self._positions[when]

    @cached_property
    def _positions(self) -> dict[datetime, Position]:
        return {}

    @cached_property
    def position(self) -> Position:
        """The position from every entry of the record."""
        return self._fold(self.union.entries, self.at)

    @cached_property
    def conflicts(self) -> tuple[Problem, ...]:
        """Where signed words do not fit together, and orders that break the rule of the step."""
        return (*conflicts_in(self.union.entries), *audit(self.union.entries))

    def _fold(self, entries: Sequence[Entry], when: datetime) -> Position:
        # what is countersigned only grows: as many entries are the same entries
        if len(entries) not in self._folded:
            sides = self.union.exchange.sides
            self._folded[len(entries)] = fold(entries, sides=sides, terms=self.terms)
        return replace(self._folded[len(entries)], as_of=when.astimezone(self.zone).isoformat())

    @cached_property
    def _folded(self) -> dict[int, Position]:
        return {}

    @cached_property
    def agreed(self) -> tuple[tuple[datetime, str], ...]:
        """What was final when, by the time another party countersigned it."""
        by_hash = {entry.hash: entry for entry in self.union.entries}
        found = []
        for entry in self.union.entries:
            seen = self.union.seen_at(entry) if entry.kind == "final" else None
            proposal = by_hash.get(entry.prior or "")
            if seen is None or proposal is None:
                continue
            if agreement(self.union.entries, proposal, self.union.exchange.sides) != "final":
                continue
            if proposal.kind == "terms-proposed":
                found.append((seen, "terms"))
            elif proposal.kind == "annex-proposed":
                found.append((seen, f"stage {proposal.stage}"))
        return tuple(sorted(found))

    def judged(self, at: datetime) -> tuple[Judged, ...]:
        """Both verdicts on every claim known at ``at``."""
        if at not in self._judged:
            self._judged[at] = self._judge(at)
        return self._judged[at]

    @cached_property
    def _judged(self) -> dict[datetime, tuple[Judged, ...]]:
        return {}

    def _judge(self, at: datetime) -> tuple[Judged, ...]:
        return tuple(
            verdict
            for statement in self.statements
            for verdict in judge_statement(
                statement,
                self.terms,
                self.annexes,
                self.position_at,
                at,
                agreed=self.agreed,
                statements=self.statements,
                zone=self.zone,
            )
        )

    def promised(self, at: datetime) -> tuple[Commitment, ...]:
        """Everything owed or promised at ``at``, and how it stands."""
        return commitments(
            self.statements,
            self.terms,
            self.annexes,
            self.position_at,
            at,
            agreed=self.agreed,
            zone=self.zone,
        )


def unexpected(findings: Findings, expected: Expected | None) -> tuple[Problem, ...]:
    """How the run differs from expected.yaml, at every horizon that it reached."""
    if expected is None:
        return ()
    problems: list[Problem] = []
    for name, at in sorted(expected.horizons.items(), key=lambda item: item[1]):
        if at <= findings.at:
            position, judged = findings.position_at(at), findings.judged(at)
            problems += differences(expected, name, position, judged, findings.promised(at))
    return tuple(problems)


def verify_copies(copies: Mapping[str, Path]) -> dict[str, dict[str, Any]]:
    """Each office's copy checked whole by a program of its own, and held to all the others.

    The others' newest checkpoints are enough for that: a log that agrees with a checkpoint, and
    reaches it, holds every entry below it.
    """
    with ThreadPoolExecutor(max_workers=len(copies)) as threads:
        started = {
            name: threads.submit(_verify, path, [p for n, p in copies.items() if n != name])
            for name, path in copies.items()
        }
        return {name: future.result() for name, future in started.items()}


def _verify(copy: Path, others: Sequence[Path]) -> dict[str, Any]:
    checkpoints = [note for other in others for note in sorted(other.glob("*/checkpoint"))]
    against = [word for note in checkpoints for word in ("--against", str(note))]
    command = [sys.executable, "-m", "homeward", "verify", str(copy), *against, "--json"]
    done = subprocess.run(command, env=environment(), capture_output=True, check=False)
    try:
        said = json.loads(done.stdout)
    except ValueError:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = Problem("rehearsal.verifier-failed", str(copy), hint=words[-1] if words else "")
        return {"sound": False, "reason": reason.to_json(), "forks": []}
    return {**said, "sound": bool(said.get("sound")) and done.returncode == 0}


def unsound(verified: Mapping[str, Mapping[str, Any]]) -> tuple[Problem, ...]:
    """A problem for each copy that its verifier did not find whole and free of forks."""
    problems = []
    for name, said in sorted(verified.items()):
        if not said["sound"] or said.get("forks"):
            reason = said.get("reason") or {}
            problems.append(
                Problem(
                    "rehearsal.not-verified",
                    f"{name}/record",
                    str(reason.get("code", "fork")),
                    "a copy that is whole",
                    f"{reason.get('place', '')}: {reason.get('hint', '')}".strip(": "),
                )
            )
    return tuple(problems)
