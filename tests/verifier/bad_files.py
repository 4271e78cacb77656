"""Notes, tiles and other files of a copy that are wrong, each with the reason for it."""

from __future__ import annotations

import base64
from collections.abc import Callable

from homeward.record.signing import SigningKey
from tests.record.parties import keys_of
from tests.verifier.good import basis, long
from tests.verifier.surgery import (
    NORTH,
    SOUTH,
    Files,
    cosigned,
    head_text,
    leaf_hash,
    leaves_of,
    line,
    put_back,
    signed,
    signed_head,
    tile,
)

Edit = Callable[[Files], Files]
HEAD = f"{NORTH}/checkpoint"
BUNDLE, TILE = f"{NORTH}/{tile('entries', 0, 15)}", f"{NORTH}/{tile(0, 0, 15)}"
SECOND = "north.office.2"


def at(name: str, change: Callable[[bytes], bytes]) -> Edit:
    """An edit of one file."""

    def edit(files: Files) -> Files:
        changed = change(files[name])
        assert changed != files[name], name
        return {**files, name: changed}

    return edit


def put(name: str, data: bytes) -> Edit:
    return lambda files: {**files, name: data}


def gone(name: str) -> Edit:
    return lambda files: {each: data for each, data in files.items() if each != name}


def swap(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        assert old in data, (old, data)
        return data.replace(old, new, 1)

    return change


def flip(where: int) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        place = where % len(data)
        return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]

    return change


def _lines(note: bytes) -> list[bytes]:
    return note.split(b"\n")


def _last_twice(note: bytes) -> bytes:
    return note + _lines(note)[-2] + b"\n"


def _no_own_line(note: bytes) -> bytes:
    text, _, rest = note.partition(b"\n\n")
    return text + b"\n\n" + rest.partition(b"\n")[2]


def _resigned(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Another text under the log's own signature."""
    return lambda note: signed_head(
        change(note.partition(b"\n\n")[0] + b"\n"), keys_of("north").checkpoint
    )


def _spelt(note: bytes) -> bytes:
    """The last signature in base64 with a stray bit."""
    last = _lines(note)[-2]
    return note.replace(last, last[:-2] + (b"B=" if last[-2:-1] != b"B" else b"C="))


def _line_of(length: int, kind: int = 4, bit: int = 0) -> Callable[[bytes], bytes]:
    """A line of South's witness key over that many bytes."""

    def change(note: bytes) -> bytes:
        bare = signed_head(note.partition(b"\n\n")[0] + b"\n", keys_of("north").checkpoint)
        name = f"homeward/{note.split(b'/')[1].decode()}/south/witness"
        return bare + line(name, kind, keys_of("south").witness.public, bytes([bit] * length))

    return change


def _cosigned_at(time: int, key: SigningKey | None = None) -> Callable[[bytes], bytes]:
    def change(note: bytes) -> bytes:
        bare = signed_head(note.partition(b"\n\n")[0] + b"\n", keys_of("north").checkpoint)
        return cosigned(bare, "south", time, key)

    return change


def _stolen(note: bytes) -> bytes:
    """South's line of another checkpoint of the same log."""
    other = next(data for name, data in basis().items() if name.startswith(f"{NORTH}/checkpoints/"))
    own = signed_head(note.partition(b"\n\n")[0] + b"\n", keys_of("north").checkpoint)
    return own + b"".join(x + b"\n" for x in _lines(other) if b"/south/witness " in x)


STRANGERS = b"".join(line(f"w{n}", 1, b"k" * 32, b"s" * 64) for n in range(100))

NOTES: list[tuple[str, str, Callable[[bytes], bytes]]] = [
    ("a note of 64 KiB and more", "note-too-long", lambda note: note + b"x" * 65536),
    ("a byte that is no UTF-8", "note-not-utf8", swap(b"\n\n", b"\xff\n\n")),
    ("a surrogate in UTF-8", "note-not-utf8", swap(b"\n\n", b"\xed\xa0\x80\n\n")),
    ("CR LF in a note", "note-control-character", lambda note: note.replace(b"\n", b"\r\n")),
    ("a tab in a note", "note-control-character", swap(b"homeward/", b"\thomeward/")),
    ("no empty line", "note-malformed", swap(b"\n\n", b"\n")),
    ("no signatures", "note-malformed", lambda note: note.partition(b"\n\n")[0] + b"\n\n"),
    ("an empty note", "note-malformed", lambda _: b""),
    ("no newline at the end", "note-malformed", lambda note: note[:-1]),
    ("junk behind the note", "note-malformed", lambda note: note + b"junk\n"),
    ("an empty line behind the note", "note-malformed", lambda note: note + b"\n"),
    ("a hyphen for the dash", "note-malformed", swap("—".encode(), b"-")),
    ("a line without a name", "note-malformed", lambda note: note + "—  QUJDREU=\n".encode()),
    ("a plus in a name", "note-malformed", lambda note: note + "— a+b QUJDREU=\n".encode()),
    ("an odd space in a name", "note-malformed", lambda note: note
        + "— a\u00a0b QUJDREU=\n".encode()),
    ("four bytes of signature", "note-malformed", lambda note: note + "— a QUJDRA==\n".encode()),
    ("101 signatures", "note-too-many-signatures", lambda note: note + STRANGERS),
    ("a signature twice", "note-signature-twice", _last_twice),
    ("a stranger's signature twice", "note-signature-twice", lambda note: note
        + 2 * line("w", 1, b"k" * 32, b"s" * 64)),
    ("base64 with a stray bit", "base64-malformed", _spelt),
    ("base64 without padding", "base64-malformed", lambda note: note + "— a QUJDREU\n".encode()),
    ("base64 of another alphabet", "base64-malformed", lambda n: n + "— a QUJD-EU_\n".encode()),
    ("a space behind base64", "base64-malformed", lambda note: note + "— a QUJDREU= \n".encode()),
    ("an extension line", "checkpoint-malformed", swap(b"\n\n", b"\nmore\n\n")),
    ("no origin", "checkpoint-malformed", swap(b"homeward", b"\nhomeward")),
    ("a size with a zero before", "checkpoint-malformed", swap(b"\n15\n", b"\n015\n")),
    ("a size in words", "checkpoint-malformed", swap(b"\n15\n", b"\nten\n")),
    ("a root of 31 bytes", "checkpoint-malformed", lambda note: note.replace(
        _lines(note)[2], base64.b64encode(bytes(31)))),
    ("a root that is no base64", "base64-malformed", lambda note: note.replace(
        _lines(note)[2], b"!" * 44)),
    ("the checkpoint of another log", "exchange-other", swap(b"/north/office", b"/south/office")),
    ("the checkpoint of another epoch", "exchange-other", swap(b"/office/1\n", b"/office/2\n")),
    ("size 0, signed", "checkpoint-malformed", _resigned(swap(b"\n15\n", b"\n0\n"))),
    ("a bit of the log's signature", "checkpoint-signature-wrong", lambda note: note.replace(
        _lines(note)[4], line(
            _lines(note)[0].decode(), 1, keys_of("north").checkpoint.public, b"1" * 64)[:-1])),
    ("no line of the log", "checkpoint-signature-wrong", _no_own_line),
    ("another size unsigned", "checkpoint-signature-wrong", swap(b"\n15\n", b"\n14\n")),
    ("another root unsigned", "checkpoint-signature-wrong", lambda note: note.replace(
        _lines(note)[2], base64.b64encode(bytes(32)))),
    ("signed by the entry key", "checkpoint-signature-wrong", lambda note: signed_head(
        note.partition(b"\n\n")[0] + b"\n", keys_of("north").entry)),
    ("another root, signed", "root-differs", _resigned(lambda text: text.replace(
        text.split(b"\n")[2], base64.b64encode(bytes(32))))),
    ("a larger size, signed", "bundle-missing", _resigned(swap(b"\n15\n", b"\n16\n"))),
    ("a size of 15 digits, signed", "bundle-missing", _resigned(
        swap(b"\n15\n", b"\n999999999999999\n"))),
    ("a smaller size, signed", "tail-cut", _resigned(swap(b"\n15\n", b"\n3\n"))),
    ("a short countersignature", "cosignature-malformed", _line_of(71)),
    ("a long countersignature", "cosignature-malformed", _line_of(73)),
    ("a time of 2^63", "cosignature-malformed", _line_of(72, bit=0x80)),
    ("a time after the year 9999", "cosignature-malformed", _cosigned_at(253402300800)),
    ("a time of zero bytes", "cosignature-wrong", _line_of(72)),
    ("a countersignature taken from elsewhere", "cosignature-wrong", _stolen),
]  # fmt: skip


def _bundle_of(leaves: list[bytes]) -> bytes:
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def _swapped(files: Files) -> Files:
    leaves = leaves_of(files)
    leaves[4], leaves[5] = leaves[5], leaves[4]
    return put_back(files, leaves)


def _ending_otherwise(leaves: list[bytes]) -> list[bytes]:
    """Another last entry, signed by its author."""
    return [*leaves[:-1], signed(swap(b"proposal=1", b"proposal=2")(leaves[-1][64:]))]


def _cut(keep: int) -> Edit:
    return lambda files: put_back(files, leaves_of(files)[:keep])


def _older(size: int, change: Callable[[list[bytes]], list[bytes]] = list, name: str = "") -> Edit:
    """An older checkpoint, signed by the log, over hashes that may be others."""

    def edit(files: Files) -> Files:
        hashes = [leaf_hash(leaf) for leaf in leaves_of(files)][:size]
        hashes += [bytes(32)] * (size - len(hashes))
        note = signed_head(head_text(files, NORTH, change(hashes)), keys_of("north").checkpoint)
        return {**files, f"{NORTH}/checkpoints/{name or size}": note}

    return edit


def _other_exchange(files: Files) -> Files:
    """North's log of an exchange between the same parties under other terms."""
    other = long(3)
    return {**files, **{name: data for name, data in other.items() if name.startswith(NORTH)}}


def _replayed(files: Files) -> Files:
    return put_back(files, [*leaves_of(files)[:2], leaves_of(long(3))[2]])


TREES: list[tuple[str, str, Edit]] = [
    ("no bundle", "bundle-missing", gone(BUNDLE)),
    ("the bundle under another width", "bundle-missing", lambda files: {
        **gone(BUNDLE)(files), f"{NORTH}/{tile('entries', 0, 14)}": files[BUNDLE]}),
    ("a bundle cut short", "bundle-malformed", at(BUNDLE, lambda data: data[:-1])),
    ("a byte behind a bundle", "bundle-malformed", at(BUNDLE, lambda data: data + b"\x00")),
    ("an entry of no bytes", "bundle-malformed", at(BUNDLE, lambda data: data + bytes(2))),
    ("an entry too many", "bundle-malformed", at(BUNDLE, lambda data: data + b"\x00\x01x")),
    ("an entry too few", "bundle-malformed", lambda files: {
        **files, BUNDLE: _bundle_of(leaves_of(files)[:-1])}),
    ("an empty bundle", "bundle-malformed", put(BUNDLE, b"")),
    ("a bundle without end", "bundle-malformed", put(BUNDLE, b"\xff" * 2_000_000)),
    ("a tile of another hash", "tile-differs", at(TILE, flip(40))),
    ("a tile cut short", "tile-differs", at(TILE, lambda data: data[:-1])),
    ("a tile with junk behind", "tile-differs", at(TILE, lambda data: data + b"\x00")),
    ("no tile", "tile-missing", gone(TILE)),
    ("entries swapped", "seq-gap", _swapped),
    ("an entry left out", "seq-gap", lambda files: put_back(
        files, leaves_of(files)[:3] + leaves_of(files)[4:])),
    ("an entry twice", "seq-gap", lambda files: put_back(
        files, leaves_of(files)[:4] + leaves_of(files)[3:])),
    ("an entry of another log", "log-other", lambda files: put_back(
        files, [*leaves_of(files)[:3], leaves_of(files, SOUTH)[0]])),
    ("an entry of another exchange", "exchange-other", _replayed),
    ("a log of another exchange", "exchange-other", _other_exchange),
    ("the tail cut", "tail-cut", _cut(9)),
    ("all but one entry cut", "tail-cut", _cut(1)),
    ("tiles changed to fit, the checkpoint kept", "root-differs", lambda files: {
        **put_back(files, _ending_otherwise(leaves_of(files))), HEAD: files[HEAD]}),
    ("an older checkpoint with another root", "root-differs", _older(
        7, lambda hashes: [bytes(32), *hashes[1:]])),
    ("an older checkpoint that is larger", "tail-cut", _older(16)),
    ("an older checkpoint under another number", "checkpoint-misnamed", _older(7, name="6")),
    ("an older checkpoint that is empty", "note-malformed", put(f"{NORTH}/checkpoints/3", b"")),
    ("no checkpoint", "checkpoint-missing", gone(HEAD)),
    ("another policy", "policy-differs", at(f"{NORTH}/policy", lambda data: data + b"\n")),
    ("a policy of another quorum", "policy-differs", at(
        f"{NORTH}/policy", swap(b"quorum held", b"quorum none"))),
    ("a log of nobody", "log-unknown", put("west.office.1/checkpoint", b"x")),
    ("a second epoch without a certificate", "log-unknown", put(f"{SECOND}/checkpoint", b"x")),
    ("a certificate for a log that a card opens", "certificate-malformed", put(
        f"{NORTH}/certificate", b"homeward-writer/v1\n")),
    ("a body under another name", "body-digest-differs", put("bodies/" + "0" * 64, b"x")),
    ("a body of an odd name", "body-digest-differs", put("bodies/list", b"x")),
    ("a body changed", "body-digest-differs", lambda files: at(
        next(name for name in files if name.startswith("bodies/")), flip(90))(files)),
]  # fmt: skip
