"""The subject of a verb of saying, in English: the noun phrase before or behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from homeward.claims.mentions import CAPITAL, Mention, Names
from homeward.claims.words_for import Lexicon

# A phrase of more words than these holds more than a subject.
LONGEST = 18
_MARKS = re.compile(
    r"[,;:\u201c\u201d\"]\s|[\u201c\u201d\"]|\s-{1,2}\s|(?<=[a-z]{2})[.?!]\s|\s{3,}"
)
_NAME = rf"{CAPITAL}(?: (?:al-|el-|bin |van |de )?{CAPITAL}){{1,3}}"


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A noun phrase in a region, and the aside between commas that follows it."""

    start: int
    end: int
    aside: tuple[int, int] | None


def named_subject(region: str, names: Names) -> Mention | None:
    """Who stands as subject at the end of ``region``, right before a verb of saying.

    None where the words there are no single noun phrase about somebody who may speak.
    """
    words = names.words
    phrase = _phrase(region, words) if words.language == "en" else None
    if phrase is None:
        return None
    text = region[phrase.start : phrase.end]
    aside = region[slice(*phrase.aside)] if phrase.aside else ""
    if phrase.start and re.fullmatch(r"[A-Z]{2,6} ?", text) and not names.mentions(text):
        return Mention(phrase.start, phrase.start + len(text.rstrip()), text.rstrip(), "body")
    introduced = _introduced(region, phrase, aside, names)
    if introduced is not None:
        return introduced
    return _head_of(text, phrase.start, names)


def named_after(after: str, names: Names) -> Mention | None:
    """ "..., said an officer familiar with the talks": the phrase right behind the verb."""
    words = names.words
    named = re.match(rf"\s(?P<who>{_NAME})(?=[,.;]|$| of | from )", after)
    if named is not None and words.language == "en" and _plain_name(named["who"], names):
        told = re.match(r", ([^,.;]{3,80})", after[named.end() :])
        return _person(named.start("who"), named["who"], told[1] if told else "", names)
    match = re.match(
        r"\s(?P<who>(?:an?|the|one|its|his|her|their|senior|local|two|some) "
        r"[^,.;:\u201c\u201d\"]{3,110})",
        after,
    )
    if match is None or words.language != "en":
        return None
    ends = words.pattern("saying_ends").search(match["who"])
    text = match["who"][: ends.start() if ends else None].rstrip()
    return _head_of(text, match.start("who"), names)


def named_in(text: str, names: Names) -> Mention | None:
    """Who is named by the whole of ``text``, as in "quoted a spokesman of A as saying"."""
    if _plain_name(text, names):
        return _person(0, text, "", names)
    return _head_of(text, 0, names)


def _head_of(text: str, at: int, names: Names) -> Mention | None:
    """The phrase as one who speaks, where its head is a word for such."""
    words = names.words
    head = _head(text, words)
    if head is None or len(text.split()) > LONGEST or words.pattern("acting").search(text):
        return None
    if words.pattern("message_alone").fullmatch(text):
        return None  # "the statement said": whoever was speaking before
    person = _person_in(text, head.end(), names)
    if person is not None:
        start, end = at + person.start, at + person.end
        return Mention(start, end, person.label, person.kind, person.code)
    if words.pattern("breaks_phrase").search(text[: head.start()]) or _tells(text, head, words):
        return None
    the = 4 if text[:4].casefold() == "the " else 0
    label = " ".join(text[the:].split())
    return Mention(at + the, at + len(text), label, "body", _code_of(text, head, names))


def _head(text: str, words: Lexicon) -> re.Match[str] | None:
    """The first word for somebody who speaks that names the whole phrase: the "officials" of
    "army officials", and nobody in "the prisoner transfer"."""
    for match in words.pattern("speakers_told").finditer(text):
        follows = re.match(r"('s?|\w*)(?: (\S+))?", text[match.end() :])
        word = ((follows and follows[2]) or "").strip(",")
        if (follows is not None and follows[1]) or text[match.end() :].startswith("-"):
            continue  # "the president's office"
        if not word or not word[0].islower() or words.pattern("behind_head").fullmatch(word):
            return match
    return None


def _tells(text: str, head: re.Match[str], words: Lexicon) -> bool:
    """Whether a verb follows the head, so that the words are a clause and no phrase."""
    done = dict(words.statuses())["completed"].search(text, head.end())
    return done is not None and not words.pattern("participle_of").search(text[: done.start()])


def _phrase(region: str, words: Lexicon) -> _Phrase | None:
    """Where the last noun phrase stands; an aside between commas behind it is passed over."""
    end = _before_adverbs(region, words)
    aside: tuple[int, int] | None = None
    if end and region[end - 1] == ",":
        comma = region.rfind(", ", 0, end - 1)
        if comma < 0:
            return None
        aside, end = (comma + 2, end - 1), comma
        earlier = region.rfind(", ", 0, end)
        named = earlier >= 0 and re.search(rf"{_NAME}$", region[:earlier])
        if named and _office(region[earlier + 2 : end], words):
            # "A B, head of the office in C, D, said": one aside with a comma of its own.
            aside, end = (earlier + 2, aside[1]), earlier
    begins = [0, *(m.end() for m in _MARKS.finditer(region[:end]))]
    begin = begins[-1]
    if len(begins) > 1 and re.match(r"[A-Z]\w+,? and [A-Z]", region[begin:]):
        begin = begins[-2]  # "the Commission on Xs, Ys and Zs": one name
    for joint in words.pattern("phrase_joints").finditer(region, begin, end):
        if region[joint.end() : joint.end() + 1] == "-":
            continue  # "so-called"
        lead, word = region[begin : joint.start()], joint.group().casefold()
        if words.pattern("relative_pronouns").fullmatch(word) and _office(lead.lstrip(), words):
            end = joint.start()  # "A group that calls itself ... said"
            break
        # "A and B say": joined names are one subject, joined clauses are not.
        if word != "and" or words.pattern("acting").search(lead):
            begin = joint.end()
    begin += len(region[begin:end]) - len(region[begin:end].lstrip(" '\u2018("))
    return _Phrase(begin, end, aside) if begin < end else None


def _office(text: str, words: Lexicon) -> bool:
    head = words.pattern("speakers_told").search(text)
    if head is None or words.pattern("acting").search(text):
        return False
    return not words.pattern("breaks_phrase").search(text[: head.start()])


def _before_adverbs(region: str, words: Lexicon) -> int:
    text = words.fragment("channel_behind").sub("", region.rstrip(" .;:")).rstrip()
    stripped = False
    while True:
        last = text.rpartition(" ")[2]
        adverb = words.pattern("adverbs").fullmatch(last)
        day = stripped and words.pattern("before_day").fullmatch(last)
        if not last or not (adverb or day):
            return len(text)
        stripped = True
        text = text[: len(text) - len(last)].rstrip()


def _introduced(region: str, phrase: _Phrase, aside: str, names: Names) -> Mention | None:
    """ "A B, head of ..., said", "The head of ..., A B, said", "A B, head of ... said"."""
    words = names.words
    text = region[phrase.start : phrase.end]
    if phrase.aside and _plain_name(aside, names) and words.pattern("speakers_told").search(text):
        return _person(phrase.aside[0], aside, text, names)
    name = re.sub(rf"^(?:{words.source('titles')}|(?:mr|mrs|ms|dr)\.?) ", "", text, flags=re.I)
    shift = len(text) - len(name)
    if phrase.aside and _plain_name(name, names) and _office(aside, words):
        return _person(phrase.start + shift, name, aside, names)
    before = re.search(rf"(?:^|[,;.\u201d\"] )({_NAME}), $", region[: phrase.start])
    if before and not phrase.aside and _plain_name(before[1], names) and _office(text, words):
        return _person(before.start(1), before[1], text, names)
    return None


def _plain_name(text: str, names: Names) -> bool:
    """Two to four words with capitals that name no state, body or day."""
    if not re.fullmatch(_NAME, text) or names.words.pattern("leads").match(text):
        return False
    return not any(m.kind not in ("person", "pronoun") for m in names.mentions(text))


def _person(start: int, name: str, told: str, names: Names) -> Mention:
    known = names.persons.get(name.rsplit(maxsplit=1)[-1])
    code = known.code if known is not None and known.code else None
    if code is None and not names.words.pattern("of_no_state").search(told):
        code = next((m.code for m in names.mentions(told) if m.code), None)
    return Mention(start, start + len(name), name, "person", code)


def _person_in(text: str, after: int, names: Names) -> Mention | None:
    """ "President A B", "spokesman A B": the name behind the office."""
    known = [m for m in names.mentions(text) if m.kind == "person" and m.start >= after - 1]
    if known and not text[known[-1].end :].strip():
        return known[-1]
    match = re.search(rf"(?:^|\s)({_NAME})$", text)
    if match is None or match.start(1) < after:
        return None
    run = match[1].split()
    whole = [match[1]] if len(run) < 4 else []
    for name in (*whole, " ".join(run[-2:])):
        start = match.end(1) - len(name)
        before = text[:start].rstrip().rpartition(" ")[2]
        if not names.words.pattern("object_of").fullmatch(before) and _plain_name(name, names):
            return _person(start, name, text[:start], names)
    return None


def _code_of(text: str, head: re.Match[str], names: Names) -> str | None:
    """The state whose office it is: named before the head, or right after it with "of"."""
    words = names.words
    if words.pattern("of_no_state").search(text):
        return None
    told = [m for m in names.mentions(text) if m.code]
    if words.pattern("against_state").search(text):
        told = [m for m in told if m.code in names.own.values()]
    before = [m.code for m in told if m.start < head.end()]
    if before:
        return before[-1]
    rest = words.pattern("office_of").match(text[head.end() :].lstrip())
    return told[0].code if rest and told else None
