"""Reads claims from an article or a post: every sentence becomes a claim, an opinion, a position
or background; what could not be read is marked, never guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from homeward.claims.attribution import frames
from homeward.claims.clauses import Clause, clauses
from homeward.claims.cues import EXCHANGE, Cue, status_of, subject_of
from homeward.claims.doubts import beside_others, doubts_of
from homeward.claims.linking import linked
from homeward.claims.mentions import Names, know_names
from homeward.claims.model import Claim, Span, Words
from homeward.claims.moments import NEVER, When, moments
from homeward.claims.page import plain_text
from homeward.claims.quantities import counts_in
from homeward.claims.sentences import Sentence, sentences
from homeward.claims.slots import (
    Parts,
    about_of,
    belongs,
    category_of,
    channel_of,
    day_of,
    event_of,
    form_of,
    instant_of,
    long_ago,
    places_of,
    recent,
    slots_of,
    spoken_by,
    status_for,
)
from homeward.claims.speakers import ARTICLE, Frame, Memory, Voice
from homeward.claims.together import carried_on, gathered
from homeward.claims.ways import Found
from homeward.claims.words_for import lexicon
from homeward.dates import PartialDate

CONTEXT = frozenset({"territory", "other", "demand", "background", "outlook"})
# What a clause is about that names no subject we know, by its status.
UNNAMED = {
    "asserted": "other",
    "accused": "other",
    "demanded": "demand",
    "no_comment": "exchange",
    "confirmed": "exchange",
    "denied": "exchange",
    "agreed": "exchange",
    "ready": "exchange",
}
# So few words that tell no more than that there was an exchange.
BARE = 5
LASTING = frozenset({"comparison", "casualties"})


def read_claims(
    text: str,
    *,
    said_at: datetime,
    lang: str = "en",
    context: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Claim, ...]:
    """Every claim in a plain text or HTML page, in order, each with the span it was read from.

    ``said_at`` is the dateline with its zone: weekdays, weeks and months are read against it.
    ``context`` gives the sides of the exchange with their names; without it, states' ISO codes
    stand for sides. Spans count code points of ``plain_text(text)``. Raises KeyError for a language
    without a lexicon.
    """
    body = plain_text(text)
    words = lexicon(lang)
    reader = _Reader(body, know_names(body, words, context or {}), said_at)
    return linked(tuple(reader.claims()), body)


@dataclass
class _Reader:
    """One text being read; remembers speakers and the last subject from sentence to sentence."""

    text: str
    names: Names
    said_at: datetime
    carried: tuple[str, When] = ("unknown", NEVER)
    seen: set[str] = field(default_factory=set)
    main_day: PartialDate | None = None  # of the exchange that the report is about

    def claims(self) -> Iterator[Claim]:
        """Claims in the order of the text."""
        memory = Memory()
        made: list[list[Claim]] = [[]]  # by sentence
        quoted: list[Sentence] = []  # of a quotation whose speaker is still to come
        for sentence in sentences(self.text, self.names.words):
            if self._furniture(sentence):
                continue
            self.seen.add(sentence.text)
            found = frames(sentence, self.names, memory)
            if quoted and sentence.closes_quotation and found[0].voices != (ARTICLE,):
                made[-len(quoted) :] = [self._spoken(each, found[0]) for each in quoted]
            if not sentence.all_quoted or sentence.opens_quotation:
                quoted = []
            if sentence.opens_quotation or (quoted and sentence.all_quoted):
                quoted.append(sentence)
            made.append(self._of_sentence(sentence, found, made))
        return iter([claim for claims in made for claim in claims])

    def _spoken(self, sentence: Sentence, frame: Frame) -> list[Claim]:
        """A quoted sentence read anew, now that the end of the quotation names its speaker."""
        whole = replace(
            frame, head=(0, 0), content=(0, len(sentence.text)), status="says", carried=True
        )
        return gathered(self._of_frame(sentence, whole, None), self.text)

    def _of_sentence(
        self, sentence: Sentence, found: tuple[Frame, ...], before: list[list[Claim]]
    ) -> list[Claim]:
        made: list[Claim] = []
        for frame in found:
            if frame.about_previous:
                before[-1] = [spoken_by(claim, frame, self.names) for claim in before[-1]]
            else:
                made += self._of_frame(sentence, frame, _last(made) or _last(before[-1]))
        if not made and not any(frame.about_previous for frame in found):
            # Nothing is lost: a sentence that fits no frame is told by the article.
            whole = Frame((ARTICLE,), "says", (0, 0), (0, len(sentence.text)))
            made = self._of_frame(sentence, whole, None)
        told = beside_others(gathered(made, self.text))
        return carried_on(told, before[-1], self.names.words)

    def _furniture(self, sentence: Sentence) -> bool:
        """Headings repeated, bylines, clocks: no sentence, so no claim and no date."""
        if sentence.text in self.seen:
            return True
        if self.names.words.fragment("dateline_alone").fullmatch(sentence.text):
            return True
        if sentence.ended and len(sentence.text.split()) > 2:
            return False
        about = subject_of(sentence.text, self.names.words, has_persons=False)
        return about is None or len(sentence.text.split()) < 4

    def _of_frame(self, sentence: Sentence, frame: Frame, last: Claim | None) -> list[Claim]:
        if not frame.carried:
            channel = channel_of(sentence, self.names.words)
            self.carried = (channel, self._said(sentence, frame))
        made: list[Claim] = []
        for clause in clauses(sentence.text, frame, self.names):
            made += self._of_clause(sentence, clause, _last(made) or last)
        return made + self._of_head(sentence, frame)

    def _said(self, sentence: Sentence, frame: Frame) -> When:
        """When it was said: a date in the head of the frame, else the dateline."""
        head = sentence.text[frame.head[0] : frame.head[1]]
        head = self.names.words.fragment("told_of_speaker").sub("", head)
        found = [m.past for m in moments(head, self.names.words, self.said_at) if m.past != NEVER]
        return found[-1] if found else NEVER

    def _of_head(self, sentence: Sentence, frame: Frame) -> list[Claim]:
        """ "After the call with X, A wrote": the speaker says that the call took place."""
        start, end = frame.head
        head = sentence.text[start:end]
        comma = head.find(",")
        lead = head[: comma + 1 or None]
        led = self.names.words.pattern("after").match(lead)
        cue = subject_of(lead, self.names.words, has_persons=False) if led else None
        if cue is None or cue.value != "call":
            return []
        clause = Clause(start, start + len(lead), lead, frame, frame.voices)
        when = self.carried[1]
        parts = Parts(cue, Cue("completed", cue.start, cue.end), (), when, when)
        return [self._claim(sentence, clause, voice, parts) for voice in frame.voices]

    def _of_clause(self, sentence: Sentence, clause: Clause, last: Claim | None) -> list[Claim]:
        words = self.names.words
        counts = counts_in(clause.text, self.names, self._side(clause.voices[0]))
        subject = self._subject(clause, counts, last)
        status = status_of(clause.text, words, clause.frame.status)
        if last is not None and words.pattern("coordinated").match(clause.text.lstrip(" -,")):
            status = Cue(last.status, 0, 0)  # "agreed to exchange ... and return ..."
        parts = self._parts(sentence, clause, subject, status, counts)
        made = [
            self._claim(sentence, clause, voice, each)
            for each in _dead_and_living(parts)
            for voice in clause.voices
        ]
        return made + self._beside(sentence, clause, parts)

    def _subject(self, clause: Clause, counts: tuple[Found, ...], last: Claim | None) -> Cue | None:
        """What the clause names first; "which was agreed" speaks of what stands before it."""
        found = subject_of(clause.text, self.names.words, bool(counts))
        if counts and all(item.count.state == "remains" for item in counts):
            found = found if found and found.value not in EXCHANGE else _counted("remains", counts)
        if found is None and counts and self._moves(clause):
            found = _counted("exchange", counts)
        if found is None and self.names.words.pattern("holding_now").search(clause.text):
            found = self._held(clause, counts)
        if found is None and counts and last is not None and last.subject in EXCHANGE:
            verbless = status_of(clause.text, self.names.words, "says") is None
            found = _counted(last.subject, counts) if verbless else None
        if found is None and counts and self.main_day is not None and self._lists(clause, counts):
            found = _counted("exchange", counts)
        if last is None or last.subject in ("outlook", "other", "source", "background"):
            return found or self._held(clause, counts)
        again = self.names.words.pattern("it_again").match(clause.text.lstrip("\u201c\"'\u00ab "))
        name = "exchange" if last.subject == "comparison" else last.subject
        if clause.relative and name in EXCHANGE:
            return Cue(name, 0, 0)
        if found is None and (again or clause.relative):
            return Cue(name, 0, 0)
        return found or self._held(clause, counts)

    def _lists(self, clause: Clause, counts: tuple[Found, ...]) -> bool:
        """ "Of these, 23 officers and 69 privates.": a sentence without a verb goes on counting
        those whom the report told of before."""
        words, text = self.names.words, clause.text.lstrip("\u201c\"'\u00ab -\u2013")
        if status_of(clause.text, words, "says") is not None or len(counts) < 2:
            return False
        return bool(words.pattern("of_those").match(text)) or text[0].isdigit()

    def _held(self, clause: Clause, counts: tuple[Found, ...]) -> Cue | None:
        """Where nothing is told of an exchange, people who are held are what is spoken of."""
        held = self.names.words.pattern("held_weakly").search(clause.text) if counts else None
        return Cue("held", *held.span()) if held else None

    def _moves(self, clause: Clause) -> bool:
        """Whether the clause tells that its people went, go or will go somewhere."""
        status = status_of(clause.text, self.names.words, "says")
        return status is not None and status.value in ("completed", "planned", "under_way")

    def _parts(
        self,
        sentence: Sentence,
        clause: Clause,
        subject: Cue | None,
        status: Cue | None,
        counts: tuple[Found, ...],
    ) -> Parts:
        article = clause.voices == (ARTICLE,)
        chosen = status_for(subject, status, counts, article, self._over(clause.text))
        said = NEVER if article else self.carried[1]
        base = instant_of(said, self.said_at)
        event = event_of(clause, sentence, self.names.words, base, chosen.value)
        named = UNNAMED.get(chosen.value, "outlook")
        loose = article and chosen.value in ("agreed", "ready")  # of whatever it may be
        about = subject or Cue("other" if loose else named, 0, 0)
        if chosen.value == "demanded" and about.value == "territory":
            about = Cue("demand", about.start, about.end)
        if about.value in EXCHANGE and chosen.value == "asserted" and status is None and not counts:
            # "The exchange is part of a wider plan": nothing is told of how far it is.
            about = Cue("other", about.start, about.end)
        old = about.value not in LASTING and not counts and long_ago(event, self.said_at)
        if article and (about.value in CONTEXT or old):
            about = Cue("background", about.start, about.end)
            chosen = Cue("asserted", chosen.start, chosen.end)
        if article and self.names.words.pattern("unclear").search(clause.text):
            about = Cue("background", about.start, about.end)
            chosen = Cue("asserted", chosen.start, chosen.end)
        if article and self.names.words.pattern("background_sources").search(clause.text):
            about = Cue("source", 0, 0)
        now = chosen.value in ("completed", "under_way", "confirmed")
        since = self.names.words.pattern("since").search(clause.text)
        if event == NEVER and now and about.value in EXCHANGE and not since:
            # News without a day is of the day on which it is told.
            event = (said[0] or self.main_day or day_of(self.said_at), None)
        elif event == NEVER and chosen.value == "agreed" and said[0]:
            event = said  # "said on May 16 that both had agreed"
        elif now and about.value in EXCHANGE and self.main_day is None and event[0]:
            self.main_day = recent(event[0], self.said_at)
        return Parts(about, chosen, counts, said, event)

    def _over(self, text: str) -> bool:
        """News without a verb ("One more exchange today."), or told in the past, is over."""
        words = self.names.words
        past, to_come = (words.pattern(name).search(text) for name in ("past_tense", "to_come"))
        return len(text.split()) <= BARE or bool(past and not to_come)

    def _side(self, voice: Voice) -> str | None:
        if voice.code is None:
            return None
        return self.names.side(voice.code) or (None if self.names.sides else voice.code)

    def _beside(self, sentence: Sentence, clause: Clause, parts: Parts) -> list[Claim]:
        """Numbers that belong to something else than the clause's subject: a claim of their own.

        Deaths a week beside a call; an earlier exchange beside "the largest since".
        """
        words = self.names.words
        deaths = tuple(f for f in parts.counts if f.count.unit != "persons")
        found = words.pattern("subjects", "casualties").search(clause.text)
        if parts.subject.value not in ("casualties", "comparison") and deaths and found:
            about, status = Cue("casualties", *found.span()), Cue("asserted", *found.span())
            mine = Parts(about, status, deaths, parts.said, NEVER)
        elif parts.subject.value == "comparison" and parts.counts:
            return self._compared(sentence, clause, parts)
        else:
            return []
        return [self._claim(sentence, clause, voice, mine) for voice in clause.voices]

    def _compared(self, sentence: Sentence, clause: Clause, parts: Parts) -> list[Claim]:
        """The exchange that is "the largest since", and the one before it, each with its people."""
        since = self.names.words.pattern("since").search(clause.text, parts.subject.start)
        cut = since.start() if since else len(clause.text)
        about = Cue("exchange", parts.subject.start, parts.subject.end)
        told = status_of(clause.text[: about.start], self.names.words, clause.frame.status)
        to_come = told is not None and told.value in ("agreed", "planned")
        value = told.value if told is not None and to_come else "completed"
        status = Cue(value, about.start, about.end)
        now: When = (parts.said[0] or day_of(self.said_at), None)
        earlier = tuple(f for f in parts.counts if f.start >= cut)
        groups = (
            (tuple(f for f in parts.counts if f.start < cut), now if earlier else parts.event),
            (earlier, parts.event),
        )
        made = [Parts(about, status, counts, parts.said, day) for counts, day in groups if counts]
        return [self._claim(sentence, clause, voice, p) for p in made for voice in clause.voices]

    def _claim(self, sentence: Sentence, clause: Clause, voice: Voice, parts: Parts) -> Claim:
        words = self.names.words
        start, end = sentence.start + clause.start, sentence.start + clause.end
        side = self._side(voice)
        day, window = parts.event
        counts = [f for f in parts.counts if belongs(f, parts.subject.value, clause.text, words)]
        article = voice.kind == "article"
        reasons = doubts_of(sentence, clause, voice, parts, counts, self.names)
        doubts = tuple(dict.fromkeys(reasons))
        return Claim(
            id="",
            status=parts.status.value,
            subject=parts.subject.value,
            speaker=Words.plain(voice.label),
            role="press" if article else "party" if side else "third",
            party=side,
            counts=tuple(f.count for f in counts),
            category=category_of(clause.text, words) if not counts else None,
            extent="whole" if words.pattern("whole").search(clause.text) else "part",
            event_date=day,
            window=window,
            about=about_of(clause, voice, parts, self.names),
            places=places_of(clause.text, self.names),
            said_at=self.said_at,
            said_on=parts.said[0] or day_of(self.said_at),
            via=clause.frame.through,
            channel=channel_of(sentence, words) if article else self.carried[0],
            quote_form=form_of(sentence, clause, voice, words),
            span=Span(start, end),
            slots=slots_of(voice, parts, counts, start),
            sure=not doubts,
            doubts=doubts,
            text=self.text[start:end].strip(" ,;\n"),
        )


def _dead_and_living(parts: Parts) -> tuple[Parts, ...]:
    """Two claims where one clause tells of people and of bodies: they are counted apart."""
    dead = tuple(f for f in parts.counts if f.count.state == "remains")
    living = tuple(f for f in parts.counts if f.count.state != "remains")
    if not dead or not living or parts.subject.value not in ("exchange", "remains"):
        return (parts,)
    return tuple(
        replace(parts, subject=replace(parts.subject, value=name), counts=counts)
        for name, counts in (("exchange", living), ("remains", dead))
    )


def _counted(subject: str, counts: tuple[Found, ...]) -> Cue:
    """The subject where only the people counted tell it."""
    return Cue(subject, counts[0].start, counts[0].end)


def _last(claims: list[Claim]) -> Claim | None:
    return claims[-1] if claims else None
