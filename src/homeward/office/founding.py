"""Meeting, and agreeing on a text: cards, the exchange, terms and stage annexes."""

from __future__ import annotations

from typing import Any

import yaml

from homeward.crossing.agreeing import Agreed, agreement, signers
from homeward.office.desk import Call, Desk, refused, sha256, verb
from homeward.plan import Resources
from homeward.plan.resources import read_resources
from homeward.problem import Refused, errors
from homeward.record import Draft, Entry, Part, open_exchange, read_card
from homeward.terms import Annex, Terms, read_annexes, read_terms

_STANDING: tuple[Agreed, ...] = ("final", "void", "open")


@verb("card")
def card(desk: Desk, call: Call) -> dict[str, Any]:
    """The office's public card: its name, role, nonce and keys, signed by itself."""
    return {"card": desk.keys.card.text}


@verb("meet")
def meet(desk: Desk, call: Call) -> dict[str, Any]:
    """Open the exchange from every party's card and the text that is on the table."""
    cards = [read_card(text) for text in call.body.get("cards", ())]
    if desk.name not in {each.name for each in cards}:
        cards.append(desk.keys.card)
    exchange = open_exchange(cards, call.text("terms_text").encode(), call.body.get("policy", {}))
    if desk.exchange is not None:
        if desk.exchange.id != exchange.id:
            raise refused(
                "office.other-exchange",
                "meet",
                value=exchange.id[:16],
                expected=desk.exchange.id[:16],
                hint="the cards or the text differ from those this office opened with",
            )
    else:
        desk.keep("exchange", exchange.text)
        desk.enter(exchange)
    if not desk.entries("exchange-opened", author=desk.name):
        desk.append(call, [Draft("exchange-opened", digest=exchange.id)])
    return {"exchange": exchange.id}


def _propose(desk: Desk, call: Call, kind: str, text: str, stage: int | None) -> Entry:
    digest = sha256(text)
    held = desk.entries(kind, author=desk.name, digest=digest)
    if held:
        return held[0]
    part = Part("text", text.encode(), desk.parties())
    return desk.append(call, [Draft(kind, stage=stage, digest=digest, parts=(part,))])[0]


def proposed(desk: Desk, kind: str, digest: str) -> Entry:
    """The proposal with this digest that this office holds; raises Refused without one."""
    found = desk.entries(kind, digest=digest)
    if not found:
        raise refused(
            "office.not-proposed",
            kind,
            value=digest[:16],
            expected="the digest of a proposal held here",
            hint="another text was proposed: compare it with yours, clause by clause",
        )
    return found[0]


def _accept(desk: Desk, call: Call, kind: str) -> Entry:
    proposal = proposed(desk, f"{kind}-proposed", call.text("digest"))
    accepted = f"{kind}-accepted"
    held = desk.entries(accepted, author=desk.name, digest=proposal.digest)
    if held:
        return held[0]
    draft = Draft(accepted, stage=proposal.stage, digest=proposal.digest, prior=proposal.hash)
    return desk.append(call, [draft])[0]


@verb("propose-terms")
def propose_terms(desk: Desk, call: Call) -> dict[str, Any]:
    """Put the agreement's text on the table, and sign it."""
    text = call.text("text")
    terms, problems = read_terms(text)
    if terms is None or errors(problems):
        raise Refused(problems)
    entry = _propose(desk, call, "terms-proposed", text, None)
    return {"digest": entry.digest}


@verb("accept-terms")
def accept_terms(desk: Desk, call: Call) -> dict[str, Any]:
    """Sign the text with this digest: it must be the one this office was handed by its own side."""
    return {"digest": _accept(desk, call, "terms").digest}


def finality(desk: Desk, digest: str) -> Agreed:
    """How the text with this digest stands: its proposer's proposal, and who has signed it."""
    entries = [
        entry
        for kind, held in desk.by_kind.items()
        if kind.endswith(("-proposed", "-accepted")) or kind in ("final", "void")
        for entry in held
        if entry.digest == digest
    ]
    states = {
        agreement(entries, entry, desk.sides())
        for entry in entries
        if entry.kind.endswith("-proposed")
    }
    return next((state for state in _STANDING if state in states), "one-sided")


def signatures(desk: Desk, digest: str) -> frozenset[str]:
    """Those whose own entry proposes or accepts the text with this digest."""
    return signers([entry for held in desk.by_kind.values() for entry in held], digest)


def require_final(desk: Desk, digest: str, what: str) -> None:
    """Raise Refused unless every side has signed the text and its proposer made it final."""
    state = finality(desk, digest)
    if state != "final":
        unsigned = sorted(set(desk.sides()) - signatures(desk, digest))
        raise refused(
            "office.not-agreed",
            what,
            value=state,
            expected="signed by every side and made final by its proposer",
            hint=f"not signed by {', '.join(unsigned)}" if unsigned else "the proposer must finish",
        )


@verb("finalise")
def finalise(desk: Desk, call: Call) -> dict[str, Any]:
    """Make a text final, once, when every side has signed it; only its proposer can."""
    digest = call.text("digest")
    own = _own_proposal(desk, digest, "finalise")
    state = finality(desk, digest)
    if state == "one-sided":
        require_final(desk, digest, own.kind)
    if state == "open":
        desk.append(call, [Draft("final", stage=own.stage, digest=digest, prior=own.hash)])
    return {"digest": digest, "state": finality(desk, digest)}


@verb("void")
def void(desk: Desk, call: Call) -> dict[str, Any]:
    """Take an own proposal off the table for good, before it is final; only its proposer can."""
    digest = call.text("digest")
    own = _own_proposal(desk, digest, "void")
    state = finality(desk, digest)
    if state == "final":
        raise refused(
            "office.already-final",
            own.kind,
            value=digest[:16],
            expected="a text that is not final yet",
            hint="what every side has signed and is final can only be followed by another text",
        )
    if state != "void":
        desk.append(call, [Draft("void", stage=own.stage, digest=digest, prior=own.hash)])
    return {"digest": digest, "state": finality(desk, digest)}


def _own_proposal(desk: Desk, digest: str, what: str) -> Entry:
    for kind in ("terms-proposed", "annex-proposed", "plan-proposed"):
        for entry in desk.entries(kind, author=desk.name, digest=digest):
            return entry
    raise refused("office.not-proposer", what, value=digest[:16])


def agreed_terms(desk: Desk) -> Terms:
    """The terms in force; raises Refused while there are none."""
    for entry in reversed(desk.entries("terms-proposed")):
        if entry.digest and finality(desk, entry.digest) == "final":
            return _terms_of(desk, entry)
    raise refused("office.no-terms", "terms", expected="one text signed by every side")


def _terms_of(desk: Desk, entry: Entry) -> Terms:
    if entry.hash not in desk.texts:
        terms, problems = read_terms(desk.part(entry))
        if terms is None:
            raise Refused(problems)
        desk.texts[entry.hash] = terms
    terms = desk.texts[entry.hash]
    assert isinstance(terms, Terms)
    return terms


def annex_text(stage_yaml: str, resources_yaml: str) -> str:
    """A stage annex as one text to sign: the stage, then the resources it counts on."""
    return f"{stage_yaml.rstrip()}\n---\n{resources_yaml.rstrip()}\n"


def read_annex(text: str, terms: Terms) -> tuple[Annex, Resources]:
    """The stage and its resources; raises Refused with every problem."""
    stage_text, _, resources_text = text.partition("\n---\n")
    annexes, problems = read_annexes(stage_text, terms)
    resources, more = read_resources(yaml.safe_load(resources_text) or {})
    if errors([*problems, *more]) or len(annexes) != 1:
        raise Refused([*problems, *more])
    return annexes[0], resources


@verb("propose-annex")
def propose_annex(desk: Desk, call: Call) -> dict[str, Any]:
    """Put a stage annex on the table under the terms in force."""
    text = annex_text(call.text("text"), call.text("resources"))
    annex, _ = read_annex(text, agreed_terms(desk))
    entry = _propose(desk, call, "annex-proposed", text, annex.stage)
    return {"digest": entry.digest, "stage": annex.stage}


@verb("accept-annex")
def accept_annex(desk: Desk, call: Call) -> dict[str, Any]:
    """Sign the annex with this digest after reading it under the terms in force."""
    proposal = proposed(desk, "annex-proposed", call.text("digest"))
    read_annex(desk.part(proposal).decode(), agreed_terms(desk))
    return {"digest": _accept(desk, call, "annex").digest}


def agreed_annexes(desk: Desk) -> dict[int, tuple[Annex, Resources]]:
    """Every stage annex in force, by stage."""
    terms = agreed_terms(desk)
    agreed = {}
    for entry in desk.entries("annex-proposed"):
        if entry.digest and finality(desk, entry.digest) == "final":
            if entry.hash not in desk.texts:
                desk.texts[entry.hash] = read_annex(desk.part(entry).decode(), terms)
            agreed[int(entry.stage or 0)] = desk.texts[entry.hash]
    return agreed
