"""Which way the people of a number go: to whom, from whom, each or in total.

What the words leave open stays open: ``counting`` is then ``unknown``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from homeward.claims.mentions import Mention, Names
from homeward.claims.model import Count
from homeward.claims.words_for import Lexicon

# Characters within which "in exchange for" still joins two numbers.
FAR = 110


@dataclass(frozen=True, slots=True)
class Found:
    """A count with the places of its number and of its whole phrase, in the clause."""

    count: Count
    start: int
    end: int
    owner: str | None = None  # state or side whose people they are
    others: bool = False  # of somebody whom no table holds: "coalition prisoners"


def in_return(items: list[Found], text: str, names: Names) -> Iterator[Found]:
    """ "20 of theirs in exchange for 30": between two sides, those go the other way."""
    opening = names.words.pattern("in_return_opening")
    for at, item in enumerate(items):
        other = items[at - 1] if at else None
        between = text[other.end : item.start] if other else ""
        swapped = names.words.pattern("in_return").search(between) and len(between) < FAR
        following = items[at + 1] if at + 1 < len(items) else None
        ahead = text[item.end : following.start] if following else ""
        given = names.words.pattern("given_for").search(between.rstrip() + " ")
        if item.count.counting == "unknown" and following and _given_for(ahead, names):
            other, swapped = following, True
        elif opening.search(text[: item.start].rstrip()[-14:]) and at + 1 < len(items):
            other, swapped = items[at + 1], True
        elif item.count.counting != "unknown" and not given:
            swapped = None
        way = (other.count.sender, other.count.to) if other else (None, None)
        if swapped and all(way) and item.owner is None:
            to, sender = way
            count = replace(item.count, sender=sender, to=to, counting="incoming")
            yield replace(item, count=count)
        else:
            yield item


def _given_for(between: str, names: Names) -> bool:
    """ "One for five": what stands between two numbers says that they were given for each other."""
    return len(between) < FAR and bool(names.words.pattern("in_return").search(between))


def both_ends(item: Found, names: Names) -> Found:
    """Between two sides, one end of the way gives the other."""
    sides, count = set(names.sides.values()), item.count
    if len(sides) != 2 or bool(count.sender) == bool(count.to):
        return item
    other = next(iter(sides - {count.sender, count.to}))
    filled = replace(count, sender=count.sender or other, to=count.to or other)
    return replace(item, count=filled)


def owner_in(phrase: str, names: Names) -> str | None:
    """The one state that a phrase names; None where it names none, or several."""
    codes = {mention.code for mention in names.mentions(phrase) if mention.code}
    return next(iter(codes)) if len(codes) == 1 else None


def sided(item: Found, text: str, end: int, names: Names, speaker_side: str | None) -> Found:
    """The count with its counting rule and sides, from the words around it; ``end`` is where the
    next count begins, so that the way named behind that is not taken for this one's."""
    count, words = item.count, names.words
    after = text[item.end : item.end + 30]
    if words.pattern("per_week").match(after.lstrip()):
        return replace(item, count=replace(count, unit="persons_per_week", counting="in_total"))
    if words.pattern("per_other").match(after.lstrip()):
        return replace(item, count=replace(count, unit="other", counting="in_total"))
    if count.counting != "unknown":
        return item
    if words.pattern("both_together").match(after.lstrip()):
        return replace(item, count=replace(count, counting="in_total"))
    if _for_each(item, text, words):
        rule = "in_total" if _summed(item, text, words) else "each"
        return replace(item, count=replace(count, counting=rule))
    one_way = _one_way(item, text, end, names, speaker_side)
    if one_way.counting != "unknown":
        return replace(item, count=one_way)
    if words.pattern("in_total").search(text[max(0, item.start - 25) : item.end + 40]):
        return replace(item, count=replace(count, counting="in_total"))
    return item


def carried_over(items: list[Found], text: str, words: Lexicon) -> Iterator[Found]:
    """In a list ("so many officers and so many privates") one side holds for all of it."""
    known: Found | None = None
    for at, item in enumerate(items):
        if item.count.counting != "unknown":
            known = item
            yield item
            continue
        ahead = next((i for i in items[at + 1 :] if i.count.counting != "unknown"), None)
        near = next(
            (i for i in (known, ahead) if i is not None and _listed(i, item, text, words)), None
        )
        if near is None or item.others:
            yield item
            continue
        rule = near.count
        count = replace(item.count, sender=rule.sender, to=rule.to, counting=rule.counting)
        known = replace(item, count=count)
        yield known


def _listed(one: Found, other: Found, text: str, words: Lexicon) -> bool:
    """Whether only a comma or a word like "and" or "including" stands between two counts."""
    first, second = sorted((one, other), key=lambda item: item.start)
    between = text[first.end : second.start]
    if words.fragment("parts_follow").search(between) and one.start < other.start:
        return one.count.unit == other.count.unit
    between = words.pattern("list_joints").sub("", between)
    return not re.search(r"\w", between) and one.count.unit == other.count.unit


def _for_each(item: Found, text: str, words: Lexicon) -> bool:
    """ "Each" beside the number, or after it with only further counts between them."""
    before = text[: item.start]
    if words.pattern("each_subject").search(before):
        return True
    if words.pattern("apiece_before").fullmatch(before.rstrip().rsplit(" ", 1)[-1]):
        return True
    match = words.pattern("each").search(text, item.end)
    return match is not None and ", " not in text[item.end : match.start()].rstrip(", ")


def _summed(item: Found, text: str, words: Lexicon) -> bool:
    """ "84 each, 168 in all": the second number is the sum, whatever is said of the first."""
    before, after = text[: item.start].rstrip(), text[item.end : item.end + 30]
    led = re.search(rf"(?<!\w){words.source('in_total')}$", before, re.IGNORECASE)
    return bool(led) and not words.pattern("each").match(after.lstrip())


def _one_way(item: Found, text: str, end: int, names: Names, speaker_side: str | None) -> Count:
    """Whose people go: said of the people, or by the verb and its subject."""
    count = item.count
    if item.owner is not None:
        side = names.side(item.owner) or (None if names.sides else item.owner)
        return replace(count, to=side, counting="incoming") if side is not None else count
    before, words = text[: item.start], names.words
    acts = _who_acts_before(_giving_and_getting(before, words), before, words)
    subject = _last_side(before[:acts], names)
    if subject is None and words.pattern("we").search(before[:acts]):
        subject = speaker_side
    receiver = _receiver(before, names)
    if receiver and _ends_with(words.pattern("outgoing"), before):
        return replace(count, to=receiver, counting="incoming")
    theirs = _of_a_group(before, names)
    if theirs is not None:
        side = names.side(theirs)
        return replace(count, to=side, counting="incoming") if side else count
    named = _named_direction(item, text[:end], names)
    told = _by_verb(count, before, subject, words)
    if told is not None and not _against(named, told):
        return told
    return named or _home(item, text, subject, names, speaker_side)


def _giving_and_getting(before: str, words: Lexicon) -> list[re.Match[str]]:
    kinds = ("incoming", "outgoing", "keeping")
    return [match for kind in kinds for match in words.pattern(kind).finditer(before)]


def _by_verb(count: Count, before: str, subject: str | None, words: Lexicon) -> Count | None:
    """The way that the verb tells whose subject is a side: it gets people, gives or keeps them."""
    if subject and _ends_with(words.pattern("incoming"), before):
        return replace(count, to=subject, counting="incoming")
    for kind in ("outgoing", "keeping"):
        if subject and _ends_with(words.pattern(kind), before, words.pattern("passive")):
            return replace(count, sender=subject, counting="outgoing")
    return None


def _against(named: Count | None, told: Count) -> bool:
    """Whether a way that is named goes the other way than the verb has it."""
    if named is None:
        return False
    return bool(
        (named.to and named.to == told.sender) or (named.sender and named.sender == told.to)
    )


def _home(
    item: Found, text: str, subject: str | None, names: Names, speaker_side: str | None
) -> Count:
    """Of people who "returned", or of "our people", the speaker mostly means the own side's."""
    count, words = item.count, names.words
    if subject and _ends_with(words.pattern("returned_verbs"), text[: item.start]):
        # "Returned" means "got back" in one capital's usage and "handed over" elsewhere.
        usual = subject in names.got_back and speaker_side in (None, subject)
        own = subject == speaker_side or usual
        return replace(count, to=subject, counting="incoming") if own else count
    swapped = words.pattern("in_return").search(text, item.end)
    home = words.pattern("homewards").search(text) and not swapped
    if speaker_side and (home or words.pattern("ours").search(text)):
        return replace(count, to=speaker_side, counting="incoming")
    return count


def _of_a_group(before: str, names: Names) -> str | None:
    """ "The Xs, including so many", "among the Xs are so many": whose people the group is."""
    words = names.words
    members = words.pattern("members_of").search(before)
    if members is not None:
        group = before[: members.start()].rstrip(" ,")
        people = [m for m in names.mentions(group) if m.kind == "people"]
        if people and people[-1].end == len(group):
            return people[-1].code
    among = words.pattern("among_the").search(before)
    return owner_in(before[among.start() :], names) if among is not None else None


def _receiver(before: str, names: Names) -> str | None:
    """Where nouns are declined, the side in the dative is handed people and hands over nobody."""
    for mention in reversed(names.mentions(before)):
        word = before[: mention.start].rstrip().rpartition(" ")[2]
        told_of = names.words.pattern("object_of").fullmatch(word)
        dative = names.words.fragment("dative").search(mention.label.casefold())
        if mention.kind in ("state", "seat") and dative and not told_of:
            return _side_of(mention, names)
    return None


def _who_acts_before(verbs: list[re.Match[str]], before: str, words: Lexicon) -> int:
    """Up to where whoever acts is named: before the last verb, or before the first of two that
    "and" joins ("A handed over to B so many and received so many")."""
    starts = sorted(verb.start() for verb in verbs)
    if not starts:
        return len(before)
    last = before[: starts[-1]].rstrip().rpartition(" ")[2]
    return starts[0] if words.pattern("and").fullmatch(last) else starts[-1]


def _ends_with(
    pattern: re.Pattern[str], before: str, passive: re.Pattern[str] | None = None
) -> bool:
    """Whether the verb stands close before the number; "were freed" is nobody's act here."""
    last = None
    for match in pattern.finditer(before):
        last = match
    if last is None or len(before) - last.end() >= 40:
        return False
    word = before[: last.start()].rstrip().rpartition(" ")[2]
    going = last.group().casefold().endswith("ing")  # "is releasing" is somebody's act
    return passive is None or going or not passive.fullmatch(word)


def _last_side(before: str, names: Names) -> str | None:
    named = [m for m in names.mentions(before) if m.kind in ("state", "seat", "body", "person")]
    free = [m for m in named if not _with_somebody(before, m, names)] or named
    sides = [_side_of(mention, names) for mention in free]
    return next((side for side in reversed(sides) if side), None)


def _with_somebody(before: str, mention: Mention, names: Names) -> bool:
    """ "A deal with them": they are not who acts."""
    word = before[: mention.start].rstrip().rpartition(" ")[2]
    return bool(names.words.pattern("not_acting").fullmatch(word))


def _side_of(mention: Mention, names: Names) -> str | None:
    return names.side(mention.code) or (None if names.sides else mention.code)


def _named_direction(item: Found, text: str, names: Names) -> Count | None:
    """ "To Ukraine", "from Russian captivity": the way is named after the number."""
    after, words = text[item.end :], names.words
    held_by = _out_of_captivity(text[: item.start], names)
    if held_by is not None:
        return replace(item.count, sender=held_by, counting="outgoing")
    after_way = _way_after(item, after, names)
    if after_way is not None:
        return after_way
    given = list(names.mentions(text[: item.start]))[-1:]
    for mention in given:
        # "Transfer to them a further 20": the way stands between the verb and the number.
        lead = text[: mention.start].rstrip()
        verb, _, word = lead.rpartition(" ")
        near = item.start - mention.end < 20 and _side_of(mention, names)
        toward = words.pattern("towards").fullmatch(word.casefold())
        if near and toward and words.pattern("giving").search(verb[-20:]):
            return replace(item.count, to=_side_of(mention, names), counting="incoming")
    return None


def _way_after(item: Found, after: str, names: Names) -> Count | None:
    """ "To A", "from B": the way that is named behind the number."""
    words = names.words
    for mention in names.mentions(after):
        if after[mention.end :].startswith("'s "):
            continue  # "civilians from their border region": where people are at home
        side = _side_of(mention, names)
        lead = (
            names.words.fragment("before_name").sub("", after[: mention.start].casefold()).rstrip()
        )
        word = lead.rsplit(" ", 1)[-1] if lead else ""
        if words.pattern("no_way").search(lead):
            continue  # "according to Xs", "bodies that belong to Xs"
        if words.pattern("in_return_opening").search(lead):
            continue  # "in exchange for Xs": whom they were given for
        if side and word and words.pattern("towards").fullmatch(word):
            return replace(item.count, to=side, counting="incoming")
        kept = word != "by" or words.pattern("kept_by").search(lead)
        if side and word == "in" and words.pattern("kept_in").search(lead):
            return replace(item.count, sender=side, counting="outgoing")
        if side and word and kept and words.pattern("away_from").fullmatch(word):
            return replace(item.count, sender=side, counting="outgoing")
    return None


def _out_of_captivity(before: str, names: Names) -> str | None:
    """ "From their captivity 44 came home": the side that held them is named before the number."""
    for mention in names.mentions(before):
        side = _side_of(mention, names)
        word = before[: mention.start].rstrip().rpartition(" ")[2].casefold()
        kept = names.words.pattern("captivity").match(before[mention.end :].lstrip())
        if side and kept and names.words.pattern("away_from").fullmatch(word):
            return side
    return None
