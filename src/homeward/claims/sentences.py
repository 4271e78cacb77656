"""A text as lines and sentences with their quotations; spans point into the text as given."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from homeward.claims.words_for import Lexicon

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
# Russian is printed with and without its two dots; words are compared without.
_DOTTED = {ord("\u0451"): "\u0435", ord("\u0401"): "\u0415"}
# Arabic signs and figures, and the Hebrew hyphen, as the signs that the rules are written with.
_SIGNS = dict(zip(map(ord, "\u060c\u061b\u061f\u05be"), ",;?-", strict=True))
_FIGURES = {0x660 + n: str(n) for n in range(10)} | {0x6F0 + n: str(n) for n in range(10)}
# Hebrew marks an abbreviation with a quotation mark inside the word.
_INSIDE_WORD = re.compile(r'(?<=[\u05d0-\u05ea])["\u05f4](?=[\u05d0-\u05ea])')
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\t"), " ")
_ONE_FOR_ONE = _DASHES | _SPACES | _DOTTED | _SIGNS | _FIGURES
_APOSTROPHE = re.compile(r"(?<=\w)[\u2019\u02bc](?=\w)")
_OPENING = "\u201c\u00ab\u201e"
_CLOSING = "\u201d\u00bb"
_END = re.compile(
    r"""[.!?\u2026]+["'\u201d\u2019\u00bb)]*(?=\s+["'(\u201c\u2018\u00ab\u201e-]*[^\W_a-z])"""
)

Interval = tuple[int, int]


def plainly(text: str) -> str:
    """The text with one kind of dash, space and apostrophe; every character keeps its place."""
    return _APOSTROPHE.sub("'", _INSIDE_WORD.sub("'", text.translate(_ONE_FOR_ONE)))


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: where it stands, its words, and which parts of it are quoted."""

    start: int
    end: int
    line: int
    text: str
    quoted: tuple[Interval, ...]
    ended: bool
    signed_by: str = ""  # who signs the line, as posts are signed

    def in_quotation(self, at: int) -> bool:
        """Whether the place, counted in the whole text, is quoted."""
        return any(start <= at < end for start, end in self.quoted)

    @property
    def all_quoted(self) -> bool:
        """Whether nothing outside quotation marks is left to say who speaks."""
        outside = "".join(
            character
            for at, character in enumerate(self.text, self.start)
            if not self.in_quotation(at) and character.isalpha()
        )
        return bool(self.quoted) and not outside

    @property
    def opens_quotation(self) -> bool:
        """Whether a quotation begins with it that goes on in the next sentence."""
        opened = self.quoted and self.quoted[-1][0] == self.start
        return bool(opened) and self.all_quoted and self.text[-1] not in _CLOSING + '"'

    @property
    def closes_quotation(self) -> bool:
        """Whether a quotation that began before ends in it, with other words behind."""
        first = self.quoted[0] if self.quoted else None
        inside = first is not None and first[0] == self.start and first[1] < self.end
        return inside and self.text[0] not in _OPENING + '"'


def sentences(text: str, words: Lexicon) -> tuple[Sentence, ...]:
    """Every sentence of every line, in order; a line without a full stop is one too."""
    plain = plainly(text)
    found: list[Sentence] = []
    offset = 0
    for number, line in enumerate(plain.split("\n")):
        if line.strip():
            quoted = _quotations(line, offset)
            signature = words.fragment("signature").search(line)
            signed_by = signature["name"].strip() if signature else ""
            for start, end in _split(line, words):
                a, b = offset + start, offset + end
                inside = tuple((max(s, a), min(e, b)) for s, e in quoted if s < b and e > a)
                body = plain[a:b]
                ended = bool(re.search(r"[.!?\u2026:][\"'\u201d\u2019\u00bb)]*$", body))
                found.append(Sentence(a, b, number, body, inside, ended, signed_by))
        offset += len(line) + 1
    return tuple(found)


def _split(line: str, words: Lexicon) -> list[Interval]:
    cuts = [
        match.end()
        for match in _END.finditer(line)
        if not _abbreviated(line, match, words) and not _spoken_after(line, match, words)
    ]
    edges = [0, *cuts, len(line)]
    spans = []
    for start, end in pairwise(edges):
        body = line[start:end]
        if body.strip():
            lead = len(body) - len(body.lstrip())
            spans.append((start + lead, start + len(body.rstrip())))
    return spans


def _spoken_after(line: str, match: re.Match[str], words: Lexicon) -> bool:
    """ "... freedom!" President A B wrote: whoever is quoted comes in the same sentence."""
    if match.group()[-1] not in "\"\u201d\u00bb'":
        return False
    rest = line[match.end() :]
    following = rest[: found.start()] if (found := _END.search(rest)) else rest
    says = words.pattern("speech", "says").search(following)
    if says is None or len(following.split()) > 10:
        return False
    return "," not in following[: says.start()]


def _abbreviated(line: str, match: re.Match[str], words: Lexicon) -> bool:
    if match.group()[0] != "." or len(match.group()) > 1:
        return False
    before = line[: match.start()]
    return bool(_ends_with_abbreviation(words.source("abbreviations")).search(before))


@cache
def _ends_with_abbreviation(source: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{source}|[^\W\d_])$", re.IGNORECASE)


def _quotations(line: str, offset: int) -> list[Interval]:
    """Quoted stretches of a line; one that is not closed ends with the line."""
    found: list[Interval] = []
    start: int | None = None
    for at, character in enumerate(line):
        opens, closes = _role(line, at, character, start is not None)
        if opens and start is None:
            start = at
        elif closes and start is not None:
            found.append((offset + start, offset + at + 1))
            start = None
    if start is not None:
        found.append((offset + start, offset + len(line)))
    return found


def _role(line: str, at: int, character: str, inside: bool) -> tuple[bool, bool]:
    before = line[at - 1] if at else " "
    after = line[at + 1] if at + 1 < len(line) else " "
    if character in _OPENING:
        return True, False
    if character in _CLOSING:
        return False, True
    if character == '"':
        return not inside, inside
    single = character in "'\u2018\u2019"
    if single and not inside:
        # Single marks open a quotation only before a capital: "the 'bloodbath'" is one word.
        return before.isspace() and after.isupper(), False
    ends = before in ",.!?\u2026" or at + 1 == len(line)
    if single and inside and ends and not after.isalnum():
        return False, "'" in line or "\u2018" in line
    return False, False
