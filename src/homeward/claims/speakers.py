"""Who speaks: names of persons, bodies and states beside a verb of saying, and words for them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from homeward.claims.mentions import CAPITAL, Mention, Names
from homeward.claims.model import Span
from homeward.claims.subjects import named_after, named_subject
from homeward.claims.words_for import Lexicon

SPEAKING = frozenset({"state", "seat", "body", "person", "joint", "pronoun", "message"})


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: label, state or side, and where the name stands; the article itself has none."""

    label: str
    kind: str
    code: str | None = None
    span: Span | None = None


ARTICLE = Voice("article", "article")


@dataclass(frozen=True, slots=True)
class Frame:
    """One part of a sentence and who says it; places are counted in the sentence.

    ``head`` holds the speaker, the verb and what stands about them; ``status`` is what the verb
    itself lends ("confirmed"), "says" where it lends nothing.
    """

    voices: tuple[Voice, ...]
    status: str
    head: tuple[int, int]
    content: tuple[int, int]
    sure: bool = True
    about_previous: bool = False
    through: str = ""  # who passes it on: "A said that B had confirmed"
    carried: bool = False  # a quotation that goes on from the sentence before


@dataclass
class Memory:
    """Who spoke last, so that "he", "the ministry" and open quotations find their speaker."""

    last: tuple[Voice, ...] = ()
    person: Voice | None = None
    bodies: list[Voice] = field(default_factory=list)
    named: Voice | None = None  # the last body that was only spoken of

    def keep(self, voices: tuple[Voice, ...]) -> None:
        """Remember who has just spoken."""
        self.last = voices
        for voice in voices:
            if voice.kind == "person":
                self.person = voice
            elif voice.kind == "body":
                self.bodies.append(voice)


def voices_in(
    region: str, offset: int, names: Names, memory: Memory, *, first: bool = False
) -> tuple[Voice, ...]:
    """The speakers named in a region: the last name, or several joined by "and"."""
    mentions = [m for m in names.mentions(region) if m.kind in SPEAKING]
    if not first:
        subject = named_subject(region, names)
        if subject is not None:
            voice = voice_of(subject, offset, memory, names.words)
            return (voice,) if voice else ()
        introduced = _introduced(region, names) or _named_last(region, names)
        if introduced is not None:
            return (_voice_at(introduced, offset),)
        named = _name_before(region, mentions, names)
        if named is not None:
            return (_voice_at(named, offset),)
        unnamed = _by_its_noun(region, mentions, names.words)
        if unnamed is not None:
            return (_voice_at(unnamed, offset),)
    free = [m for m in mentions if first or not _is_object(region, m, names.words)]
    if first:
        # "said he" tells nobody's name, and "the UAE's" goes on to something of theirs.
        free = [m for m in free if m.kind != "pronoun" and not region[m.end :].startswith("'s ")]
    if not free:
        return ()
    chosen = [
        _first_speaker(free) if first else _main_name(region, free, names.words.language != "en")
    ]
    while not first:
        before = [m for m in mentions if m.end <= chosen[0].start]
        between = region[before[-1].end : chosen[0].start] if before else ""
        if not names.words.pattern("and").fullmatch(between.strip(" ,")):
            break
        chosen.insert(0, before[-1])
    chosen = [_with_its_house(region, _with_its_name(region, mention)) for mention in chosen]
    voices = [voice_of(mention, offset, memory, names.words) for mention in chosen]
    return tuple(voice for voice in voices if voice is not None)


def voices_after(after: str, offset: int, names: Names, memory: Memory) -> tuple[Voice, ...]:
    """Whoever is named right behind a verb of saying."""
    phrase = named_after(after, names)
    if phrase is not None:
        voice = voice_of(phrase, offset, memory, names.words)
        return (voice,) if voice else ()
    found = voices_in(after, offset, names, memory, first=True)
    named = _surname_after(after, found, names)
    return (_voice_at(named, offset),) if named else found


def _surname_after(after: str, found: tuple[Voice, ...], names: Names) -> Mention | None:
    """ "..., повідомив Орел": where nouns are declined, a name whom no table holds closes the
    sentence right behind the verb, or stands behind the office that was found."""
    if names.words.language == "en" or any(v.kind not in ("body", "state") for v in found):
        return None
    what = rf"{CAPITAL}(?: {CAPITAL}){{0,2}}"
    match = re.match(rf"\s({what})(?=[.,;]|$| (?:{names.words.source('aside')})(?!\w))", after)
    told = names.words.pattern("said_of_persons").match(after.lstrip())
    if match is None and told and found:
        match = re.match(rf"[^,.;]{{3,140}}? ({CAPITAL} {CAPITAL})(?=[.,;]|$| в )", after)
    if match is None or any(m.kind != "person" for m in names.mentions(match[1])):
        return None
    code = found[0].code if found else None
    return Mention(match.start(1), match.end(1), match[1], "person", code)


def _voice_at(mention: Mention, offset: int) -> Voice:
    span = Span(offset + mention.start, offset + mention.end)
    return Voice(mention.label, mention.kind, mention.code, span)


def _introduced(region: str, names: Names) -> Mention | None:
    """ "A B, head of the mission in C, said": whoever is told more of between commas speaks."""
    words = names.words
    adverbs = rf"(?:{words.source('adverbs')} )*"
    told = re.search(rf", (?:an?|the|its) [^,]{{3,80}}, {adverbs}$", region)
    if told is not None:
        # "The Observatory for A, a war monitor, said": the whole name before the comma.
        bodies = [m for m in names.mentions(region[: told.start()]) if m.kind == "body"]
        rest = region[bodies[-1].end : told.start()] if bodies else ","
        if bodies and "," not in rest and len(rest.split()) < 5:
            label = region[bodies[-1].start : told.start()]
            return replace(bodies[-1], end=told.start(), label=label)
    match = re.search(
        rf"(?:^|[,;\u201d\"] |(?i:(?:{words.source('and')}|{words.source('clause_joints')}) ))\s*"
        rf"(?!(?i:{words.source('leads')}|{words.source('clause_joints')}|and)\b)"
        rf"(?P<name>{CAPITAL}(?: (?:al-|el-|bin |van |de )?{CAPITAL}){{1,3}}), "
        rf"(?P<what>[^,;:\"\u201c\u201d]{{3,120}})(?P<closed>,)? ?{adverbs}$",
        region,
    )
    if match is None:
        return None
    office = words.pattern("offices_told").match(match["what"])
    named = [m for m in names.mentions(match["name"]) if m.kind != "person"]
    if named or not (office or match["closed"]) or _is_place(region[: match.start("name")], words):
        return None
    if words.pattern("leads").match(match["name"]) or not re.match(r"[^\W\dA-Z]", match["what"]):
        return None
    known = names.persons.get(match["name"].split()[-1])
    codes = [m.code for m in names.mentions(match["what"]) if m.code]
    code = known.code if known is not None and known.code else next(iter(codes), None)
    return Mention(match.start("name"), match.end("name"), match["name"], "person", code)


def _named_last(region: str, names: Names) -> Mention | None:
    """ "The envoy to C, A B, said": the name between the commas before the verb speaks."""
    adverbs = rf"(?:{names.words.source('adverbs')} )*"
    match = re.search(rf", ({CAPITAL}(?: {CAPITAL}){{1,3}}), {adverbs}$", region)
    if match is None or any(m.kind != "person" for m in names.mentions(match[1])):
        return None
    lead = region[: match.start()].rpartition(", ")[2]
    if not names.words.pattern("office_words").search(lead):
        return None
    code = next((m.code for m in names.mentions(lead) if m.code), None)
    return Mention(match.start(1), match.end(1), match[1], "person", code)


def _name_before(region: str, mentions: list[Mention], names: Names) -> Mention | None:
    """ "The head of the commission of C, A B said": two names right before the verb, of somebody
    whom no table of offices introduces; the state beside the office is theirs."""
    adverbs = rf"(?:{names.words.source('adverbs')} )*"
    match = re.search(rf"(?:^|[\s(])({CAPITAL} {CAPITAL})\s+{adverbs}$", region)
    if match is None or names.words.language == "en":
        return None
    if any(m.end > match.start(1) for m in mentions):
        return None
    lead = region[: match.start(1)].rpartition(",")[2]
    code = next((m.code for m in reversed(names.mentions(lead)) if m.code), None)
    return Mention(match.start(1), match.end(1), match[1], "person", code)


def _is_place(before: str, words: Lexicon) -> bool:
    word = before.rstrip().rpartition(" ")[2]
    return bool(word) and bool(words.pattern("object_of").fullmatch(word))


def _by_its_noun(region: str, mentions: list[Mention], words: Lexicon) -> Mention | None:
    """ "The coalition said", "a source close to the talks said": whom no table holds, by the
    words that stand for them right before the verb, where these name nobody else."""
    match = words.fragment("noun_phrase").search(region)
    if match is None or any(m.end > match.start("who") for m in mentions if _stands(m, match)):
        return None
    if words.pattern("no_speaker").search(match["who"]):
        return None
    last = mentions[-1] if mentions else None
    if last and not region[last.end :].strip() and not _is_object(region, last, words):
        return None
    return Mention(match.start("who"), match.end("who"), match["who"], "body")


def _stands(mention: Mention, match: re.Match[str]) -> bool:
    """Whether the mention is the noun phrase's own noun, and not told of it ("in Yemen")."""
    return mention.kind != "adjective" and mention.start < match.end("who")


def _main_name(region: str, free: list[Mention], declined: bool) -> Mention:
    """The last name; but a person of whom only the office stands between commas speaks."""
    last = free[-1]
    persons = [m for m in free if m.kind == "person" and m.end < last.start]
    if declined and persons and "," not in region[persons[-1].end :]:
        return persons[-1]  # what follows is in another case: "in the year of the headquarters"
    if last.kind in ("body", "state", "seat", "adjective") and persons:
        aside = region[persons[-1].end : last.start]
        closed = region[last.end :].lstrip().startswith(",")
        if aside.startswith(", ") and aside.count(",") == 1 and closed:
            return persons[-1]
    return last


def _with_its_name(region: str, mention: Mention) -> Mention:
    """ "A state's News Agency" where only the state is known: the whole name speaks."""
    match = re.match(rf"(?:'s)? ({CAPITAL}(?: {CAPITAL}){{0,3}}) $", region[mention.end :])
    if mention.kind not in ("state", "seat", "body") or match is None:
        return mention
    end = mention.end + match.end(1)
    # A paper named after a town is no voice of that state.
    paper = mention.kind == "seat" and not match[0].startswith("'s")
    code = None if paper else mention.code
    return Mention(mention.start, end, region[mention.start : end], "body", code)


def _with_its_house(region: str, mention: Mention) -> Mention:
    """ "An ICRC spokesperson": the house that no table of states holds is part of the name."""
    match = re.search(
        rf"(?:^|\s)((?!(?:A|An|The|One|But|And)\b){CAPITAL}(?:'s)?) $", region[: mention.start]
    )
    if mention.kind != "body" or mention.code or match is None or mention.label[0].isupper():
        return mention
    label = region[match.start(1) : mention.end]
    return Mention(match.start(1), mention.end, label, mention.kind, mention.code)


def _first_speaker(mentions: list[Mention]) -> Mention:
    """The first one named; a person whose office and state come first stands for them."""
    for mention in mentions:
        near = mention.start - mentions[0].end < 30
        if mention.kind == "person" and near:
            return mention
    return mentions[0]


def _is_object(region: str, mention: Mention, words: Lexicon) -> bool:
    before = region[: mention.start].rstrip()
    word = before.rsplit(" ", 1)[-1] if before else ""
    if not word or before.endswith(","):
        return False
    joined_to_subject = words.pattern("and").fullmatch(word)
    return not joined_to_subject and bool(words.pattern("object_of").fullmatch(word))


def voice_of(
    mention: Mention, offset: int, memory: Memory, words: Lexicon | None = None
) -> Voice | None:
    span = Span(offset + mention.start, offset + mention.end)
    if mention.kind in ("pronoun", "message"):
        last = memory.last[0] if memory.last else None
        person = mention.kind == "pronoun" and mention.label.casefold() != "it"
        if mention.label.casefold() == "they":
            many = [voice for voice in (last, memory.named) if voice and voice.kind != "person"]
            known = next(iter([*many, *reversed(memory.bodies)]), None) or last
        else:
            known = (memory.person if person else None) or last or memory.named
        return replace(known, span=span) if known else None
    role = words is not None and bool(words.pattern("roles").fullmatch(mention.label))
    if role and memory.person is not None:
        return replace(memory.person, span=span)
    if mention.kind == "body" and mention.code is None:
        generic = words is not None and words.pattern("generic_bodies").fullmatch(mention.label)
        if generic and memory.bodies:
            return replace(memory.bodies[-1], span=span)
        return _known_body(mention, span, memory)
    return Voice(mention.label, mention.kind, mention.code, span)


def _known_body(mention: Mention, span: Span, memory: Memory) -> Voice:
    """ "The ministry" is the one that was named before."""
    if len(mention.label.split()) > 2:
        return Voice(mention.label, "body", None, span)
    noun = mention.label.casefold().split()[-1]
    for voice in reversed(memory.bodies):
        if noun in voice.label.casefold():
            return replace(voice, span=span)
    return Voice(mention.label, "body", None, span)


def unknown_name(region: str, offset: int, words: Lexicon) -> tuple[Voice, ...]:
    """A capitalised name before the verb, of somebody whom the text does not introduce.

    An adverb, or what is said of the name between commas, may stand between the two.
    """
    adverbs = rf"(?:{words.source('adverbs')} )*"
    match = re.search(
        rf"(?i:^|[\s(])({CAPITAL}(?: (?:of |for )?{CAPITAL}){{0,3}}) {adverbs}$", region
    )
    if match is None:
        match = re.match(rf"\s*({CAPITAL}(?: {CAPITAL}){{1,2}}),.*,\s*{adverbs}$", region)
    if match is None or words.pattern("leads").match(match.group(1)):
        return ()
    if match.group(1).isupper() and not re.fullmatch(r"[A-Z]{2,6}", match.group(1)):
        return ()
    if words.language == "en" and _is_place(region[: match.start(1)], words):
        return ()
    if any(
        words.pattern("channels", name).search(match.group(1)) for name in words.keys("channels")
    ):
        return ()
    span = Span(offset + match.start(1), offset + match.end(1))
    return (Voice(match.group(1), "person", None, span),)


def far_from(voices: tuple[Voice, ...], verb: int) -> bool:
    """Whether more than an adverb or two stand between the last name and a later verb."""
    ends = [voice.span.end for voice in voices if voice.span]
    return bool(ends) and verb - max(ends) > 24
