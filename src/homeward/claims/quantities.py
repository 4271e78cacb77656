"""Numbers of persons in a clause: how many, of which category, whose people, counted how.

A number is taken only where the words say what it counts. What they leave open stays open:
``counting`` is then ``unknown`` and no verdict rests on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from homeward.claims.mentions import Names, any_state
from homeward.claims.model import Count
from homeward.claims.moments import moments
from homeward.claims.ways import Found, both_ends, carried_over, in_return, owner_in, sided
from homeward.claims.words_for import Lexicon, lexicon

# Where dates stand in a text does not depend on the day on which it is read.
_ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)


def counts_in(text: str, names: Names, speaker_side: str | None) -> tuple[Found, ...]:
    """Every count of persons in one clause, each with its side as far as the words give it."""
    words = names.words
    found = [
        *_formulas(text, words),
        *_phrases(text, names),
        *_bare(text, words),
        *_totals(text, names),
        *_definite(text, words),
        *_passively(text, words),
    ]
    found += [*_elliptic(text, found, names), *_ranges(text, found, words)]
    bare = {item.start for item in _bare(text, words)}
    # "On May 9 forty people": the day of a month counts nobody.
    dates = [(m.start, m.end) for m in moments(text, words, _ANY_DAY)]
    found = [f for f in found if not any(a <= f.start < b for a, b in dates)]
    kept: list[Found] = []
    for item in sorted(found, key=lambda f: (f.start, -f.end)):
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    kept = [_as_before(item, kept[:at], bare) for at, item in enumerate(kept)]
    kept = [_dead_too(item, kept[:at], text, words) for at, item in enumerate(kept)]
    ends = [item.start for item in kept[1:]] + [len(text)]
    known = [
        sided(item, text, end, names, speaker_side) for item, end in zip(kept, ends, strict=False)
    ]
    ended = [both_ends(item, names) for item in carried_over(known, text, words)]
    return tuple(in_return(ended, text, names))


def _as_before(item: Found, before: list[Found], bare: set[int]) -> Found:
    """ "Handed over 600 bodies and received 31": a number without a noun counts the same."""
    if item.start not in bare or not before or before[-1].count.state == item.count.state:
        return item
    return replace(item, count=replace(item.count, state=before[-1].count.state))


def _dead_too(item: Found, before: list[Found], text: str, words: Lexicon) -> Found:
    """ "The bodies of nine Xs and 35 Ys": the second number counts the dead as well."""
    if not before or before[-1].count.state != "remains" or item.count.state == "remains":
        return item
    led = words.pattern("remains_of").search(text[: before[-1].start])
    between = words.pattern("list_joints").sub("", text[before[-1].end : item.start])
    if led is None or led.end() < before[0].start - 20 or re.search(r"\w", between):
        return item
    return replace(item, count=replace(item.count, state="remains"))


@cache
def _without_noun(language: str) -> re.Pattern[str]:
    words = lexicon(language)
    ends = rf"(?= (?:{words.source('elliptic')}) )"
    source = rf"(?:(?<!\w)(?:{words.source('list_joints')}),?|:) (?P<n>{_number(language)}){ends}"
    return re.compile(source, re.IGNORECASE)


def _elliptic(text: str, found: list[Found], names: Names) -> Iterator[Found]:
    """ "Forty detainees were on one flight and 42 on the other": the noun is not said again."""
    words = names.words
    nouns = [item for item in found if item.count.unit == "persons"]
    for match in _without_noun(words.language).finditer(text):
        n = whole_number(match["n"], words)
        before = [item for item in nouns if item.end <= match.start()]
        if n is None or not before or match.start() - before[-1].end > 60:
            continue
        same = before[-1].count
        yield Found(Count(n, category=same.category, state=same.state), *match.span("n"))
    for match in _without_verb(words.language, _states_of(names)).finditer(text):
        n = whole_number(match["n"], words)
        before = [item for item in nouns if item.end <= match.start()]
        got = before and words.pattern("incoming").search(text[: before[0].start])
        if n is not None and got:
            same = before[-1].count
            count = Count(n, category=same.category, state=same.state)
            yield Found(count, *match.span("n"), owner_in(match["who"], names))


@cache
def _without_verb(language: str, states: str) -> re.Pattern[str]:
    """ "A received 150 captives, B — 78": a dash stands for verb and noun."""
    source = rf"[,;] (?:\w{{1,2}} )?(?P<who>{states}) [\u2013\u2014-] (?P<n>{_number(language)})"
    return re.compile(source + r"(?=[,.;]|$)", re.IGNORECASE)


@cache
def _lower_end(language: str) -> re.Pattern[str]:
    words, number = lexicon(language), _number(language)
    source = rf"(?<!\w){words.source('range_from')} (?P<n>{number}) {words.source('range_to')} "
    return re.compile(rf"{source}(?={number})", re.IGNORECASE)


def _ranges(text: str, found: list[Found], words: Lexicon) -> Iterator[Found]:
    """ "From 150 to 300 prisoners", "28 of them": numbers whose noun stands elsewhere."""
    for match in _lower_end(words.language).finditer(text):
        n = whole_number(match["n"], words)
        upper = next((f for f in found if f.start == match.end()), None)
        if n is not None and upper is not None:
            same = upper.count
            yield Found(Count(n, "at_least", same.category, state=same.state), *match.span("n"))
    for match in _some_of_them(words.language).finditer(text):
        n = whole_number(match["n"], words)
        if n is not None and n > 1:
            yield Found(Count(n, category="person"), *match.span("n"))


@cache
def _some_of_them(language: str) -> re.Pattern[str]:
    words = lexicon(language)
    source = rf"(?P<n>{_number(language)})(?= {words.source('out_of_them')}(?!\w))"
    return re.compile(source, re.IGNORECASE)


def whole_number(text: str, words: Lexicon) -> int | None:
    """The number that digits or words name; None for anything else.

    >>> whole_number("twenty-five", lexicon("en")), whole_number("1,000", lexicon("en"))
    (25, 1000)
    """
    part = re.fullmatch(r"(\d{1,3})(?:[.,](\d))? (\w+)\.?", text.strip())
    if part is not None and not part[3].isdigit():  # "2.3 thousand"
        scale = words.mapping("numbers", "scales").get(part[3].casefold(), 0)
        return (int(part[1]) * scale + int(part[2] or 0) * scale // 10) or None
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
    scale = "|".join(words.mapping("numbers", "scales"))
    digits = rf"\d{{1,3}}(?:[.,]\d)? (?:{scale})|\d{{1,3}}(?:[ ,.\u00a0]\d{{3}})+|\d{{1,7}}"
    # Hebrew ties a preposition to the figure with a hyphen.
    begins = r"(?:(?<![\w:.,/$€£+-])|(?<=[\u05d0-\u05ea]-))"
    return rf"{begins}(?:{digits}|{word}(?:[ -](?:and )?{word})*)(?![\w%:/+]|[.,]\d)"


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
    between = (
        rf"(?:(?:{words.source('between')}|(?P<state>{states}))(?:'s)?,?(?: and| or|,)? ){{0,5}}"
    )
    people = rf"(?P<people>{states})"
    some = rf"(?:(?:{_plain_bounds(language)}) )?"
    ours = rf"(?:of (?:the |its |their |his |our )?(?:{some}{_number(language)} )?)?"
    ours += rf"(?:{words.source('they_were')} )?"
    unknown = rf"(?!{words.source('not_between')} |{_number(language)} )[a-zа-яіїєґ-]{{3,}}(?<!s) "
    other = rf"(?:{unknown}){{0,2}}"
    # "A hundred" is a number, and "several hundred" is none.
    some_of = r"(?:an? )?(?<!several )(?<!few )(?<!many )" if language == "en" else ""
    of = "of (?:the )?" if language == "en" else ""
    ending = "" if language == "en" else "(?:-[а-яіїє]{1,4})?"  # "16-ти"
    # "Prisoners and detainees": one number for both.
    nouns = "|".join(words.source("persons", name) for name in words.keys("persons"))
    joined = rf"(?: (?:{words.source('and')}) (?P<beside>{nouns}))?"
    # "Prisoners of war" are soldiers whatever is said first: longer names stand before shorter.
    return re.compile(
        rf"(?:(?:{_bounds(language)}) )?{some_of}(?P<n>{_number(language)}){ending} "
        rf"{ours}[\u201c\"']?{between}{other}"
        rf"(?:{kinds}|{people}){joined}"
        rf"(?: {of}(?:{words.source('between')} ){{0,2}}{states})?(?!\w)"
        rf"(?! (?:[a-z-]+ )?{words.source('things')}(?!\w))",
        re.IGNORECASE,
    )


def _phrases(text: str, names: Names) -> Iterator[Found]:
    words = names.words
    for match in _phrase(words.language, _states_of(names)).finditer(text):
        n = whole_number(match["n"], words)
        if n is None or (n == 1 and words.pattern("one_of").match(text, match.start("n"))):
            continue
        if words.pattern("counted_things").fullmatch(_next_word(text, match.end("n"))):
            continue  # "in four months prisoners were swapped": months were counted
        kind = next((name for name in words.keys("persons") if match[name]), "person")
        bound = next((name for name in words.keys("bounds") if match[name]), "exact")
        whole = match.group()
        owner = None if _subject_follows(match, text, words) else owner_in(whole, names)
        if re.search(words.source("prisoner_of_war"), whole, re.IGNORECASE):
            kind = "prisoner_of_war"
        beside = match["beside"]
        if beside and not words.pattern("persons", kind).fullmatch(beside):
            kind = "person"  # "soldiers and civilians" together
        civil = re.search(words.source("persons", "civilian"), whole, re.IGNORECASE)
        named = kind == "person" and match["people"]
        kind = "civilian" if civil and (kind == "prisoner" or named) else kind
        remains = kind == "remains" or _dead(text, match, words)
        count = Count(
            n,
            bound,
            "person" if remains else kind,
            state="remains" if remains else "living",
        )
        others = owner is None and bool(words.pattern("factions").search(whole))
        yield Found(count, match.start("n"), match.end(), owner, others)


def _next_word(text: str, at: int) -> str:
    return next(iter(re.findall(r"[\w'.]+", text[at : at + 40])), "")


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
    if words.pattern("remains_behind").match(text, match.end()):
        return True
    return led or bool(words.pattern("dead").search(match.group()))


def _states_of(names: Names) -> str:
    return any_state(names.words.language, tuple(names.own))


def _formulas(text: str, words: Lexicon) -> Iterator[Found]:
    """ "1,000-for-1,000": as many for as many, so each side that number."""
    for match in _formula(words.language).finditer(text):
        first, second = (whole_number(match[name], words) for name in ("a", "b"))
        if not first or not second or min(first, second) < 2:
            continue
        if first == second:
            count = Count(first, category="person", counting="each")
            yield Found(count, match.start(), match.end())
        elif match["a"][0].isdigit() and match["b"][0].isdigit():  # "25 for 63": whose is open
            for name, n in (("a", first), ("b", second)):
                yield Found(Count(n, category="person"), *match.span(name))


@cache
def _formula(language: str) -> re.Pattern[str]:
    words = lexicon(language)
    # In English "one for two" is mostly something else: only figures are a formula there.
    number = r"\d[\d,]*" if language == "en" else rf"(?:\d[\d,]*|{_number(language)})"
    joint = rf"[ -]{words.source('formula')}[ -]"
    return re.compile(rf"(?P<a>{number}){joint}(?P<b>{number})(?!\w)", re.IGNORECASE)


# What may stand before a number without a noun that counts people.
_BEFORE_BARE = ("incoming", "outgoing", "returned_verbs", "figure_at", "bare_after")


@cache
def _the_number(language: str) -> re.Pattern[str]:
    words = lexicon(language)
    ends = rf"(?=[,.;]|$| (?:{words.source('definite_ends')})(?!\w))"
    source = rf"(?<!\w)(?:{words.source('definite')}) (?P<n>{_number(language)}){ends}"
    return re.compile(source, re.IGNORECASE)


def _definite(text: str, words: Lexicon) -> Iterator[Found]:
    """ "The six were freed", "all 90": people spoken of before, and no noun is said again."""
    for match in _the_number(words.language).finditer(text):
        n = whole_number(match["n"], words)
        # "The two", like "both", mostly means sides; years have four digits.
        if n is not None and 2 < n < 1_900:
            yield Found(Count(n, category="person"), *match.span("n"))


@cache
def _gone(language: str) -> re.Pattern[str]:
    words = lexicon(language)
    bound = rf"(?:(?:{_bounds(language)}) )?"
    source = rf"{bound}(?P<n>{_number(language)})(?= (?:{words.source('passive_release')})(?!\w))"
    return re.compile(source, re.IGNORECASE)


def _passively(text: str, words: Lexicon) -> Iterator[Found]:
    """ "350 were released": people are counted where only people are released."""
    for match in _gone(words.language).finditer(text):
        n = whole_number(match["n"], words)
        if n is not None and n > 2:
            bound = next((name for name in words.keys("bounds") if match[name]), "exact")
            yield Found(Count(n, bound, "person"), match.start("n"), match.end("n"))


@cache
def _after_verb(language: str) -> re.Pattern[str]:
    words = lexicon(language)
    verbs = "|".join(words.source(name) for name in _BEFORE_BARE)
    number = _number(language)
    bound = rf"(?:(?:{_bounds(language)}) )?"
    ends = rf"(?=[,.;]|$| (?:more|back|as well|too|in return|in exchange|{words.source('each')}))"
    pattern = rf"(?<!\w)(?:{verbs}) {bound}(?P<n>{number}){ends}"
    return re.compile(pattern, re.IGNORECASE)


def _bare(text: str, words: Lexicon) -> Iterator[Found]:
    """A number without a noun, right after a verb of handing over or next to "each"."""
    for match in _after_verb(words.language).finditer(text):
        n = whole_number(match["n"], words)
        if n is not None and n < 1_900:
            found = next((name for name in words.keys("bounds") if match[name]), "exact")
            yield Found(Count(n, found, "person"), match.start("n"), match.end("n"))


@cache
def _total(language: str) -> re.Pattern[str]:
    words = lexicon(language)
    bound = rf"(?:(?:{_bounds(language)}) )?(?P<n>{_number(language)})"
    source = rf"(?<!\w){words.source('sum_of')}(?P<who>[^,.;]{{0,80}}?) {words.source('sum_is')} "
    return re.compile(source + bound, re.IGNORECASE)


@cache
def _brought_to(language: str) -> re.Pattern[str]:
    """ "Brings to 18 the number of ...": the total stands before the people it counts."""
    words = lexicon(language)
    bound = rf"(?:(?:{_bounds(language)}) )?(?P<n>{_number(language)})"
    lead, of = words.source("brings_to"), words.source("sum_of")
    return re.compile(rf"(?<!\w){lead} {bound} {of}(?P<who>[^,.;]{{0,80}})", re.IGNORECASE)


def _totals(text: str, names: Names) -> Iterator[Found]:
    """ "Bringing the total of our people brought home to 3,767"."""
    words = names.words
    patterns = (_total(words.language), _brought_to(words.language))
    for match in (found for pattern in patterns for found in pattern.finditer(text)):
        n = whole_number(match["n"], words)
        kinds = [
            k for k in words.keys("persons") if words.pattern("persons", k).search(match["who"])
        ]
        owner = owner_in(match["who"], names)
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
