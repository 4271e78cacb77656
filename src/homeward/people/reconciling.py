"""Which persons two lists have in common, found by keys, without showing either list.

Each office turns every line into six keys (name and birth date in six ways) and each key into a
token. Equal keys give equal tokens; a token tells nothing of its key to whoever lacks the secret.

    commitment  of the offer, exchanged first: nobody chooses a list after seeing the other's
    offer       an office's tokens, shrouded by its secret, sorted
    reply       the other's tokens, shrouded once more, in the other's order, with a proof
    common      what is in both, from the two offers and the two replies

``group`` is the arithmetic (``homeward.record.points``), handed in: this room knows no secrets.
With a neutral there is one message each, see ``keyed_tokens`` and ``compare_tokens``.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from homeward.people import folding
from homeward.people.keys import Keys, keys
from homeward.people.line import Line
from homeward.problem import Problem, Refused

PER_LINE = 6
_SCRIPTS = ("arab", "hebr")  # which write no vowels
MOST_LINES = 20_000
KEY_BYTES = 32
_WIDTH = 32  # bytes of a token
_HEAD = "homeward-common/v1"
Random = Callable[[int], bytes]


class Group(Protocol):
    """The arithmetic of tokens; ``homeward.record.points`` is one."""

    def point_of(self, text: bytes, /) -> bytes:
        """A text as a point."""

    def is_proper_point(self, point: bytes, /) -> bool:
        """Whether bytes are a point that may be multiplied."""

    def new_secret(self, random: Random, /) -> bytes:
        """A secret."""

    def public_of(self, secret: bytes, /) -> bytes:
        """The point that stands for a secret."""

    def shroud(self, point: bytes, secret: bytes, /) -> bytes:
        """A point times a secret."""

    def prove_shrouded(
        self, secret: bytes, points: Sequence[bytes], shrouded: Sequence[bytes], /
    ) -> bytes:
        """A proof that one secret shrouded all."""

    def is_shrouded(
        self, public: bytes, points: Sequence[bytes], shrouded: Sequence[bytes], proof: bytes, /
    ) -> bool:
        """Whether such a proof holds."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An office's tokens: ``owners`` are the positions of the lines behind each, none for those
    that only fill up. ``secret`` never leaves the office and is used for one offer alone."""

    message: bytes
    owners: tuple[tuple[int, ...], ...]
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Common:
    """A line of ours that the other list has too: its position, and the numbers of the tokens of
    the other offer that it shares."""

    line: int
    theirs: tuple[int, ...]


def keys_of(line: Line) -> tuple[str, ...]:
    """The line as at most six texts; two lines with one of them equal are likely one person.

    Surname, given name and date; surname, names and year; given name, father and date; the surname
    by ear, father and date; and surname, given name and date as Arabic letters write them, and as
    Hebrew ones do. Only the likeliest reading of each name is taken.
    """
    written = (line.surname, line.given_name, line.patronymic)
    name, sounds = keys(*written), keys(*written, _SCRIPTS)
    surname, given, father = (part[:1] for part in (name.surnames, name.givens, name.fathers))
    born = line.birth_date
    year = (str(born.year),) if born else ()
    date = (str(born),) if born and born.day is not None else ()
    ear = tuple(map(folding.loose, surname))
    parts: list[tuple[tuple[str, ...], ...]] = [
        (surname, given, date),
        (surname, given, father, year),
        (given, father, date),
        (ear, father, date),
        *((*_written_in(script, sounds), date) for script in _SCRIPTS),
    ]
    return tuple(
        "\x1f".join((str(kind), *(part[0] for part in known)))
        for kind, known in enumerate(parts, 1)
        if all(known)
    )


def _written_in(script: str, name: Keys) -> Iterator[tuple[str, ...]]:
    """The likeliest skeletons of surname and given name in a script without vowels."""
    for skeletons in (name.surname_skeletons, name.given_skeletons):
        yield tuple(text for text in skeletons if text.startswith(f"{script}:"))[:1]


def make_offer(lines: Sequence[Line], context: str, group: Group, random: Random) -> Offer:
    """The tokens of a list for one comparison; raises Refused for a list that is too long.

    ``context`` names the comparison (a digest of exchange, plan and parties): tokens of another
    one cannot be used in it. Every line has six tokens, those it lacks are random, so that the
    message tells the number of lines and nothing else.
    """
    secret = group.new_secret(random)
    owners = _owners(lines, context)
    points = {
        group.shroud(group.point_of(text), secret): tuple(own) for text, own in owners.items()
    }
    while len(points) < PER_LINE * len(lines):
        points[group.shroud(group.point_of(random(64)), secret)] = ()
    order = sorted(points)
    message = _message("offer", context, [group.public_of(secret), *order])
    return Offer(message, tuple(points[point] for point in order), secret)


def commitment(message: bytes) -> str:
    """What an office says of its offer before it shows it: the SHA-256, in hexadecimal."""
    return hashlib.sha256(message).hexdigest()


def read_offer(
    message: bytes, context: str, group: Group, *, committed: str, most_lines: int = MOST_LINES
) -> tuple[bytes, ...]:
    """The tokens of the other office, its public point first; raises Refused with all that is
    wrong: another list than committed to, too many lines, doubled tokens, improper points."""
    points, problems = _read("offer", message, context)
    shown = commitment(message)
    if shown != committed:
        problems.append(Problem("people.common-not-committed", "offer", shown[:16], committed[:16]))
    if len(points) - 1 > PER_LINE * most_lines:
        found, expected = str((len(points) - 1) // PER_LINE), f"<= {most_lines} lines"
        problems.append(Problem("people.common-too-many-lines", "offer", found, expected))
    elif not points:
        problems.append(
            Problem("people.common-malformed", "offer", "no public point", "one before the tokens")
        )
    elif not problems:
        problems += _improper("offer", points, group)
        if list(points[1:]) != sorted(set(points[1:])):
            problems.append(
                Problem("people.common-tokens-unsorted", "offer", "", "sorted, none twice")
            )
    if problems:
        raise Refused(problems)
    return points


def make_reply(mine: Offer, theirs: Sequence[bytes], context: str, group: Group) -> bytes:
    """The other office's tokens (from ``read_offer``) shrouded by our secret as well."""
    shrouded = [group.shroud(point, mine.secret) for point in theirs[1:]]
    proof = group.prove_shrouded(mine.secret, theirs[1:], shrouded)
    return _message("reply", context, [proof[:_WIDTH], proof[_WIDTH:], *shrouded])


def find_common(
    mine: Offer, theirs: Sequence[bytes], reply: bytes, context: str, group: Group
) -> tuple[Common, ...]:
    """Our lines that both lists have; raises Refused for a reply that is not to our offer.

    ``theirs`` is the other office's offer as ``read_offer`` gave it, ``reply`` its reply to ours.
    """
    points, problems = _read("reply", reply, context)
    own = _split(mine.message.partition(b"\n")[2])[1:]
    if not problems and len(points) != len(own) + 2:
        problems.append(
            Problem("people.common-other-length", "reply", str(len(points)), str(len(own) + 2))
        )
    if not problems:
        problems += _improper("reply", points[2:], group)
    if not problems and not group.is_shrouded(theirs[0], own, points[2:], b"".join(points[:2])):
        hint = "the reply was not made with the secret of the offer"
        problems.append(
            Problem("people.common-not-proved", "reply", "", "one secret for all tokens", hint)
        )
    if problems:
        raise Refused(problems)
    twice = {group.shroud(point, mine.secret): at for at, point in enumerate(theirs[1:])}
    return _common(mine.owners, [twice.get(point) for point in points[2:]])


def keyed_tokens(lines: Sequence[Line], context: str, key: bytes, random: Random) -> Offer:
    """The tokens of a list for a neutral to compare: HMAC-SHA-256 with a key that both offices
    have (32 bytes, sealed to each other) and the neutral has not; filled up as in an offer."""
    if len(key) != KEY_BYTES:
        raise Refused(
            [Problem("people.common-other-length", "key", str(len(key)), f"{KEY_BYTES} bytes")]
        )
    tokens = {
        hmac.digest(key, text, "sha256"): tuple(own)
        for text, own in _owners(lines, context).items()
    }
    while len(tokens) < PER_LINE * len(lines):
        tokens[hashlib.sha256(random(_WIDTH)).digest()] = ()
    order = sorted(tokens)
    message = _message("tokens", context, order)
    return Offer(message, tuple(tokens[token] for token in order), key)


def compare_tokens(one: bytes, other: bytes, context: str) -> tuple[tuple[int, int], ...]:
    """The neutral's part: the numbers of the tokens that are in both messages, as pairs."""
    read = [_read("tokens", message, context) for message in (one, other)]
    problems = [problem for _, found in read for problem in found]
    problems += [
        Problem("people.common-tokens-unsorted", "tokens", "", "sorted, none twice")
        for tokens, _ in read
        if list(tokens) != sorted(set(tokens))
    ]
    if problems:
        raise Refused(problems)
    places = {token: at for at, token in enumerate(read[1][0])}
    return tuple((at, places[token]) for at, token in enumerate(read[0][0]) if token in places)


def common_of(mine: Offer, found: Sequence[tuple[int, int]]) -> tuple[Common, ...]:
    """Our lines behind the neutral's answer, given as (number of ours, number of theirs)."""
    wrong = [one for one, _ in found if not 0 <= one < len(mine.owners)]
    if wrong:
        expected = f"0 to {len(mine.owners) - 1}"
        raise Refused([Problem("people.common-no-such-token", "answer", str(wrong[0]), expected)])
    theirs = dict(found)
    return _common(mine.owners, [theirs.get(at) for at in range(len(mine.owners))])


def _owners(lines: Sequence[Line], context: str) -> dict[bytes, list[int]]:
    """The positions of the lines behind each key."""
    if len(lines) > MOST_LINES:
        raise Refused(
            [
                Problem(
                    "people.common-too-many-lines",
                    "list",
                    str(len(lines)),
                    f"<= {MOST_LINES} lines",
                )
            ]
        )
    owners: dict[bytes, list[int]] = defaultdict(list)
    for at, line in enumerate(lines):
        for text in keys_of(line):
            owners[f"{context}\0{text}".encode()].append(at)
    return owners


def _common(owners: Sequence[Sequence[int]], found: Sequence[int | None]) -> tuple[Common, ...]:
    shared: dict[int, set[int]] = defaultdict(set)
    for own, other in zip(owners, found, strict=True):
        if other is not None:
            for line in own:
                shared[line].add(other)
    return tuple(Common(line, tuple(sorted(shared[line]))) for line in sorted(shared))


def _message(kind: str, context: str, tokens: Sequence[bytes]) -> bytes:
    return f"{_HEAD} {kind} {context} {len(tokens)}\n".encode() + b"".join(tokens)


def _read(kind: str, message: bytes, context: str) -> tuple[tuple[bytes, ...], list[Problem]]:
    """The 32-byte items of a message, and what is wrong with its shape."""
    head, line_end, body = message.partition(b"\n")
    items = _split(body)
    if not line_end or head != f"{_HEAD} {kind} {context} {len(items)}".encode():
        expected = f"{_HEAD} {kind}, for this comparison, with its number of tokens"
        return items, [
            Problem("people.common-malformed", kind, head[:40].decode("ascii", "replace"), expected)
        ]
    if len(body) != _WIDTH * len(items):
        found = f"{len(body)} bytes"
        return items, [Problem("people.common-malformed", kind, found, f"{_WIDTH} bytes a token")]
    return items, []


def _split(body: bytes) -> tuple[bytes, ...]:
    return tuple(body[at : at + _WIDTH] for at in range(0, len(body), _WIDTH))


def _improper(kind: str, points: Sequence[bytes], group: Group) -> list[Problem]:
    wrong = [at for at, point in enumerate(points) if not group.is_proper_point(point)]
    if not wrong:
        return []
    found = f"{len(wrong)} of {len(points)}, first number {wrong[0]}"
    return [Problem("people.common-improper-token", kind, found, "points of the prime-order group")]
