"""OUT: what a run came to, as a value and as the files that formats.md names."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from homeward.problem import Problem
from homeward.rehearsal.folder import Folder
from homeward.rehearsal.opening import Matched
from homeward.rehearsal.outcome import Findings
from homeward.rehearsal.paperwork import report_page
from homeward.rehearsal.planfolder import texts_of

PAIR_COLUMNS = (
    *("sought_id", "held_id", "probability", "decision", "reasons"),
    *("seeker", "holder"),
)

SOUGHT_COLUMNS = ("sought_id", "state", "stage", "step")


@dataclass(frozen=True)
class Outcome:
    """What a rehearsal came to; ``problems`` is empty when all is sound and as expected.

    ``sought`` is each side's own ``whereabouts``: ``counts`` by state, and a row for every line.
    """

    findings: Findings
    verified: Mapping[str, Mapping[str, Any]]
    matched: Matched | None
    problems: tuple[Problem, ...]
    plans: Sequence[Mapping[str, Any]]
    parts: Mapping[str, float]
    memory: int
    restarts: Mapping[str, int]
    trouble: Mapping[str, Any] = field(default_factory=dict)
    sought: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        """Whether every copy was found whole and free of forks by a program of its own."""
        return all(row["sound"] and not row.get("forks") for row in self.verified.values())

    def to_json(self, language: str = "en") -> dict[str, Any]:
        """The document of ``homeward rehearse --json``; see docs/reference/commands.md."""
        findings, position = self.findings, self.findings.position
        return {
            "position": position.to_json(),
            "largest_lead": dict(position.largest_lead),
            "step": position.step,
            "verified": self.sound,
            "matching": self.matched.to_json() if self.matched else None,
            "claims": [each.to_json(language) for each in findings.judged(findings.at)],
            "commitments": [each.to_json(language) for each in findings.promised(findings.at)],
            "complete": position.complete,
            "seconds": round(sum(self.parts.values()), 3),
            "parts": dict(self.parts),
            "memory": self.memory,
            "restarts": dict(self.restarts),
            "trouble": dict(self.trouble),
            "sought": {side: dict(found["counts"]) for side, found in self.sought.items()},
            "conflicts": [problem.to_json() for problem in findings.conflicts],
            "plans": [
                {key: value for key, value in plan.items() if key != "plan"} for plan in self.plans
            ],
            "as_of": findings.at.isoformat(),
            "exchange": findings.union.exchange.id,
            "problems": [problem.to_json() for problem in self.problems],
        }


def write_out(out: Path, folder: Folder, outcome: Outcome, language: str = "en") -> None:
    """Write every result file of OUT but the offices' own, each whole or not at all.

    The texts that were agreed on lie beside the plan, so that it can be explained from OUT alone.
    """
    for name, text in texts_of(folder.path).items():
        _write(out / name, text)
    document = outcome.to_json(language)
    shown = {key: document[key] for key in ("claims", "commitments", "as_of")}
    _write(out / "position.json", _json(document["position"]))
    _write(out / "claims.json", _json(shown))
    _write(out / "plan.csv", plan_csv(outcome.plans))
    if outcome.matched is not None:
        _write(out / "pairs.csv", pairs_csv(outcome.matched))
    for side, found in outcome.sought.items():
        _write(out / side / "sought.csv", sought_csv(found["rows"]))
    page = report_page(
        folder.cast,
        outcome.findings,
        outcome.verified,
        outcome.plans,
        language,
        sought={side: found["counts"] for side, found in outcome.sought.items()},
    )
    _write(out / "report.html", page)


def plan_csv(plans: Sequence[Mapping[str, Any]]) -> str:
    """All plans as one file: one header, then the rows in the order of planning."""
    lines: list[str] = []
    for plan in plans:
        header, *rows = str(plan["plan"]).splitlines()
        lines += rows if lines else [header, *rows]
    return "".join(f"{line}\n" for line in lines)


def sought_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Everybody a side looks for by its own ids, and how far each has come: for that side alone."""
    out = io.StringIO()
    writer = csv.DictWriter(
        out, SOUGHT_COLUMNS, restval="", extrasaction="ignore", lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def pairs_csv(matched: Matched) -> str:
    """What the matchers proposed, with their own decisions, before any officer's."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(PAIR_COLUMNS)
    for pair in sorted(matched.pairs, key=lambda p: (p.seeker, p.holder, p.sought_id, p.held_id)):
        writer.writerow(
            [
                pair.sought_id,
                pair.held_id,
                f"{pair.probability:.6f}",
                pair.decision,
                pair.reasons,
                pair.seeker,
                pair.holder,
            ]
        )
    return out.getvalue()


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _write(path: Path, text: str) -> None:
    half = path.with_name(f"{path.name}.half")
    half.write_text(text, encoding="utf-8")
    half.replace(path)
