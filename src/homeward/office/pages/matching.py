"""The review queue: two originals side by side, evidence for each field, one word at a time."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import localize

from homeward.office import comparing
from homeward.office.accesses import note_access
from homeward.office.desk import Desk
from homeward.office.indexing import bring_up_to_date
from homeward.office.lists import lines_asked
from homeward.office.looking import next_for, queue, say_word, state_of
from homeward.office.models import Proposal
from homeward.office.pages.frame import now, officer_of, page, tell
from homeward.office.personmodels import Look, Person, Saying
from homeward.office.process import AT_THE_DESK, desk

_REASON = re.compile(r"(?P<field>[\w]+):(?P<how>[\w-]+?)(?P<weight>[+-]\d+(?:\.\d+)?)?\Z")
_PAIRED = (
    *("surname", "given_name", "patronymic", "birth_date", "birth_place", "sex", "nationality"),
    *("category", "rank", "service_number", "unit", "captured_on", "captured_at", "health"),
    *("tags", "notes"),
)


@page("matching", at_desk=False)
def matching(request: HttpRequest) -> HttpResponseBase:
    """How many pairs wait, for whose word, and what the matcher is certain of."""
    job = comparing.last()
    if request.method == "POST":
        comparing.start(officer_of(request), now())
        return redirect("matching")
    if request.headers.get("HX-Request"):
        answer = render(request, "office/matching_progress.html", {"job": job})
        if job is None or not job.running:
            answer["HX-Refresh"] = "true"
        return answer
    certain = Counter(Proposal.objects.filter(decision="same").values_list("seeker", flat=True))
    states: dict[str, Counter[str]] = {name: Counter() for name in certain}
    for row, state, _ in queue():
        states.setdefault(row.seeker, Counter())[state] += 1
    names = ("open", "second", "disputed", "same", "different")
    shown = {
        "job": job,
        "rows": [
            {"seeker": seeker, "certain": certain[seeker], **{n: counted[n] for n in names}}
            for seeker, counted in sorted(states.items())
        ],
        "next": next_for(officer_of(request)),
        "received": _received(),
        "mine": Look.objects.filter(account=officer_of(request).name)
        .order_by("-at")
        .select_related("proposal")[:10],
    }
    return render(request, "office/matching.html", shown)


def _received() -> int:
    """How many lists of others have come."""
    with AT_THE_DESK:
        return len(desk().entries("list-submitted", to=desk().name))


@page("matching")
def pair(request: HttpRequest, number: int) -> HttpResponseBase:
    """One pair: what each list says, how well it agrees, and same, different or cannot tell."""
    proposal = get_object_or_404(Proposal, pk=number)
    officer = officer_of(request)
    if request.method == "POST":
        word, before = request.POST.get("word", ""), _said(proposal, officer.name)
        state = say_word(officer, proposal, word, now())
        taken_back = word == "unsure" and before in ("same", "different")
        tell(request, "told.word_back" if taken_back else f"told.pair.{state}")
        following = next_for(officer)
        if word == "unsure" or following is None:
            return redirect("matching")
        return redirect("pair", following.pk)
    bring_up_to_date()
    note_access(officer, "pair", now(), subject=proposal.pk, count=2)
    sought, held = _sought(desk(), proposal), _held(proposal)
    looks = Look.objects.filter(proposal=proposal).order_by("at")
    shown = {
        "proposal": proposal,
        "rows": _side_by_side(sought, held),
        "evidence": evidence(proposal.reasons),
        "probability": localize(round(100 * proposal.probability, 1)),
        "state": state_of(proposal),
        "looks": looks,
        "mine": looks.filter(account=officer.name).first(),
        "waiting": sum(state in ("open", "second", "disputed") for _, state, _ in queue()),
    }
    return render(request, "office/pair.html", shown)


def _said(proposal: Proposal, account: str) -> str:
    """What somebody has said of a pair so far."""
    look = Look.objects.filter(proposal=proposal, account=account).first()
    return look.word if look else ""


def _sought(at: Desk, proposal: Proposal) -> dict[str, str]:
    """The seeker's line as it was shown to this office."""
    for entry in at.entries("list-submitted", to=at.name, author=proposal.seeker):
        lines = lines_asked(at, entry)
        if proposal.sought_id in lines:
            return dict(lines[proposal.sought_id])
    return {}


def _held(proposal: Proposal) -> dict[str, str]:
    person = Person.objects.filter(which="held", line_id=proposal.held_id).first()
    said = Saying.objects.filter(person=person).order_by("-edition__edition").first()
    return dict(said.cells) if said else {}


def _side_by_side(sought: dict[str, str], held: dict[str, str]) -> list[dict[str, Any]]:
    """Each field that either list says something in; agreement of the letters is marked."""
    rows = []
    for column in _PAIRED:
        pair = (sought.get(column, ""), held.get(column, ""))
        if any(pair) and pair not in (("unknown", "unknown"),):
            mark = "" if not all(pair) else "agrees" if pair[0] == pair[1] else "differs"
            rows.append({"column": column, "sought": pair[0], "held": pair[1], "mark": mark})
    return rows


def evidence(reasons: str) -> list[dict[str, Any]]:
    """The matcher's reasons, field by field; positive weights speak for one person.

    >>> evidence("surname:same+10.6;birth_date:differs-4.0")[1]["weight"]
    -4.0
    """
    rows = []
    for reason in reasons.split(";"):
        found = _REASON.match(reason)
        if found:
            weight = float(found["weight"] or 0)
            rows.append(
                {
                    "field": found["field"],
                    "how": found["how"],
                    "weight": weight,
                    "size": min(int(abs(weight) * 8), 160),
                    "start": 0 if weight < 0 else 1,
                }
            )
    return rows
