"""The one place that hands a run's findings to the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from homeward.claims.model import Words
from homeward.crossing import leads
from homeward.paper import Deed, ReportData, Said, report
from homeward.paper.data import Answer, LastWord, Replanned, Scripted, Waiting
from homeward.plan import Plan, read_plan
from homeward.record import Entry
from homeward.rehearsal.cast import Cast
from homeward.rehearsal.outcome import Findings
from homeward.terms import Terms, show
from homeward.terms.agreement import Names
from homeward.words import LANGUAGES

SHOWN = ("en", "uk", "ar")
_THINGS = ("asset", "act")
_DEEDS = {
    "stage-closed": "closed",
    "in-safety": "in-safety",
    "home-confirmed": "home",
    "suspension": "suspension",
    "resumption": "resumption",
}
_AT_THE_LINE = frozenset(
    {
        *("step-ready", "release-ordered", "released", "not-released", "received"),
        *("not-received", "conceded", "unreceipted-accepted", "step-closed", "suspension"),
    }
)
_OTHERWISE = (
    *("not-released", "conceded", "unreceipted-accepted", "not-received"),
    *("suspension", "correction"),
)

# An act of the same author that names one of these words takes it back.
_TAKES_BACK = frozenset({"correction", "released", "received"})


def report_page(
    cast: Cast,
    findings: Findings,
    verified: Mapping[str, Mapping[str, Any]],
    plans: Sequence[Mapping[str, Any]] = (),
    language: str = "en",
    sought: Mapping[str, Mapping[str, int]] | None = None,
) -> str:
    """report.html, ``language`` first; ``sought``: by side, how many have come how far."""
    terms, entries = findings.terms, findings.union.entries
    waiting = _waiting(findings)
    answered, answers = _answers(entries, waiting)
    tongues = tuple(dict.fromkeys([language, *SHOWN]))
    data = ReportData(
        title=_spoken(cast.title, terms.said.get("title")) or {"en": terms.title("en")},
        names=_names(cast, terms),
        clauses={tongue: show(terms, tongue) for tongue in tongues},
        position=findings.position,
        leads={side: _lead(entries, side) for side in cast.sides},
        stages=_stages(findings),
        deeds=tuple(_deeds(findings)),
        said=tuple(_said(findings, tongues)),
        commitments=_commitments(findings, tongues),
        exchange_id=findings.union.exchange.id,
        logs=_logs(verified),
        verified=all(row["sound"] for row in verified.values()),
        exceptions=_exceptions(entries),
        concessions={side: _concessions(entries, side) for side in cast.sides},
        categories=_categories(terms),
        things=_things(findings),
        waiting=waiting,
        last_words=_last_words(findings, cast.sides),
        replanned=tuple(_replanned(plans)),
        answered=answered,
        answers=answers,
        scripted=tuple(_scripted(cast, entries)),
        sought=sought or {},
    )
    return report(data, tongues)


def _names(cast: Cast, terms: Terms) -> dict[str, dict[str, str]]:
    agreed = {**terms.others, **terms.parties}
    return {m.name: _spoken(m.title, agreed.get(m.name)) or {"en": m.name} for m in cast.members}


def _categories(terms: Terms) -> dict[str, dict[str, str]]:
    return {
        category: {tongue: terms.category_name(category, tongue) for tongue in LANGUAGES}
        for category in terms.categories
    }


def _spoken(said: Mapping[str, str], agreed: Names | None = None) -> dict[str, str]:
    """Names by language, the agreement's where the exchange has none; no language is English."""
    written = {"en": agreed} if isinstance(agreed, str) else dict(agreed or {})
    return written | {language or "en": name for language, name in said.items()}


def _places(entries: Sequence[Entry], side: str) -> list[tuple[Any, int, float]]:
    """A side's acts with its net heads out after each, and where each lies along the steps."""
    series = leads(entries, side)
    in_step = Counter(act.step or 0 for act, _ in series)
    done: Counter[int] = Counter()
    places = []
    for act, lead in series:
        step = act.step or 0
        done[step] += 1
        # a step's acts are spread over its own width
        places.append((act, lead, max(step - 1, 0) + done[step] / in_step[step]))
    return places


def _lead(entries: Sequence[Entry], side: str) -> list[tuple[float, int]]:
    return [(place, lead) for _, lead, place in _places(entries, side)]


def _concessions(entries: Sequence[Entry], side: str) -> list[tuple[float, int]]:
    return [(at, lead) for act, lead, at in _places(entries, side) if act.kind == "conceded"]


def _stages(
    findings: Findings,
) -> list[tuple[int, str, dict[tuple[str, str, str, str], tuple[int, int]]]]:
    shown = []
    for annex in findings.annexes:
        day = annex.window[0].astimezone(findings.zone).date().isoformat() if annex.window else ""
        rows = {}
        for size in annex.sizes:
            wanted = {"sender": size.sender, "to": size.to, "state": size.state}
            if size.category is not None:
                wanted["category"] = size.category
            both = {"attested_by": "both", "outcome": "transferred", "group": size.group}
            done = findings.position.count(**wanted, **both, stage=annex.stage)
            rows[size.sender, size.to, size.category or "", size.state] = (size.count, done)
        shown.append((annex.stage, day, rows))
    return shown


def _deeds(findings: Findings) -> Iterable[Deed]:
    """The acts worth a line: agreements, the first order of a stage, closings, safety, home."""
    union, begun = findings.union, set()
    by_hash = {entry.hash: entry for entry in union.entries}
    for entry in union.entries:
        at = _seen(findings, entry)
        if at is None:
            continue
        proposal = by_hash.get(entry.prior or "")
        if entry.kind == "final" and proposal is not None:
            yield Deed(at, proposal.kind.partition("-")[0], entry.author, entry.stage)
        elif entry.kind == "release-ordered" and (entry.author, entry.stage) not in begun:
            begun.add((entry.author, entry.stage))
            yield Deed(at, "begun", entry.author, entry.stage)
        elif entry.kind in _DEEDS:
            yield _deed(findings, entry, at)


def _deed(findings: Findings, entry: Entry, at: datetime) -> Deed:
    counts = {}
    if entry.kind == "stage-closed":
        signed = {"stage": entry.stage, "attested_by": "both", "outcome": "transferred"}
        counts["out"] = findings.position.count(**signed, sender=entry.author)
        counts["in_"] = findings.position.count(**signed, to=entry.author)
    elif entry.kind == "home-confirmed":
        counts["heads"] = sum((entry.sums or {}).values())
    return Deed(at, _DEEDS[entry.kind], entry.author, entry.stage, counts)


def _seen(findings: Findings, entry: Entry) -> datetime | None:
    at = findings.union.seen_at(entry)
    return at.astimezone(findings.zone) if at else None


def _said(findings: Findings, languages: Sequence[str]) -> Iterable[Said]:
    by_claim = {judged.claim.id: judged for judged in findings.judged(findings.at)}
    for statement in findings.statements:
        judged = [by_claim[claim.id] for claim in statement.claims if claim.id in by_claim]
        if not judged:
            continue
        yield Said(
            at=statement.said_at.astimezone(findings.zone),
            id=statement.id,
            speaker=_written(statement.speaker, statement.lang),
            role=statement.role,
            channel=statement.channel,
            text=_written(statement.text, statement.lang),
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


def _written(words: Words, lang: str) -> dict[str, str]:
    """A text by the languages that it was written in."""
    return {language or lang: text for language, text in words.in_languages}


def _logs(verified: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Each log once, with everyone whose countersignature some copy shows."""
    shown: dict[str, dict[str, Any]] = {}
    for said in verified.values():
        for log in said.get("logs", ()):
            row = shown.setdefault(log["log"], {"log": log["log"], "size": 0, "signed": []})
            row["size"] = max(row["size"], log.get("size", 0))
            row["signed"] = sorted({*row["signed"], *log.get("cosigned", ())})
    return sorted(shown.values(), key=lambda row: row["log"])


def _exceptions(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """How often what went otherwise, by stage and side: numbers only, no reason and no handle."""
    counted: dict[tuple[int, str, str], list[int]] = {}
    back = {(e.author, e.prior) for e in entries if e.prior and e.kind in _TAKES_BACK}
    for entry in entries:
        if (entry.author, entry.hash) in back:
            continue
        extra = entry.kind == "received" and str(entry.cls or "").endswith("/extra")
        if extra or entry.kind in _OTHERWISE:
            kind = "extra" if extra else entry.kind
            counted.setdefault((entry.stage or 0, kind, entry.author), []).append(entry.step or 0)
    return [
        {
            "kind": kind,
            "count": len(steps),
            "stage": stage,
            "side": side,
            "steps": sorted(set(steps) - {0}),
        }
        for (stage, kind, side), steps in sorted(counted.items())
    ]


def _scripted(cast: Cast, entries: Sequence[Entry]) -> Iterable[Scripted]:
    """What exchange.yaml had happen in the stages and steps that came."""
    came = {(e.stage, e.step) for e in entries if e.kind in _AT_THE_LINE}
    came |= {(stage, None) for stage, _ in came}
    for event in cast.events:
        if (event.stage, event.step) in came:
            count = event.pick if event.who else 1 if event.kind == "extra" else 0
            yield Scripted(event.kind, event.stage, event.step, event.side, count)


def _things(findings: Findings) -> dict[str, dict[str, str]]:
    """What is owed that is no person, in the agreement's own words."""
    return {
        owed.id: _spoken({"": owed.what} if isinstance(owed.what, str) else dict(owed.what or {}))
        for owed in findings.terms.obligations
        if owed.state in _THINGS
    }


def _waiting(findings: Findings) -> Waiting | None:
    """The lowest open step, as the sides' own closings have it; None while none is open."""
    at_line = [e for e in findings.union.entries if e.kind in _AT_THE_LINE and e.step]
    closed = {(e.author, e.step) for e in at_line if e.kind == "step-closed"}
    ready = [e for e in at_line if e.kind == "step-ready" and (e.author, e.step) not in closed]
    times = [at for e in at_line if (at := _seen(findings, e)) is not None]
    if not ready or not times:
        return None
    first = min(ready, key=lambda e: e.step or 0)
    sides = sorted(e.author for e in ready if e.step == first.step)
    return Waiting(first.stage or 0, first.step or 0, sides, max(times))


def _answers(entries: Sequence[Entry], waiting: Waiting | None) -> tuple[int, tuple[Answer, ...]]:
    """What each side has signed in the open step, or in the last one."""
    at_line = [e for e in entries if e.kind in _AT_THE_LINE and e.step]
    step = waiting.step if waiting is not None else max((e.step or 0 for e in at_line), default=0)
    signed = Counter((e.author, e.kind) for e in at_line if e.step == step)
    return step, tuple(
        Answer(
            side,
            bool(signed[side, "step-ready"]),
            signed[side, "release-ordered"],
            signed[side, "released"],
            signed[side, "received"],
            bool(signed[side, "step-closed"]),
        )
        for side in sorted({author for author, _ in signed})
    )


def _last_words(findings: Findings, sides: Iterable[str]) -> tuple[LastWord, ...]:
    """The last thing at the line that each side signed."""
    last: dict[str, Entry] = {}
    for entry in findings.union.entries:
        if entry.kind in _AT_THE_LINE and entry.seq >= last.get(entry.author, entry).seq:
            last[entry.author] = entry
    shown = [(side, last[side], _seen(findings, last[side])) for side in sides if side in last]
    return tuple(
        LastWord(side, entry.kind, entry.stage, entry.step, at)
        for side, entry, at in shown
        if at is not None
    )


def _replanned(plans: Sequence[Mapping[str, Any]]) -> Iterable[Replanned]:
    """Each plan that was made again for a stage, beside what people had been told."""
    told: dict[str, int] = {}
    planned: set[int] = set()
    for answer in plans:
        plan, _ = read_plan(str(answer["plan"]))
        stage = int(answer["stage"])
        new = _told(plan)
        if stage in planned:
            yield Replanned(
                stage,
                Counter(told.values()),
                Counter({**told, **new}.values()),
                moved=sum(told.get(handle, stage) != at for handle, at in new.items()),
                again=sum(told.get(handle) == at for handle, at in new.items()),
                added=len(new.keys() - told.keys()),
            )
        planned.add(stage)
        told |= new


def _told(plan: Plan | None) -> dict[str, int]:
    return {row.handle: row.stage for row in plan.rows} if plan else {}


def _commitments(findings: Findings, tongues: Sequence[str]) -> list[dict[str, Any]]:
    """Every promise as a row; a part without a value counts as nothing."""
    rows = []
    for promise in findings.promised(findings.at):
        said = {tongue: promise.to_json(tongue) for tongue in tongues}
        row = dict(said[tongues[0]])
        row["word_of"] = {tongue: str(each["word_of"]) for tongue, each in said.items()}
        row["since"] = promise.since.astimezone(findings.zone)
        rows.append({**row, "of": row["of"] or 0, "done": row["done"] or 0})
    return rows
