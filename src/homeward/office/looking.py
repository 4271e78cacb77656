"""Two pairs of eyes on every pair under review: a word each, and what they come to.

A word decides nothing by itself and creates no person. Two officers who say the same settle a
pair, and only then is the desk's own decision written; taking a word back opens it again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from homeward.office.lists import standing_words
from homeward.office.models import Proposal
from homeward.office.personmodels import Look
from homeward.office.roles import Officer
from homeward.office.seconding import ask_for
from homeward.people import questions
from homeward.people.pairs import Pair
from homeward.problem import Problem, Refused

WORDS = ("same", "different", "unsure")
ENOUGH = 2


def say_word(officer: Officer, proposal: Proposal, word: str, now: datetime) -> str:
    """Keep an officer's word; returns how the pair stands now. Raises Refused for another word."""
    if word not in WORDS:
        raise Refused([Problem("office.word-unknown", "word", word[:20], ", ".join(WORDS))])
    Look.objects.update_or_create(
        proposal=proposal, account=officer.name, defaults={"word": word, "at": now}
    )
    return _carry_over(officer, proposal, now)


def take_back(officer: Officer, proposal: Proposal, now: datetime) -> str:
    """Take one's own word back: the pair is open again until others agree."""
    return say_word(officer, proposal, "unsure", now)


def _carry_over(officer: Officer, proposal: Proposal, now: datetime) -> str:
    """Write the desk's decision where it differs from what two officers agree on."""
    state = state_of(proposal)
    pair = (proposal.sought_id, proposal.held_id)
    standing = standing_words(proposal.seeker).get(pair)
    wanted = {"same": True, "different": False}.get(state)
    if wanted is None and standing:
        wanted = False  # doubt has come back: nobody is found by a word that no longer stands
    if wanted is not None and wanted is not standing:
        decision = {"sought_id": pair[0], "held_id": pair[1], "same": wanted}
        body = {"seeker": proposal.seeker, "decisions": [decision]}
        ask_for(officer, "decide", now, body)
    return state


def state_of(proposal: Proposal) -> str:
    """``same`` or ``different`` when two agree, ``second`` when one has spoken, else ``open``."""
    words = Look.objects.filter(proposal=proposal).values_list("word", flat=True)
    return _state(list(words), standing_words(proposal.seeker), proposal)


def _state(words: list[str], standing: dict[tuple[str, str], bool], proposal: Proposal) -> str:
    counted = Counter(word for word in words if word != "unsure")
    for word, n in counted.most_common(1):
        if n >= ENOUGH:
            return word
    settled_elsewhere = standing.get((proposal.sought_id, proposal.held_id))
    if not words and settled_elsewhere is not None:
        return "same" if settled_elsewhere else "different"
    if len(counted) > 1:
        return "disputed"
    return "second" if counted else "open"


def queue(seeker: str = "") -> list[tuple[Proposal, str, set[str]]]:
    """Every pair under review with its state and who has spoken; the most likely first."""
    rows = Proposal.objects.filter(decision="review").order_by("-probability", "pk")
    if seeker:
        rows = rows.filter(seeker=seeker)
    words: dict[int, list[str]] = defaultdict(list)
    who: dict[int, set[str]] = defaultdict(set)
    for number, account, word in Look.objects.values_list("proposal_id", "account", "word"):
        words[number].append(word)
        who[number].add(account)
    standing = {name: standing_words(name) for name in {row.seeker for row in rows}}
    return [(row, _state(words[row.pk], standing[row.seeker], row), who[row.pk]) for row in rows]


def next_for(officer: Officer) -> Proposal | None:
    """The next pair this officer has not spoken on: those that wait for a second word first.

    Among those that wait alike, the pair whose answer settles most comes first.
    """
    waiting = [each for each in queue() if each[1] not in ("same", "different")]
    place = _settling_most(row for row, _, _ in waiting)
    mine = [(row, state) for row, state, who in waiting if officer.name not in who]
    mine.sort(key=lambda each: (each[1] != "second", place[int(each[0].pk)]))
    return mine[0][0] if mine else None


def _settling_most(rows: Iterable[Proposal]) -> dict[int, int]:
    """The place of each pair in the order of questions; each seeker's list is an order of its own.

    Ids are the seeker's, so pairs of two seekers share nothing even where the ids are the same.
    """
    by_seeker: dict[str, dict[tuple[str, str], Proposal]] = defaultdict(dict)
    for row in rows:
        by_seeker[row.seeker][row.sought_id, row.held_id] = row
    place: dict[int, int] = {}
    for known in by_seeker.values():
        pairs = [Pair(*ids, row.probability, "review") for ids, row in known.items()]
        for n, asked in enumerate(questions(pairs)):
            place[int(known[asked.pair.sought_id, asked.pair.held_id].pk)] = n
    return place
