"""The clauses around the obligations, each as one sentence: linkage, time, rules, lists, duties."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from homeward.terms.phrases import Speech

Sentences = Iterator[str]


def linkage(speech: Speech) -> Sentences:
    for _, link in speech.terms.clauses("linkage"):
        yield from linked(speech, link)


def linked(speech: Speech, link: Mapping[str, Any]) -> Sentences:
    """One link as a sentence, and its note as another."""
    said = {
        "of": speech.clauses(link.get("of", ())),
        "after": speech.clauses(link.get("after", ())),
        "before": speech.clauses(link.get("before", ())),
        "with": speech.text(link.get("with")),
        "by": speech.names(link.get("confirmed_by", ())),
    }
    if "share" in link:
        said["after"] = speech.say("form.percent", percent=link["share"], of=said["after"])
    readings = (
        f"{speech.name(who)}: {speech.text(how)}" for who, how in link.get("read_by", {}).items()
    )
    confirmed = link["kind"] == "gate" and "confirmed_by" in link
    key = "gate_confirmed" if confirmed else link["kind"]
    yield speech.say(f"link.{key}", readings=speech.listed(readings), **said)
    if "note" in link:
        yield speech.say("note", what=speech.text(link["note"]))


def stages(speech: Speech) -> Sentences:
    for _, stage in speech.terms.clauses("stages"):
        shown = [speech.text(stage["name"])] if "name" in stage else []
        if "date" in stage:
            shown.append(speech.say("clock.on_date", date=speech.date(stage["date"])))
        if "window" in stage:
            start, end = (speech.date(instant) for instant in stage["window"])
            shown.append(speech.say("stage_window", start=start, end=end))
        if "due" in stage:
            shown.append(speech.clock(stage["due"]))
        if "after" in stage:
            shown.append(speech.say("stage_after", names=speech.names(stage["after"])))
        if "days" in stage:
            shown.append(speech.say("days", n=stage["days"]))
        for id_, n in stage.get("sizes", {}).items():
            obligations = speech.terms.find(id_)
            state = obligations[0].state if obligations else "living"
            shown.append(f"{speech.name(id_)}: {speech.count(n, state)}")
        for id_, n in stage.get("per_day", {}).items():
            shown.append(speech.say("stage_per_day", name=speech.name(id_), n=n))
        if stage.get("later"):
            shown.append(speech.say("stage_later"))
        if "note" in stage:
            shown.append(speech.text(stage["note"]))
        id_, details = speech.foreign(stage["id"]), speech.listed(shown)
        yield speech.say("stage" if shown else "stage_bare", stage=id_, details=details)


def order(speech: Speech) -> Sentences:
    for _, rule in speech.terms.clauses("order"):
        first = speech.names(rule["first"])
        if "by" in rule:
            yield speech.say("order.by", first=first, by=speech.foreign(rule["by"]))
        if "then" in rule or "by" not in rule:
            then = speech.names(rule.get("then", ())) or speech.say("order.rest")
            key = rule.get("strength", "hard")
            yield speech.say(f"order.{key}", first=first, then=then)


def belonging(speech: Speech) -> Sentences:
    for section, plain in (("eligibility", "qualifies"), ("exclusions", "excluded")):
        for _, clause in speech.terms.clauses(section):
            shown = [speech.text(clause["what"])] if "what" in clause else []
            if "when" in clause:
                shown.append(speech.predicate(clause["when"]))
            if "until" in clause:
                shown.append(speech.say("duty_until", when=speech.text(clause["until"])))
            if "note" in clause:
                shown.append(speech.text(clause["note"]))
            if section == "eligibility" and "decided_by" in clause:
                by = speech.name(clause["decided_by"])
                yield speech.say("decides", by=by, details=speech.bracketed(shown))
            elif shown:
                yield speech.say(plain, details=speech.listed(shown))


def rules(speech: Speech) -> Sentences:
    for case, rule in speech.terms.said.get("rules", {}).items():
        effect = rule if isinstance(rule, str) else rule["effect"]
        shown = speech.say(f"effect.{effect}")
        if isinstance(rule, Mapping):
            extra = []
            if "within" in rule:
                time = speech.say(rule.get("unit", "days"), n=rule["within"])
                extra.append(speech.say("clock.within_only", time=time))
            if "note" in rule:
                extra.append(speech.text(rule["note"]))
            shown += speech.bracketed(extra)
        yield speech.say("rule.line", case=speech.say(f"rule.{case}"), effect=shown)


def confirmation(speech: Speech) -> Sentences:
    said = speech.terms.said.get("confirmation")
    if said is None:
        return
    when = speech.say(f"counts_when.{said['counts_when']}")
    yield speech.say("counts_when.line", when=when)
    if "signed_by" in said:
        yield speech.say("counts_when.signed", names=speech.names(said["signed_by"]))
    if "remains" in said:
        when = speech.say(f"counts_when.{said['remains']}")
        yield speech.say("counts_when.remains", when=when)
    if "checks" in said:
        what = speech.say("comma").join(speech.text(one) for one in said["checks"])
        yield speech.say("counts_when.checks", what=what)
    for key in ("interview", "custody"):
        if key in said:
            by = speech.names(said[key].get("by", ()))
            private = "_private" if said[key].get("private") else ""
            days = "_days" if "days" in said[key] else ""
            n = said[key].get("days", 0)
            yield speech.say(f"counts_when.{key}{private}{days}", by=by, n=n)


def lists(speech: Speech) -> Sentences:
    for _, clause in speech.terms.clauses("lists"):
        shown = [speech.text(clause["what"])] if "what" in clause else []
        shown += [
            speech.say(f"list_{field}", names=speech.names(clause[field]))
            for field in ("by", "to")
            if field in clause
        ]
        if "size" in clause:
            shown.append(speech.say("list_size", n=clause["size"]))
        shown += [speech.say(f"list_{f}") for f in ("pool", "published", "grows") if clause.get(f)]
        if "picked_by" in clause:
            shown.append(speech.say("list_picked", names=speech.names(clause["picked_by"])))
        if "due" in clause:
            shown.append(speech.clock(clause["due"]))
        if "note" in clause:
            shown.append(speech.text(clause["note"]))
        if shown:
            yield speech.say("list", details=speech.listed(shown))


def preconditions(speech: Speech) -> Sentences:
    for milestone in speech.terms.said.get("milestones", {}).values():
        yield speech.say("milestone", what=speech.text(milestone))
    for condition in speech.terms.said.get("conditions", ()):
        yield speech.say("condition", what=speech.text(condition))
    for _, act in speech.terms.clauses("legal_acts"):
        by, what = speech.names(act.get("by", ())), speech.text(act["what"])
        yield speech.say("legal_act_by" if by else "legal_act", what=what, by=by)
    if "sites" in speech.terms.said:
        names = speech.say("comma").join(map(speech.foreign, speech.terms.said["sites"]))
        yield speech.say("sites", names=names)


def announcements(speech: Speech) -> Sentences:
    said = speech.terms.said.get("announcements", {})
    if "may" in said:
        yield speech.say("announce.may", names=speech.names(said["may"]))
    if "not_before" in said:
        limit = said["not_before"]
        if isinstance(limit, str):
            yield speech.say("announce.not_before", when=speech.say(f"announce.{limit}"))
        else:
            yield speech.say("announce.time", when=speech.clock(limit))
    if "kept_back" in said:
        what = speech.say("comma").join(speech.text(one) for one in said["kept_back"])
        yield speech.say("announce.kept_back", what=what)


def afterwards(speech: Speech) -> Sentences:
    for _, clause in speech.terms.clauses("after_release"):
        shown = [speech.names(clause["on"])] if "on" in clause else []
        if "until" in clause:
            shown.append(_lasting(speech, clause["until"]))
        if "guarantor" in clause:
            shown.append(speech.say("duty_guarantor", names=speech.names(clause["guarantor"])))
        yield speech.say("duty", duty=speech.text(clause["duty"]), details=speech.bracketed(shown))
    extension = speech.terms.said.get("extension")
    if extension:
        said: dict[str, Any] = {
            "each": speech.count(extension["each"], "living"),
            "of": speech.name(extension["of"]),
            "gives": speech.say(extension["unit"], n=extension["gives"]),
        }
        if "at_most" in extension:
            said["most"] = speech.say(extension["unit"], n=extension["at_most"])
        yield speech.say("extension_most" if "most" in said else "extension", **said)


def _lasting(speech: Speech, until: Any) -> str:
    """How long a duty lasts: so long after something, or until a day or an event."""
    if isinstance(until, Mapping) and {"within", "after"} <= until.keys():
        time = speech.say(until.get("unit", "days"), n=until["within"])
        return speech.say("duty_for", time=time, after=speech.name(until["after"]))
    return speech.say("duty_until", when=speech.when(until))


def quarrels(speech: Speech) -> Sentences:
    for _, answer in speech.terms.clauses("answers"):
        said = {field: speech.text(answer.get(field)) for field in ("to", "may", "cure")}
        yield speech.say("answer_cure" if "cure" in answer else "answer", **said)
    disputes = speech.terms.said.get("disputes", {})
    if "stop_releases" in disputes:
        yield speech.say("dispute.stops" if disputes["stop_releases"] else "dispute.goes_on")
    if "settled_by" in disputes:
        yield speech.say("dispute.settled", by=speech.text(disputes["settled_by"]))
    if "days" in disputes:
        yield speech.say("dispute.days", n=disputes["days"])
    for _, change in speech.terms.clauses("amendments"):
        what = speech.text(change["what"])
        yield speech.say("amendment", date=speech.date(change["date"]), what=what)
    for note in speech.terms.said.get("notes", ()):
        yield speech.say("note", what=speech.text(note))


SURROUNDINGS: tuple[Callable[[Speech], Sentences], ...] = (
    *(linkage, stages, order, belonging, rules, confirmation, lists, preconditions),
    *(announcements, afterwards, quarrels),
)
