"""Every sum and product that was published about the agreements, recomputed from our files."""

from __future__ import annotations

import re
from functools import cache
from math import prod
from pathlib import Path

import pytest
import yaml

from homeward.terms import check
from homeward.terms.dues import count_against
from homeward.terms.outcome import moved_by
from tests.terms.test_agreements import agreement

CHECKS = yaml.safe_load(Path(__file__).with_name("checks.yaml").read_text(encoding="utf-8"))


@cache
def events_of(name):
    """Each event with the words of its line, which the reader does not keep."""
    terms, done = agreement(name)
    return terms, done, check(terms, done=done)


def answer(name, query):
    """The number that a query stands for; ``*`` binds before ``+`` and ``-``."""
    total, sign = 0, 1
    for token in re.split(r" ([+-]) ", query):
        if token in ("+", "-"):
            sign = 1 if token == "+" else -1
        else:
            total += sign * prod(_single(name, part) for part in token.split(" * "))
    return total


def _single(name, query):
    field, _, value = query.partition("=")
    if field in LOOKS:
        return sum(LOOKS[field](name, one) for one in value.split(","))
    if query.startswith("list~"):
        return _list(name, query[5:])
    filters = [re.match(r"([\w.]+)([=~])(.*)", word).groups() for word in query.split(" ")]
    wanted = {field: (sign, value) for field, sign, value in filters}
    _, value = wanted.pop("value", ("", "least"))
    _, teller = wanted.pop("told", ("", ""))
    found = [e for e in events_of(name)[1].events if _fits(e, wanted, teller)]
    assert found, f"no event for {query}"
    return sum(_number(e, value, teller) for e in found)


def _number(event, value, teller):
    if teller:
        return event.accounts[teller]
    return event.high if value == "most" else event.low


def _fits(event, wanted, teller):
    told = {"what": ("=", "handover"), **wanted} if _plain(wanted) else wanted
    return (not teller or teller in event.accounts) and all(
        _same(_field(event, name), sign, value) for name, (sign, value) in told.items()
    )


def _plain(wanted):
    """A clause, direction, part or day alone means what was handed over."""
    return not wanted.keys() & {"what", "note", "outside"} and not any(
        name.startswith("facts.") for name in wanted
    )


def _field(event, name):
    if name.startswith("facts."):
        return (str(event.facts.get(name[6:], "")),)
    shown = {
        "from": event.sender,
        "to": event.to,
        "date": (str(event.first),),
        "state": (event.state or "living",),
        "count": (str(event.low),),
        "outside": ("true" if event.outside else "",),
        "together": event.together,
        "note": (str(event.note or ""),),
    }
    return shown[name] if name in shown else (str(getattr(event, name) or ""),)


def _same(found, sign, value):
    if sign == "~":
        return any(value in one for one in found)
    return bool(set(found) & set(value.split(",")))


def _clause(name, id_):
    (obligation,) = events_of(name)[0].find(id_)
    return obligation


def _share(name, path):
    id_, _, part = path.partition("/")
    return next(p.count for p in _clause(name, id_).quantity.parts if p.name == part)


def _instalment(name, id_):
    """A lump is paid in whole instalments; published sums round a ninth of 110 to 12."""
    quantity = _clause(name, id_).quantity
    return quantity.give // quantity.per


def _owed(name, id_):
    terms, done, _ = events_of(name)
    return count_against(terms, moved_by(terms, done))[1][id_].low


def _row(rows):
    def look(name, id_):
        return sum(r["count"] for r in getattr(events_of(name)[2], rows) if r["obligation"] == id_)

    return look


def _round(name, number):
    ends = [clause["due"]["within"] for _, clause in events_of(name)[0].clauses("lists")]
    return ends[int(number) - 1] - (ends[int(number) - 2] if number != "1" else 0)


def _list(name, words):
    lists = [clause for _, clause in events_of(name)[0].clauses("lists")]
    return next(one["size"] for one in lists if words in str(one.get("what", "")))


def _sum(name, id_):
    return next(one.quantity.number for one in events_of(name)[0].sums if one.id == id_)


LOOKS = {
    "clause": lambda name, id_: _clause(name, id_).quantity.number,
    "give": lambda name, id_: _clause(name, id_).quantity.give,
    "due": lambda name, id_: _clause(name, id_).due["within"],
    "share": _share,
    "instalment": _instalment,
    "owed": _owed,
    "done": _row("done"),
    "left": _row("left"),
    "round": _round,
    "sum": _sum,
}


@pytest.mark.parametrize(
    "one", CHECKS["checks"], ids=lambda one: f"{one['agreement']}-{one['equals']}"
)
def test_a_published_sum_follows_from_terms_and_events(one):
    name = one["agreement"]
    numbers = [answer(name, query) for query in one["from"]]
    assert numbers == one["numbers"], one["about"]
    assert (prod(numbers) if one["kind"] == "product" else sum(numbers)) == one["equals"]
    if "whole" in one:
        assert answer(name, one["whole"]) == one["equals"], one["about"]


def test_every_published_sum_is_there():
    assert len(CHECKS["checks"]) == 91


def test_a_wrong_number_would_be_seen():
    assert answer("ukraine-ordlo-2017", "what=declined under=out") == 73
    assert answer("israel-hamas-2025-01", "what=handover from=israel") == 1777
    with pytest.raises(AssertionError, match="no event"):
        answer("ukraine-ordlo-2017", "what=declined under=nobody")
