"""Headers out of form or out of place, each with the reason that must be given.

The header is changed and signed again by its author's own key, and tiles, root and checkpoint are
made to fit, so that nothing but the named rule stands against it.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.record.parties import keys_of
from tests.verifier.surgery import ENTRY, OFFICER, officers

Change = Callable[[bytes], bytes]

ONES = b"1" * 64
PART = b"part " + ONES + b" " + ONES + b"\n"
SIGNED = b"1" * 128
# The order of Ed25519's main subgroup.
L = 2**252 + 27742317777372353535851937790883648493
# Places in north's log of the basis.
ORDER, LATE, CONCEDED, CLOSING = 2, 10, 13, 14


def _find(header: bytes, name: str) -> bytes:
    return next(
        each for each in header.splitlines(keepends=True) if each.startswith(name.encode() + b" ")
    )


def replace(old: bytes, new: bytes) -> Change:
    def change(header: bytes) -> bytes:
        assert old in header, (old, header)
        return header.replace(old, new, 1)

    return change


def value(name: str, new: bytes) -> Change:
    return lambda header: header.replace(_find(header, name), name.encode() + b" " + new + b"\n")


def drop(name: str) -> Change:
    return lambda header: header.replace(_find(header, name), b"", 1)


def after(name: str, new: bytes) -> Change:
    return lambda header: header.replace(_find(header, name), _find(header, name) + new, 1)


def before(name: str, new: bytes) -> Change:
    return lambda header: header.replace(_find(header, name), new + _find(header, name), 1)


def end(new: bytes) -> Change:
    return lambda header: header + new


def seen(*rows: bytes) -> Change:
    """Other ``seen`` lines before the kind."""
    return before("kind", b"".join(b"seen " + row + b" " + ONES + b"\n" for row in rows))


FORM: list[tuple[str, str, Change]] = [
    ("more than 2,048 bytes", "header-too-long", end(PART * 14)),
    ("CR LF", "header-not-ascii", lambda header: header.replace(b"\n", b"\r\n")),
    ("a byte over 127", "header-not-ascii", replace(b"stage 1", b"stage \xb9")),
    ("a tab", "header-not-ascii", replace(b"stage 1", b"stage\t1")),
    ("a zero byte", "header-not-ascii", end(b"\x00")),
    ("DEL", "header-not-ascii", replace(b"stage 1", b"stage 1\x7f")),
    ("no last newline", "header-cut", lambda header: header[:-1]),
    ("no header", "header-cut", lambda _: b""),
    ("another version", "header-format", replace(b"entry/v1", b"entry/v2")),
    ("an empty first line", "header-format", lambda header: b"\n" + header),
    ("only a newline", "header-format", lambda _: b"\n"),
    ("a forbidden line", "header-line-unknown", after("step", b"place bridge\n")),
    ("an empty line", "header-line-unknown", after("step", b"\n")),
    ("a second newline at the end", "header-line-unknown", end(b"\n")),
    ("a line in capitals", "header-line-unknown", replace(b"stage", b"Stage")),
    ("a space before a line", "header-line-unknown", replace(b"stage", b" stage")),
    ("the format again", "header-line-unknown", before("exchange", b"homeward-entry/v1\n")),
    ("a line twice", "header-line-twice", after("stage", b"stage 1\n")),
    ("a line again at the end", "header-line-twice", end(b"seq 2\n")),
    ("two kinds", "header-line-twice", after("kind", b"kind received\n")),
    ("two lines swapped", "header-line-order", replace(b"stage 1\nstep 1", b"step 1\nstage 1")),
    ("a sighting behind the kind", "header-line-order", after("kind", b"seen x.y.1 1 " + ONES)),
    ("prior before class", "header-line-order", before("class", b"prior " + ONES + b"\n")),
    ("an empty value", "header-value-malformed", value("stage", b"")),
    ("a name without value", "header-value-malformed", replace(b"stage 1", b"stage")),
    ("two spaces", "header-value-malformed", replace(b"stage 1", b"stage  1")),
    ("a space at the end", "header-value-malformed", replace(b"stage 1", b"stage 1 ")),
    ("stage 0", "header-value-malformed", value("stage", b"0")),
    ("stage 01", "header-value-malformed", value("stage", b"01")),
    ("stage +1", "header-value-malformed", value("stage", b"+1")),
    ("step -1", "header-value-malformed", value("step", b"-1")),
    ("step 1.0", "header-value-malformed", value("step", b"1.0")),
    ("a number of 16 digits", "header-value-malformed", value("step", b"1" * 16)),
    ("epoch 0", "header-value-malformed", value("epoch", b"0")),
    ("seq 00", "header-value-malformed", value("seq", b"00")),
    ("exchange in capitals", "header-value-malformed", value("exchange", b"A" * 64)),
    ("prev of 63 digits", "header-value-malformed", value("prev", b"0" * 63)),
    ("prev of 65 digits", "header-value-malformed", value("prev", b"0" * 65)),
    ("a handle of 31 digits", "header-value-malformed", value("handle", b"1" * 31)),
    ("a handle of 64 digits", "header-value-malformed", value("handle", ONES)),
    ("a class of two words", "header-value-malformed", value("class", b"military/living")),
    ("a class of four words", "header-value-malformed", value("class", b"a/b/c/d")),
    ("a class in capitals", "header-value-malformed", value("class", b"Military/living/inside")),
    ("an author with a dot", "header-value-malformed", value("author", b"no.rth")),
    ("a writer that begins with a digit", "header-value-malformed", value("writer", b"1st")),
    ("a name of 33 letters", "header-value-malformed", value("from", b"n" * 33)),
    ("a name with an underscore", "header-value-malformed", value("to", b"so_uth")),
    ("a kind in capitals", "header-value-malformed", value("kind", b"Released")),
    ("a kind with two dashes", "header-value-malformed", value("kind", b"not--released")),
    ("a kind that ends in a dash", "header-value-malformed", value("kind", b"released-")),
    ("a sighting of nothing", "header-value-malformed", seen(b"south.office.1 0")),
    ("a sighting without a root", "header-value-malformed", before("kind", b"seen a.b.1 1\n")),
    ("a sighting of no log", "header-value-malformed", seen(b"south.office 1")),
    ("a part of one hash", "header-value-malformed", end(b"part " + ONES + b"\n")),
    ("an officer's short signature", "header-value-malformed", end(b"officer alder 11\n")),
    ("no exchange", "header-line-missing", drop("exchange")),
    ("no author", "header-line-missing", drop("author")),
    ("no writer", "header-line-missing", drop("writer")),
    ("no epoch", "header-line-missing", drop("epoch")),
    ("no seq", "header-line-missing", drop("seq")),
    ("no prev", "header-line-missing", drop("prev")),
    ("no kind", "header-line-missing", drop("kind")),
    ("nothing but the format", "header-line-missing", lambda _: b"homeward-entry/v1\n"),
    ("an unknown kind", "kind-unknown", value("kind", b"release-orders")),
    ("the beginning of a kind", "kind-unknown", value("kind", b"release")),
    ("a line the kind forbids: digest", "field-forbidden", after("handle", b"digest %b\n" % ONES)),
    ("a line the kind forbids: sums", "field-forbidden", after("handle", b"sums a=1\n")),
    ("a line the kind forbids: part", "field-forbidden", end(PART)),
    ("a handle in a list", "field-forbidden", value("kind", b"list-submitted")),
    ("a person in a closing", "field-forbidden", value("kind", b"step-closed")),
    ("no stage", "field-missing", drop("stage")),
    ("no step", "field-missing", drop("step")),
    ("no holder", "field-missing", drop("from")),
    ("no receiver", "field-missing", drop("to")),
    ("no class", "field-missing", drop("class")),
    ("no handle", "field-missing", drop("handle")),
    ("an officer too many", "officers-number", end(b"officer alder " + SIGNED + b"\n")),
    ("two officers too many", "officers-number", officers),
    ("to itself", "field-contradicts", value("to", b"north")),
    ("sightings out of order", "seen-malformed", seen(b"west.a.1 1", b"south.b.1 1")),
    ("a log seen twice", "seen-malformed", seen(b"south.b.1 1", b"south.b.1 2")),
    ("its own log seen", "seen-malformed", seen(b"north.office.1 1")),
    ("thirteen sightings", "seen-malformed", seen(*(b"south.a%02d.1 1" % n for n in range(13)))),
]

PLACE: list[tuple[str, str, Change]] = [
    ("another exchange", "exchange-other", value("exchange", ONES)),
    ("another author", "log-other", value("author", b"south")),
    ("another writer", "log-other", value("writer", b"bus")),
    ("a dead epoch", "log-other", value("epoch", b"2")),
    ("a number left out", "seq-gap", value("seq", b"3")),
    ("a number again", "seq-gap", value("seq", b"1")),
    ("another entry before it", "prev-differs", value("prev", ONES)),
    ("nothing before it", "prev-differs", value("prev", b"0" * 64)),
    ("a log of a stranger seen", "party-unknown", seen(b"stranger.office.1 1")),
    (
        "a count by a side",
        "author-not-allowed",
        lambda header: (
            value("kind", b"counted")(drop("class")(drop("handle")(header))) + b"sums heads=1\n"
        ),
    ),
    ("from a stranger", "party-unknown", value("from", b"stranger")),
    ("to a stranger", "party-unknown", value("to", b"stranger")),
]

# The entry before this one says that two entries of South's log were seen.
SIGHTINGS: list[tuple[str, str, Change]] = [
    ("less of a log seen than before", "seen-goes-down", seen(b"south.office.1 1")),
    ("as much of a log seen, with another root", "seen-goes-down", seen(b"south.office.1 2")),
    ("more of a log seen than there is", "tail-cut", seen(b"south.office.1 9")),
    ("a log seen with another root", "seen-differs", seen(b"south.office.1 3")),
]

OFFICERS: list[tuple[str, str, Change]] = [
    ("no officer", "officers-number", lambda header: header),
    ("one officer", "officers-number", lambda header: officers(header, ["alder"])),
    ("three officers", "officers-number", lambda header: officers(
        header, ["alder", "birch", "cedar"])),
    ("officers out of order", "officers-malformed", lambda header: officers(
        header, ["birch", "alder"])),
    ("one officer twice", "officers-malformed", lambda header: officers(
        header, ["alder", "alder"])),
    ("an officer of the other side", "officer-signature-wrong", lambda header: officers(
        header, party="south")),
    ("an officer nobody knows", "officer-unknown", lambda header: officers(header).replace(
        b"officer birch", b"officer zelda")),
    ("an officer who signed nothing", "officer-signature-wrong", lambda header: header
        + b"officer alder " + SIGNED + b"\nofficer birch " + SIGNED + b"\n"),
    ("officers who signed another person", "officer-signature-wrong", lambda header: officers(
        header).replace(b"stage 1", b"stage 2")),
    ("two officers who signed with their lines", "officer-signature-wrong",
        lambda header: officers(officers(header, ["alder"]), ["birch"])),
]  # fmt: skip

SUMS: list[tuple[str, str, Change]] = [
    ("sums out of order", "sums-malformed", value("sums", b"b=1 a=1")),
    ("a sum twice", "sums-malformed", value("sums", b"a=1 a=2")),
    ("a sum with a zero before", "header-value-malformed", value("sums", b"a=01")),
    ("a sum without a number", "header-value-malformed", value("sums", b"a=")),
    ("a sum below zero", "header-value-malformed", value("sums", b"a=-1")),
    ("a sum in capitals", "header-value-malformed", value("sums", b"A=1")),
    ("two spaces between sums", "header-value-malformed", value("sums", b"a=1  b=2")),
    ("a sum of 81 letters", "header-value-malformed", value("sums", b"a" * 81 + b"=1")),
    ("no sums", "field-missing", drop("sums")),
    ("a count that is wrong", "sums-differ", value("sums", b"own/release-ordered=11")),
    ("a count of what is not there", "sums-differ", value("sums", b"own/nothing=1")),
    ("a longer log of the other's", "tail-cut", value("sums", b"size/south.office.1=99")),
]


def _flip(at: int) -> Change:
    return lambda leaf: leaf[:at] + bytes([leaf[at] ^ 1]) + leaf[at + 1 :]


def _signed_by(party: str, purpose: str, prefix: bytes) -> Change:
    key = getattr(keys_of(party), purpose)
    return lambda leaf: key.sign(prefix + leaf[64:]) + leaf[64:]


def _larger(leaf: bytes) -> bytes:
    """S and the group's order: the same point, another spelling."""
    number = int.from_bytes(leaf[32:64], "little") + L
    return leaf[:32] + number.to_bytes(32, "little") + leaf[64:]


WRONG = "entry-signature-wrong"
LEAVES: list[tuple[str, str, Change]] = [
    ("a bit of R", WRONG, _flip(0)),
    ("a bit of S", WRONG, _flip(40)),
    ("S and the group's order", WRONG, _larger),
    ("no signature", WRONG, lambda leaf: bytes(64) + leaf[64:]),
    ("R of small order", WRONG, lambda leaf: b"\x01" + bytes(63) + leaf[64:]),
    ("a person put in unsigned", WRONG, lambda leaf: leaf.replace(b"handle 0", b"handle 1")),
    ("the checkpoint key", WRONG, _signed_by("north", "checkpoint", ENTRY)),
    ("the other side's key", WRONG, _signed_by("south", "entry", ENTRY)),
    ("a signature without its prefix", WRONG, _signed_by("north", "entry", b"")),
    ("a signature under the officer's prefix", WRONG, _signed_by("north", "entry", OFFICER)),
    ("a leaf of 64 bytes", "header-cut", lambda leaf: leaf[:64]),
    ("a leaf of 10 bytes", "header-cut", lambda leaf: leaf[:10]),
    ("a leaf hash among entries", "bundle-malformed", lambda leaf: leaf[:32]),
]
