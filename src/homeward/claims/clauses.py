"""The clauses of what somebody says, each of which may make a claim of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from homeward.claims.cues import status_of, subject_of
from homeward.claims.mentions import Names
from homeward.claims.speakers import ARTICLE, Frame, Voice


@dataclass(frozen=True, slots=True)
class Clause:
    """Part of a sentence with its speakers; places are counted in the sentence."""

    start: int
    end: int
    text: str
    frame: Frame
    voices: tuple[Voice, ...]
    relative: bool = False


def clauses(sentence: str, frame: Frame, names: Names) -> tuple[Clause, ...]:
    """The frame's content in clauses; one without a subject or status joins the one before it."""
    begin, end = frame.content
    if begin == 0:
        dateline = names.words.fragment("dateline").match(sentence)
        begin = dateline.end() if dateline else 0
    found: list[Clause] = []
    for start, stop, relative in _pieces(sentence[begin:end], names):
        made = _clause(sentence, begin + start, begin + stop, frame, relative)
        whole = bool(found) and _says_something(found[-1], names)
        if not found or (whole and _stands_alone(made, names)):
            found.append(made)
        else:
            found[-1] = _clause(sentence, found[-1].start, made.end, frame, found[-1].relative)
    return tuple(found)


def _clause(sentence: str, start: int, end: int, frame: Frame, relative: bool) -> Clause:
    # Reported words end where "which" begins: what follows is the article's own voice.
    before = frame.content[1] <= frame.head[0]
    told = relative and frame.voices != (ARTICLE,) and not before
    voices = (ARTICLE,) if told else frame.voices
    if told:
        frame = Frame(voices, "says", (start, start), (start, end))
    return Clause(start, end, sentence[start:end], frame, voices, relative)


def _pieces(content: str, names: Names) -> list[tuple[int, int, bool]]:
    cuts = {0: False}
    dashes = len(re.findall(r"\s--?(?=\s)", content))
    for match in names.words.fragment("connectors").finditer(content):
        if match.group().strip("- ") or dashes == 1:  # two dashes hold something aside
            cuts.setdefault(match.start(), False)
    for match in names.words.fragment("relative").finditer(content):
        if not _inside_quotation(content, match.start()):
            cuts[match.start()] = True
    edges = sorted(cuts)
    return [
        (start, stop, cuts[start])
        for start, stop in zip(edges, [*edges[1:], len(content)], strict=True)
        if content[start:stop].strip(" ,;.")
    ]


def _inside_quotation(content: str, at: int) -> bool:
    before = content[:at]
    signs = (("\u201c", "\u201d"), ("\u00ab", "\u00bb"))
    opened = any(before.count(first) > before.count(last) for first, last in signs)
    return opened or before.count('"') % 2 == 1


def _stands_alone(clause: Clause, names: Names) -> bool:
    words = names.words
    subject = subject_of(clause.text, words, has_persons=_has_number(clause.text))
    if subject is not None and subject.value == "comparison":
        return True
    if subject is not None and subject.value == "held" and _has_number(clause.text):
        return True
    if words.pattern("coordinated").match(clause.text.lstrip(" -,")):
        return subject is not None
    status = status_of(clause.text, words, "says", to_be_masked=False)
    if clause.relative:
        value = status.value if status is not None else ""
        told = value in ("completed", "planned") and subject is not None
        return told or value == "agreed"
    return subject is not None and status is not None


def _says_something(clause: Clause, names: Names) -> bool:
    frame = clause.frame
    before = frame.content[1] <= frame.head[0]  # "The exchange, which ..., was confirmed by X"
    return status_of(clause.text, names.words, "says" if before else frame.status) is not None


def _has_number(text: str) -> bool:
    return bool(re.search(r"\d", text))
