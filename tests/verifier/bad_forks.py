"""Proofs of double-dealing that are wrong, and copies that others contradict."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable

from tests.record.parties import keys_of
from tests.verifier.bad_files import HEAD, TILE, at, flip
from tests.verifier.good import basis, forked, long, public
from tests.verifier.surgery import SOUTH, Files, cosigned, leaf_hash, leaves_of, line, put_back


def _proof(kind: str) -> str:
    files = forked(3, 4, 2)[0]
    texts = [data.decode() for name, data in files.items() if name.startswith("forks/")]
    return next(text for text in texts if f"\n{kind} " in text)


def _told(change: Callable[[list[str]], list[str]], kind: str = "leaf", name: str = "") -> Files:
    """The copy of a fork with a proof changed, under the name it then has."""
    text = "\n".join(change(_proof(kind).split("\n")))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {**forked(3, 4, 2)[0], f"forks/{name or digest}": text.encode()}


def _put(place: int, new: str) -> Callable[[list[str]], list[str]]:
    return lambda lines: [*lines[:place], new, *lines[place + 1 :]]


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unsigned(lines: list[str]) -> list[str]:
    leaf = bytearray(base64.b64decode(lines[3][5:]))
    leaf[0] ^= 1
    return [*lines[:3], "leaf " + _b64(bytes(leaf)), *lines[4:]]


def _by_stranger(note: bytes) -> bytes:
    return note.partition(b"\n\n")[0] + b"\n\n" + line("w", 1, b"k" * 32, b"s" * 64)


def _by_another(note: bytes) -> bytes:
    """The log's own line, with a signature by its entry key."""
    north = keys_of("north")
    text = note.partition(b"\n\n")[0] + b"\n"
    origin = text.split(b"\n", 1)[0].decode()
    return text + b"\n" + line(origin, 1, north.checkpoint.public, north.entry.sign(text))


def _of_another(note: bytes) -> bytes:
    """Another origin above, the log's own name and key below."""
    key = keys_of("north").checkpoint
    origin = note.split(b"\n", 1)[0].decode()
    text = note.partition(b"\n\n")[0].replace(b"/north/", b"/south/") + b"\n"
    return text + b"\n" + line(origin, 1, key.public, key.sign(text))


FORKS: list[tuple[str, str, Callable[[], Files]]] = [
    ("an empty proof", "fork-malformed", lambda: {**basis(), "forks/x": b""}),
    ("a proof over 64 KiB", "fork-malformed", lambda: _told(lambda x: [*x[:-1], "y" * 65536, ""])),
    ("another version of proof", "fork-malformed", lambda: _told(_put(0, "homeward-fork/v2"))),
    ("a proof of no log", "fork-malformed", lambda: _told(_put(2, "lag x"))),
    ("a proof of an unknown log", "log-unknown", lambda: _told(_put(2, "log west.office.1"))),
    ("a proof of another exchange", "exchange-other", lambda: _told(
        _put(1, "exchange " + "1" * 64))),
    ("a proof that is no base64", "base64-malformed", lambda: _told(_put(3, "leaf !"))),
    ("a proof with other words", "fork-malformed", lambda: _told(
        lambda x: [*x[:3], x[3].replace("leaf", "leef"), *x[4:]])),
    ("three leaves", "fork-malformed", lambda: _told(lambda x: [*x[:4], x[3], *x[4:]])),
    ("one leaf twice", "fork-not-shown", lambda: _told(lambda x: [*x[:4], x[3], x[5]])),
    ("the larger leaf first", "fork-malformed", lambda: _told(
        lambda x: [*x[:3], x[4], x[3], x[5]])),
    ("a leaf nobody signed", "entry-signature-wrong", lambda: _told(_unsigned)),
    ("a leaf out of form", "header-cut", lambda: _told(_put(3, "leaf " + _b64(b"x" * 90)))),
    ("a proof of another log's entries", "fork-malformed", lambda: _told(
        lambda x: [
            *x[:3], *sorted("leaf " + _b64(leaf) for leaf in 2 * leaves_of(basis(), SOUTH)[:1]),
            x[5]])),
    ("a proof under another name", "fork-malformed", lambda: _told(list, name="1" * 64)),
    ("a proof with an empty path", "fork-not-shown", lambda: _told(
        lambda x: [*x[:5], "path ", ""], "note")),
    ("one checkpoint twice", "fork-not-shown", lambda: _told(
        lambda x: [*x[:4], x[3], ""], "note")),
    ("a proof with one checkpoint", "fork-malformed", lambda: _told(
        lambda x: [*x[:4], *x[5:]], "note")),
    ("a proof with a path that leads elsewhere", "fork-not-shown", lambda: _told(
        lambda x: [*x[:5], "path " + _b64(bytes(32)), *x[6:]], "note")),
    ("a proof whose note nobody signed", "note-malformed", lambda: _told(
        lambda x: _put(3, "note " + _b64(base64.b64decode(x[3][5:]).partition(b"\n\n")[0]))(x),
        "note")),
    ("a proof whose note only a stranger signed", "fork-malformed", lambda: _told(
        lambda x: _put(3, "note " + _b64(_by_stranger(base64.b64decode(x[3][5:]))))(x), "note")),
    ("a proof whose note another key signed", "checkpoint-signature-wrong", lambda: _told(
        lambda x: _put(3, "note " + _b64(_by_another(base64.b64decode(x[3][5:]))))(x), "note")),
    ("a proof whose note is of another log", "fork-malformed", lambda: _told(
        lambda x: _put(3, "note " + _b64(_of_another(base64.b64decode(x[3][5:]))))(x), "note")),
    ("a proof whose note holds a countersignature", "fork-malformed", lambda: _told(
        lambda x: _put(3, "note " + _b64(cosigned(base64.b64decode(x[3][5:]), "south")))(x),
        "note")),
]  # fmt: skip


def _twin() -> tuple[Files, Files]:
    south, observer = forked(3, 4, 2)
    plain = [{n: d for n, d in each.items() if not n.startswith("forks/")}
             for each in (south, observer)]  # fmt: skip
    return plain[0], plain[1]


AGAINST: list[tuple[str, str | None, Callable[[], tuple[Files, Files]]]] = [
    ("itself", None, lambda: (basis(), basis())),
    ("a public copy of itself", None, lambda: (basis(), public())),
    ("a shorter copy", None, lambda: (long(5), long(3))),
    ("a longer copy", "tail-cut", lambda: (long(3), long(5))),
    ("a copy of another exchange", "exchange-other", lambda: (basis(), long(3))),
    ("the other branch", "fork", _twin),
    ("this branch, from the other", "fork", lambda: _twin()[::-1]),
    ("the other branch, withheld", "fork", lambda: (_twin()[0], _withheld(_twin()[1]))),
    ("this branch, withheld, from the other", "fork", lambda: (
        _withheld(_twin()[1]), _twin()[0])),
    ("a copy without one log", None, lambda: (basis(), {
        n: d for n, d in basis().items() if not n.startswith(SOUTH)})),
    ("a copy with a log more", None, lambda: ({
        n: d for n, d in basis().items() if not n.startswith(SOUTH)}, basis())),
    ("a copy that is unsound itself", None, lambda: (basis(), at(TILE, flip(3))(basis()))),
    ("a copy without exchange", "exchange-missing", lambda: (basis(), {"x": b""})),
    ("nothing, as it has no exchange itself", "exchange-missing", lambda: ({"x": b""}, basis())),
]  # fmt: skip


def _withheld(files: Files) -> Files:
    """The copy with all of North's headers left out; the checkpoint is its own."""
    leaves = [leaf_hash(leaf) for leaf in leaves_of(files)]
    made = put_back(files, leaves, kind="headers")
    return {**made, HEAD: files[HEAD]}
