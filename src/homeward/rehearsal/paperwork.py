"""The one place that hands a run's findings to the report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from homeward.crossing import leads
from homeward.paper import Deed, ReportData, Said, report
from homeward.record import Entry
from homeward.rehearsal.cast import Cast
from homeward.rehearsal.outcome import Findings
from homeward.terms import show


def report_page(
    cast: Cast,
    findings: Findings,
    verified: Mapping[str, Mapping[str, Any]],
    language: str = "en",
) -> str:
    """report.html: one page for the whole run, ``language`` shown first."""
    terms, union = findings.terms, findings.union
    shown = tuple(dict.fromkeys([language, "en", "uk"]))
    data = ReportData(
        title=_titled(cast.title) or _titled({"": terms.title("en")}),
        names={m.name: _titled(m.title) or {"en": m.name} for m in cast.members},
        clauses={lang: show(terms, lang) for lang in shown},
        position=findings.position,
        leads={side: _lead(union.entries, side) for side in cast.sides},
        stages=_stages(findings),
        deeds=tuple(_deeds(findings)),
        said=tuple(_said(findings, shown)),
        commitments=[
            _jsonable(promise.to_json(language)) for promise in findings.promised(findings.at)
        ],
        exchange_id=union.exchange.id,
        logs=_logs(verified),
        verified=all(row["sound"] for row in verified.values()),
    )
    return report(data, shown)


def _titled(said: Mapping[str, str]) -> dict[str, str]:
    """Names by language; one that has no language is taken for English."""
    return {language or "en": name for language, name in said.items()}


def _lead(entries: Sequence[Entry], side: str) -> list[tuple[float, int]]:
    """Net heads out against the steps: a step's acts are spread over its own width."""
    series = leads(entries, side)
    in_step: dict[int, int] = {}
    for act, _ in series:
        in_step[act.step or 0] = in_step.get(act.step or 0, 0) + 1
    done: dict[int, int] = {}
    points = []
    for act, lead in series:
        step = act.step or 0
        done[step] = done.get(step, 0) + 1
        points.append((max(step - 1, 0) + done[step] / in_step[step], lead))
    return points


def _stages(
    findings: Findings,
) -> list[tuple[int, str, dict[tuple[str, str, str], tuple[int, int]]]]:
    position, zone = findings.position, findings.zone
    shown = []
    for annex in findings.annexes:
        day = annex.window[0].astimezone(zone).date().isoformat() if annex.window else ""
        rows = {}
        for size in annex.sizes:
            wanted = {"sender": size.sender, "to": size.to, "stage": annex.stage}
            if size.category is not None:
                wanted["category"] = size.category
            done = position.count(**wanted, attested_by="both", outcome="transferred")
            rows[size.sender, size.to, size.category or ""] = (size.count, done)
        shown.append((annex.stage, day, rows))
    return shown


def _deeds(findings: Findings) -> Iterable[Deed]:
    """The acts worth a line: agreements, the first order of a stage, closings, safety, home."""
    union, begun = findings.union, set()
    by_hash = {entry.hash: entry for entry in union.entries}
    for entry in union.entries:
        at = union.seen_at(entry)
        if at is None:
            continue
        at = at.astimezone(findings.zone)
        proposal = by_hash.get(entry.prior or "")
        if entry.kind == "final" and proposal is not None:
            yield Deed(at, proposal.kind.partition("-")[0], entry.author, entry.stage)
        elif entry.kind == "release-ordered" and (entry.author, entry.stage) not in begun:
            begun.add((entry.author, entry.stage))
            yield Deed(at, "begun", entry.author, entry.stage)
        elif entry.kind in _PLAIN_DEEDS:
            yield _plain_deed(findings, entry, at)


_PLAIN_DEEDS = {
    "stage-closed": "closed",
    "in-safety": "in-safety",
    "home-confirmed": "home",
    "suspension": "suspension",
    "resumption": "resumption",
}


def _plain_deed(findings: Findings, entry: Entry, at: datetime) -> Deed:
    counts = {}
    if entry.kind == "stage-closed":
        signed = {"stage": entry.stage, "attested_by": "both", "outcome": "transferred"}
        counts["out"] = findings.position.count(**signed, sender=entry.author)
        counts["in_"] = findings.position.count(**signed, to=entry.author)
    elif entry.kind == "home-confirmed":
        counts["heads"] = sum((entry.sums or {}).values())
    return Deed(at, _PLAIN_DEEDS[entry.kind], entry.author, entry.stage, counts)


def _said(findings: Findings, languages: Sequence[str]) -> Iterable[Said]:
    by_claim = {judged.claim.id: judged for judged in findings.judged(findings.at)}
    for statement in findings.statements:
        judged = [by_claim[claim.id] for claim in statement.claims if claim.id in by_claim]
        if not judged:
            continue
        yield Said(
            at=statement.said_at,
            id=statement.id,
            speaker=str(statement.speaker),
            role=statement.role,
            channel=statement.channel,
            text=str(statement.text),
            lang=statement.lang,
            claims=[
                {
                    "status": each.claim.status,
                    "as_said": each.as_said.verdict,
                    "as_known": each.as_known.verdict,
                    "why": {lang: each.as_known.why.say(lang) for lang in languages},
                }
                for each in judged
            ],
        )


def _logs(verified: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Each log once, with everyone whose countersignature some copy shows."""
    shown: dict[str, dict[str, Any]] = {}
    for said in verified.values():
        for log in said.get("logs", ()):
            row = shown.setdefault(log["log"], {"log": log["log"], "size": 0, "signed": []})
            row["size"] = max(row["size"], log.get("size", 0))
            row["signed"] = sorted({*row["signed"], *log.get("cosigned", ())})
    return sorted(shown.values(), key=lambda row: row["log"])


def _jsonable(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value is not None}
