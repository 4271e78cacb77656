"""Numbers of persons in a clause: how many, of which category, whose people, counted how.

A number is taken only where the words say what it counts. What they leave open stays open:
``counting`` is then ``unknown`` and no verdict rests on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from homeward.claims.mentions import Mention, Names, any_state
from homeward.claims.model import Count
from homeward.claims.words_for import Lexicon, lexicon


@dataclass(frozen=True, slots=True)
class Found:
    """A count with the places of its number and of its whole phrase, in the clause."""

    count: Count
    start: int
    end: int
    owner: str | None = None  # state or side whose people they are
    guessed: bool = False  # counted both ways because the words rather mean that


def counts_in(text: str, names: Names, speaker_side: str | None) -> tuple[Found, ...]:
    """Every count of persons in one clause, each with its side as far as the words give it."""
    words = names.words
    found = [*_formulas(text, words), *_phrases(text, names), *_bare(text, words), *_totals(text, names)]
    found += _elliptic(text, found, words)
    kept: list[Found] = []
    for item in sorted(found, key=lambda f: (f.start, -f.end)):
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    sided = [_sided(item, text, names, speaker_side) for item in kept]
    ended = [_both_ends(item, names) for item in _carried_over(sided, text, words)]
    return tuple(_in_return(ended, text, names))


@cache
def _without_noun(language: str) -> re.Pattern[str]:
    words = lexicon(language)
    ends = rf"(?= (?:{words.source('elliptic')}) )"
    source = rf"(?<!\w)(?:{words.source('list_joints')}),? (?P<n>{_number(language)}){ends}"
    return re.compile(source, re.IGNORECASE)


def _elliptic(text: str, found: list[Found], words: Lexicon) -> Iterator[Found]:
    """ "Forty detainees were on one flight and 42 on the other": the noun is not said again."""
    nouns = [item for item in found if item.count.unit == "persons"]
    for match in _without_noun(words.language).finditer(text):
        n = whole_number(match["n"], words)
        before = [item for item in nouns if item.end < match.start()]
        if n is None or not before or match.start() - before[-1].end > 60:
            continue
        same = before[-1].count
        yield Found(Count(n, category=same.category, state=same.state), *match.span("n"))


def _in_return(items: list[Found], text: str, names: Names) -> Iterator[Found]:
    """ "20 of theirs in exchange for 30": between two sides, those go the other way."""
    opening = names.words.pattern("in_return_opening")
    for at, item in enumerate(items):
        other = items[at - 1] if at else None
        between = text[other.end : item.start] if other else ""
        swapped = names.words.pattern("in_return").search(between) and len(between) < 60
        if opening.search(text[: item.start].rstrip()[-14:]) and at + 1 < len(items):
            other, swapped = items[at + 1], True
        elif item.count.counting != "unknown":
            swapped = None
        way = (other.count.sender, other.count.to) if other else (None, None)
        if swapped and all(way) and item.owner is None:
            to, sender = way
            count = replace(item.count, sender=sender, to=to, counting="incoming")
            yield replace(item, count=count)
        else:
            yield item


def _both_ends(item: Found, names: Names) -> Found:
    """Between two sides, one end of the way gives the other."""
    sides, count = set(names.sides.values()), item.count
    if len(sides) != 2 or bool(count.sender) == bool(count.to):
        return item
    other = next(iter(sides - {count.sender, count.to}))
    filled = replace(count, sender=count.sender or other, to=count.to or other)
    return replace(item, count=filled)


def whole_number(text: str, words: Lexicon) -> int | None:
    """The number that digits or words name; None for anything else.

    >>> whole_number("twenty-five", lexicon("en")), whole_number("1,000", lexicon("en"))
    (25, 1000)
    """
    digits = re.sub(r"(?<=\d)[ ,.'\u00a0](?=\d{3}(?!\d))", "", text.strip())
    if re.fullmatch(r"\d{1,9}", digits):
        return int(digits)
    units, scales = words.mapping("numbers", "units"), words.mapping("numbers", "scales")
    total, current = 0, 0
    for word in re.split(r"[\s-]+", text.casefold().strip()):
        if word in units:
            current += units[word]
        elif word in scales:
            current = max(current, 1) * scales[word]
            if scales[word] >= 1000:
                total, current = total + current, 0
        elif word not in words.table["numbers"].get("joiners", ()):
            return None
    return total + current or None


@cache
def _number(language: str) -> str:
    words = lexicon(language)
    named = [*words.mapping("numbers", "units"), *words.mapping("numbers", "scales")]
    word = "(?:" + "|".join(sorted(named, key=len, reverse=True)) + ")"
    digits = r"\d{1,3}(?:[ ,.\u00a0]\d{3})+|\d{1,7}"
    return rf"(?<![\w:.,/$€£-])(?:{digits}|{word}(?:[ -](?:and )?{word})*)(?![\w%:/]|[.,]\d)"


@cache
def _bounds(language: str) -> str:
    words = lexicon(language)
    return "|".join(f"(?P<{name}>{words.source('bounds', name)})" for name in words.keys("bounds"))


@cache
def _plain_bounds(language: str) -> str:
    words = lexicon(language)
    return "|".join(words.source("bounds", name) for name in words.keys("bounds"))


@cache
def _phrase(language: str, states: str) -> re.Pattern[str]:
    """Bound, number, words between, and the noun that says whom the number counts."""
    words = lexicon(language)
    kinds = "|".join(
        f"(?P<{name}>{words.source('persons', name)})" for name in words.keys("persons")
    )
    between = rf"(?:(?:{words.source('between')}|(?P<state>{states}))(?:'s)?,?(?: and|,)? ){{0,5}}"
    people = rf"(?P<people>{states})"
    some = rf"(?:(?:{_plain_bounds(language)}) )?"
    ours = rf"(?:of (?:the |its |their |his |our )?(?:{some}{_number(language)} )?)?"
    ours += rf"(?:{words.source('they_were')} )?"
    other = rf"(?:(?!{words.source('not_between')} )[a-zа-яіїєґ]{{3,}}(?<!s) )?"
    of = "of (?:the )?" if language == "en" else ""
    # "Prisoners of war" are soldiers whatever is said first: longer names stand before shorter.
    return re.compile(
        rf"(?:(?:{_bounds(language)}) )?(?P<n>{_number(language)}) {ours}{between}{other}"
        rf"(?:{kinds}|{people})(?: {of}(?:{words.source('between')} ){{0,2}}{states})?(?!\w)",
        re.IGNORECASE,
    )


def _phrases(text: str, names: Names) -> Iterator[Found]:
    words = names.words
    for match in _phrase(words.language, _states_of(names)).finditer(text):
        n = whole_number(match["n"], words)
        if n is None or (n == 1 and words.pattern("one_of").match(text, match.start("n"))):
            continue
        kind = next((name for name in words.keys("persons") if match[name]), "person")
        bound = next((name for name in words.keys("bounds") if match[name]), "exact")
        whole = match.group()
        owner = None if _subject_follows(match, text, words) else _owner(whole, names)
        if re.search(words.source("prisoner_of_war"), whole, re.IGNORECASE):
            kind = "prisoner_of_war"
        civil = re.search(words.source("persons", "civilian"), whole, re.IGNORECASE)
        kind = "civilian" if civil and kind == "prisoner" else kind
        remains = kind == "remains" or _dead(text, match, words)
        count = Count(
            n,
            bound,
            "person" if remains else kind,
            state="remains" if remains else "living",
        )
        yield Found(count, match.start("n"), match.end(), owner)


def _subject_follows(match: re.Match[str], text: str, words: Lexicon) -> bool:
    """Where nouns are declined, a name in -a before a verb is who acts and no owner."""
    if words.language == "en" or not match.group().casefold().endswith(("а", "я")):
        return False
    return bool(re.match(r"\s\w+(?:ла|ло|ли|в|л|є|ет|ит)(?!\w)", text[match.end() :]))


def _dead(text: str, match: re.Match[str], words: Lexicon) -> bool:
    """ "The bodies of 20 soldiers", "20 fallen soldiers": the number counts the dead."""
    before = text[: match.start()].rstrip()
    last = list(words.pattern("remains_of").finditer(before))
    led = bool(last) and last[-1].end() == len(before)
    return led or bool(words.pattern("dead").search(match.group()))


def _states_of(names: Names) -> str:
    return any_state(names.words.language, tuple(names.own))


def _owner(phrase: str, names: Names) -> str | None:
    """The one state that a phrase names; None where it names none, or several."""
    codes = {mention.code for mention in names.mentions(phrase) if mention.code}
    return next(iter(codes)) if len(codes) == 1 else None


def _formulas(text: str, words: Lexicon) -> Iterator[Found]:
    """ "1,000-for-1,000": as many for as many, so each side that number."""
    word = words.source("formula")
    for match in re.finditer(rf"(?P<a>\d[\d,]*)[ -]{word}[ -](?P<b>\d[\d,]*)(?!\w)", text):
        first, second = (whole_number(match[name], words) for name in ("a", "b"))
        if first and first == second:
            count = Count(first, category="person", counting="each")
            yield Found(count, match.start(), match.end())


@cache
def _after_verb(language: str) -> re.Pattern[str]:
    words = lexicon(language)
    verbs = "|".join(words.source(name) for name in ("incoming", "outgoing", "returned_verbs"))
    number = _number(language)
    bound = rf"(?:(?:{_bounds(language)}) )?"
    ends = rf"(?=[,.;]|$| (?:more|{words.source('each')}))"
    pattern = rf"(?<!\w)(?:{verbs}) {bound}(?P<n>{number}){ends}"
    return re.compile(pattern, re.IGNORECASE)


def _bare(text: str, words: Lexicon) -> Iterator[Found]:
    """A number without a noun, right after a verb of handing over or next to "each"."""
    for match in _after_verb(words.language).finditer(text):
        n = whole_number(match["n"], words)
        if n is not None and n < 1_900:
            found = next((name for name in words.keys("bounds") if match[name]), "exact")
            yield Found(Count(n, found, "person"), match.start("n"), match.end("n"))


def _sided(item: Found, text: str, names: Names, speaker_side: str | None) -> Found:
    """The count with its counting rule and sides, from the words around it."""
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
        return replace(item, count=replace(count, counting="each"))
    one_way = _one_way(item, text, names, speaker_side)
    if one_way.counting != "unknown":
        return replace(item, count=one_way)
    if words.pattern("in_total").search(text[max(0, item.start - 25) : item.end + 25]):
        return replace(item, count=replace(count, counting="in_total"))
    if _swapped(item, text, words):
        return replace(item, count=replace(count, counting="in_total"), guessed=True)
    return item


def _swapped(item: Found, text: str, words: Lexicon) -> bool:
    """ "They exchanged 400 prisoners", "400 have been exchanged": rather both ways together."""
    before, after = text[max(0, item.start - 30) : item.start], text[item.end : item.end + 40]
    led = words.pattern("exchanged_before").search(before)
    return bool(led or words.pattern("exchanged_after").match(after.lstrip()))


@cache
def _total(language: str) -> re.Pattern[str]:
    words = lexicon(language)
    source = rf"(?<!\w){words.source('sum_of')}(?P<who>[^,.;]{{0,80}}?) {words.source('sum_is')} "
    bound = rf"(?:(?:{_bounds(language)}) )?(?P<n>{_number(language)})"
    return re.compile(source + bound, re.IGNORECASE)


def _totals(text: str, names: Names) -> Iterator[Found]:
    """ "Bringing the total of our people brought home to 3,767"."""
    words = names.words
    for match in _total(words.language).finditer(text):
        n = whole_number(match["n"], words)
        kinds = [k for k in words.keys("persons") if words.pattern("persons", k).search(match["who"])]
        owner = _owner(match["who"], names)
        those = words.pattern("those_gone").search(match["who"])
        if n is None or not (kinds or owner or those):
            continue
        kind = "prisoner_of_war" if words.pattern("prisoner_of_war").search(match["who"]) else None
        bound_name = next((name for name in words.keys("bounds") if match[name]), "exact")
        dead = "remains" in kinds
        category = "person" if dead else kind or next(iter(kinds), "person")
        count = Count(n, bound_name, category, state="remains" if dead else "living")
        known = owner and (names.side(owner) or not names.sides)
        count = count if known else replace(count, counting="in_total")
        yield Found(count, *match.span("n"), owner if known else None)


def _carried_over(items: list[Found], text: str, words: Lexicon) -> Iterator[Found]:
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
        if near is None:
            yield item
            continue
        rule = near.count
        count = replace(item.count, sender=rule.sender, to=rule.to, counting=rule.counting)
        yield replace(item, count=count)


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


def _one_way(item: Found, text: str, names: Names, speaker_side: str | None) -> Count:
    """Whose people go: said of the people, or by the verb and its subject."""
    count = item.count
    if item.owner is not None:
        side = names.side(item.owner) or (None if names.sides else item.owner)
        if side is not None:
            return replace(count, to=side, counting="incoming")
        return count
    before, words = text[: item.start], names.words
    verbs = [*words.pattern("incoming").finditer(before), *words.pattern("outgoing").finditer(before)]
    acts = max((verb.start() for verb in verbs), default=len(before))
    subject = _last_side(before[:acts], names)
    if subject is None and words.pattern("we").search(before[:acts]):
        subject = speaker_side
    among = words.pattern("among_the").search(before)
    if among is not None and _owner(before[among.start() :], names):
        side = names.side(_owner(before[among.start() :], names))
        return replace(count, to=side, counting="incoming") if side else count
    if subject and _ends_with(words.pattern("incoming"), before):
        return replace(count, to=subject, counting="incoming")
    if subject and _ends_with(words.pattern("outgoing"), before):
        return replace(count, sender=subject, counting="outgoing")
    named = _named_direction(item, text, names)
    if named is not None:
        return named
    if subject and _ends_with(words.pattern("returned_verbs"), before):
        # "Returned" means "got back" in one capital's usage and "handed over" elsewhere.
        if subject == speaker_side or subject in names.got_back:
            return replace(count, to=subject, counting="incoming")
        return count
    ours = words.pattern("ours").search(text) or words.pattern("homewards").search(text)
    if speaker_side and ours:
        return replace(count, to=speaker_side, counting="incoming")
    return count


def _ends_with(pattern: re.Pattern[str], before: str) -> bool:
    """Whether the verb stands close before the number, with nobody else's verb between."""
    last = None
    for match in pattern.finditer(before):
        last = match
    return last is not None and len(before) - last.end() < 40


def _last_side(before: str, names: Names) -> str | None:
    named = [m for m in names.mentions(before) if m.kind in ("state", "seat", "body", "person")]
    free = [m for m in named if not _with_somebody(before, m, names)] or named
    sides = [_side_of(mention, names) for mention in free]
    return next((side for side in reversed(sides) if side), None)


def _with_somebody(before: str, mention: Mention, names: Names) -> bool:
    """ "A deal with them": they are not who acts."""
    return before[: mention.start].rstrip().casefold().endswith((" with", " by", " from", " to"))


def _side_of(mention: Mention, names: Names) -> str | None:
    return names.side(mention.code) or (None if names.sides else mention.code)


def _named_direction(item: Found, text: str, names: Names) -> Count | None:
    """ "To Ukraine", "from Russian captivity": the way is named after the number."""
    after, words = text[item.end :], names.words
    given = list(names.mentions(text[: item.start]))[-1:]
    for mention in given:
        # "Transfer to them a further 20": the way stands between the verb and the number.
        lead = text[: mention.start].rstrip()
        verb, _, word = lead.rpartition(" ")
        near = item.start - mention.end < 20 and _side_of(mention, names)
        toward = words.pattern("towards").fullmatch(word.casefold())
        if near and toward and words.pattern("giving").search(verb[-20:]):
            return replace(item.count, to=_side_of(mention, names), counting="incoming")
    for mention in names.mentions(after):
        side = _side_of(mention, names)
        lead = after[: mention.start].rstrip().casefold()
        word = lead.rsplit(" ", 1)[-1] if lead else ""
        if side and word and words.pattern("towards").fullmatch(word):
            return replace(item.count, to=side, counting="incoming")
        if side and word and words.pattern("away_from").fullmatch(word):
            return replace(item.count, sender=side, counting="outgoing")
    return None
