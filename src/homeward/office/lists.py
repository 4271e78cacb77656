"""Lists between the sides: import, submit, match, decide, reply.

The seeker shows whom it looks for; the holder matches, its officers decide, and its reply gives
each person found a random handle. From then on every room speaks of the handle only.
"""

from __future__ import annotations

import csv
import io
import json
import secrets
from collections.abc import Iterable
from typing import Any

from homeward.office.desk import Call, Desk, refused, verb
from homeward.office.editions import keep_edition, own_lines, own_list
from homeward.office.founding import agreed_terms
from homeward.office.models import Decision, Handle, Proposal
from homeward.people import Line, propose, read_list
from homeward.plan.lines import write_lines
from homeward.plan.offering import line_of
from homeward.problem import Refused, errors
from homeward.record import Draft, Entry, Part


@verb("import-lists")
def import_lists(desk: Desk, call: Call) -> dict[str, Any]:
    """Take this side's own lists in, whole or not at all."""
    problems = []
    counted = {}
    for which in ("held", "sought"):
        text = call.body.get(f"{which}_csv")
        if text is None:
            continue
        read = read_list(f"{which}.csv", str(text).encode())
        problems += errors(read.problems)
        counted[which] = len(read.lines)
    if problems:
        raise Refused(problems)
    for which in counted:
        text = str(call.body[f"{which}_csv"])
        keep_edition(which, text.encode(), call.now, call.officer)
    return counted


@verb("submit-lists")
def submit_lists(desk: Desk, call: Call) -> dict[str, Any]:
    """Show each side that owes this one people whom it looks for: one sealed entry a holder."""
    sought = shown_csv(own_lines("sought")).encode()
    holders = sorted({m[0] for m in agreed_terms(desk).moves if m[1] == desk.name})
    drafts = [
        Draft(
            "list-submitted",
            to=holder,
            parts=(Part("sought", sought, (holder, desk.name)),),
        )
        for holder in holders
        if own_list("sought") and not desk.entries("list-submitted", author=desk.name, to=holder)
    ]
    desk.append(call, drafts)
    return {"submitted": len(drafts)}


# What tells one person from another. Health, tags and notes stay at home.
SHOWN = (
    *("id", "surname", "given_name", "patronymic", "birth_date", "birth_place", "sex"),
    *("nationality", "category", "state", "rank", "service_number", "unit"),
    *("captured_on", "captured_at"),
)


def shown_csv(lines: Iterable[Line]) -> str:
    """The columns of a list that a holder needs to recognise the people on it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, SHOWN, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(line.cells() for line in lines)
    return out.getvalue()


def lines_asked(desk: Desk, shown: Entry) -> dict[str, dict[str, str]]:
    """The lines of a seeker's list as it was shown to this office, by the seeker's ids."""
    key = f"sought {shown.hash}"
    if key not in desk.texts:
        read = read_list("sought.csv", desk.part(shown))
        desk.texts[key] = {line.id: line.cells() for line in read.lines}
    lines: dict[str, dict[str, str]] = desk.texts[key]
    return lines


def _received_lists(desk: Desk) -> list[Entry]:
    """The lists that seekers have shown this holder."""
    return desk.entries("list-submitted", to=desk.name)


@verb("match")
def match(desk: Desk, call: Call) -> dict[str, Any]:
    """Propose who, among those held here, each seeker's lines are about."""
    held = own_lines("held")
    found = []
    receipts = []
    for entry in _received_lists(desk):
        if not desk.entries("list-received", author=desk.name, prior=entry.hash):
            receipts.append(Draft("list-received", prior=entry.hash))
        if not Proposal.objects.filter(seeker=entry.author).exists():
            sought = read_list("sought.csv", desk.part(entry)).lines
            matching = propose(sought, held)
            Proposal.objects.bulk_create(
                Proposal(
                    seeker=entry.author,
                    sought_id=pair.sought_id,
                    held_id=pair.held_id,
                    probability=pair.probability,
                    decision=pair.decision,
                    reasons=";".join(pair.reasons),
                )
                for pair in (*matching.same, *matching.review)
            )
        found.append(_proposals(entry.author))
    desk.append(call, receipts)
    return {"matchings": found}


def _proposals(seeker: str) -> dict[str, Any]:
    rows = Proposal.objects.filter(seeker=seeker).order_by("sought_id", "held_id")
    pairs = [
        [row.sought_id, row.held_id, row.probability, row.decision, row.reasons] for row in rows
    ]
    return {
        "seeker": seeker,
        "same": sum(pair[3] == "same" for pair in pairs),
        "review": sum(pair[3] == "review" for pair in pairs),
        "pairs": pairs,
    }


@verb("decide")
def decide(desk: Desk, call: Call) -> dict[str, Any]:
    """An officer's word on pairs under review; a later word on the same pair stands instead."""
    seeker = call.text("seeker")
    open_pairs = set(
        Proposal.objects.filter(seeker=seeker, decision="review").values_list(
            "sought_id", "held_id"
        )
    )
    wanted = [(d["sought_id"], d["held_id"], bool(d["same"])) for d in call.body["decisions"]]
    unknown = [pair for pair in wanted if pair[:2] not in open_pairs]
    if unknown:
        raise refused(
            "office.not-under-review",
            "decide",
            value=f"{len(unknown)} pairs",
            expected="pairs that the matcher put under review",
        )
    last = standing_words(seeker)
    fresh = [(s, h, same) for s, h, same in wanted if last.get((s, h)) is not same]
    Decision.objects.bulk_create(
        Decision(
            seeker=seeker, sought_id=s, held_id=h, same=same, officer=call.officer, at=call.now
        )
        for s, h, same in fresh
    )
    return {"decided": len(fresh)}


def standing_words(seeker: str) -> dict[tuple[str, str], bool]:
    """The last word of an officer on each pair of a seeker's list."""
    words = Decision.objects.filter(seeker=seeker).order_by("at", "pk")
    return {(word.sought_id, word.held_id): word.same for word in words}


def confirmed_pairs(seeker: str) -> list[tuple[str, str]]:
    """One-to-one pairs that are certain or that an officer called the same person."""
    word = standing_words(seeker)
    rows = Proposal.objects.filter(seeker=seeker).order_by("-probability", "sought_id", "held_id")
    taken: set[tuple[str, str]] = set()
    pairs = []
    for row in rows:
        pair = (row.sought_id, row.held_id)
        agreed = row.decision == "same" or word.get(pair, False)
        free = not {("s", pair[0]), ("h", pair[1])} & taken
        if agreed and free:
            taken |= {("s", pair[0]), ("h", pair[1])}
            pairs.append(pair)
    return sorted(pairs)


@verb("reply")
def reply(desk: Desk, call: Call) -> dict[str, Any]:
    """Answer each seeker: a handle for every person found, and the lines to plan with."""
    lines = {line.id: line for line in own_lines("held")}
    terms = agreed_terms(desk)
    replied = {}
    for entry in _received_lists(desk):
        if desk.entries("replies", author=desk.name, prior=entry.hash):
            continue
        handles = _mint_handles(entry.author, lines)
        links = _links_csv(handles)
        planned = [
            line_of(
                lines[h.held_id],
                terms,
                handle=h.handle,
                holder=desk.name,
                claimant=h.seeker,
            )
            for h in handles
        ]
        parts = (
            Part("links", links.encode(), (desk.name, entry.author)),
            Part("lines", write_lines(planned).encode(), desk.sides()),
        )
        draft = Draft("replies", to=entry.author, prior=entry.hash, parts=parts)
        desk.append(call, [draft])
        replied[entry.author] = len(handles)
    return {"replied": replied}


def _mint_handles(seeker: str, lines: dict[str, Line]) -> list[Handle]:
    taken = set(Handle.objects.values_list("held_id", flat=True))
    Handle.objects.bulk_create(
        Handle(handle=secrets.token_hex(16), seeker=seeker, held_id=held_id, sought_id=sought_id)
        for sought_id, held_id in confirmed_pairs(seeker)
        if held_id in lines and held_id not in taken
    )
    # by handle: the order of a list would tell whose handle is whose
    return list(Handle.objects.filter(seeker=seeker).order_by("handle"))


def _links_csv(handles: list[Handle]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["sought_id", "handle"])
    writer.writerows(sorted((h.sought_id, h.handle) for h in handles))
    return out.getvalue()


@verb("accept-replies")
def accept_replies(desk: Desk, call: Call) -> dict[str, Any]:
    """The seeker signs the links it was given: from here both sides speak of the handle."""
    drafts = []
    linked = 0
    for entry in desk.entries("replies", to=desk.name):
        linked += desk.part(entry).count(b"\n") - 1
        if not desk.entries("decisions", author=desk.name, prior=entry.hash):
            part = Part("links", desk.part(entry), (desk.name, entry.author))
            drafts.append(Draft("decisions", prior=entry.hash, parts=(part,)))
    desk.append(call, drafts)
    return {"linked": linked}


@verb("willingness")
def willingness(desk: Desk, call: Call) -> dict[str, Any]:
    """Record, in one sealed entry, that those offered were asked alone and what they wish."""
    handles = list(Handle.objects.order_by("handle").values_list("handle", flat=True))
    if not handles or desk.entries("willingness", author=desk.name):
        return {"asked": len(handles)}
    unwilling = set(call.body.get("unwilling", ()))
    words = {handle: handle not in unwilling for handle in handles}
    exchange = desk.exchange
    assert exchange is not None
    readers = tuple(exchange.neutrals) or (desk.name,)
    text = json.dumps(words, sort_keys=True)
    part = Part("willingness", text.encode(), readers)
    desk.append(call, [Draft("willingness", parts=(part,))])
    return {"asked": len(handles)}
