"""Copies cut open: a log's leaves taken out, changed, signed again, and put back so that all fits.

The tiles and roots are computed here once more, so that nothing rests on the code under test.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from homeward.record.signing import SigningKey
from tests.record.parties import keys_of

Files = dict[str, bytes]

NORTH, SOUTH = "north.office.1", "south.office.1"
NINE = 1903856400  # 2030-05-01T09:00:00Z
ENTRY = b"homeward-entry/v1 signature\n"
OFFICER = b"homeward-entry/v1 officer\n"


def exchange_id(files: Mapping[str, bytes]) -> str:
    return hashlib.sha256(files["exchange.txt"]).hexdigest()


@lru_cache(maxsize=65536)
def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def leaf_hash(leaf: bytes) -> bytes:
    """The leaf hash; an item of 32 bytes is one already."""
    return leaf if len(leaf) == 32 else hashlib.sha256(b"\x00" + leaf).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """The tree head of RFC 6962, as its definition reads."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256(b"").digest()
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return _node(root(hashes[:split]), root(hashes[split:]))


def tile(level: int | str, index: int, width: int) -> str:
    """The path of a tile below its log's folder, for indexes below 1,000."""
    return f"tile/{level}/{index:03d}" + ("" if width == 256 else f".p/{width}")


def _rows(count: int) -> Iterable[tuple[int, int]]:
    return ((start // 256, min(256, count - start)) for start in range(0, count, 256))


def tiles(leaves: Sequence[bytes], kind: str = "entries") -> Files:
    """Every tile and bundle of a log."""
    found = {}
    for index, width in _rows(len(leaves)):
        part = leaves[index * 256 : index * 256 + width]
        found[tile(kind, index, width)] = b"".join(len(x).to_bytes(2, "big") + x for x in part)
    level, hashes = 0, [leaf_hash(leaf) for leaf in leaves]
    while hashes:
        for index, width in _rows(len(hashes)):
            found[tile(level, index, width)] = b"".join(hashes[index * 256 : index * 256 + width])
        full = range(0, len(hashes) - 255, 256)
        level, hashes = level + 1, [root(hashes[start : start + 256]) for start in full]
    return found


def leaves_of(files: Mapping[str, bytes], log: str = NORTH) -> list[bytes]:
    """The leaves of a log, from its bundles."""
    found = []
    prefix = f"{log}/tile/entries/"
    for name in sorted(name for name in files if name.startswith(prefix)):
        data = files[name]
        while data:
            length = int.from_bytes(data[:2], "big")
            found.append(data[2 : 2 + length])
            data = data[2 + length :]
    return found


def line(name: str, kind: int, public: bytes, value: bytes) -> bytes:
    """A signature line of a note."""
    key = hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]
    return f"— {name} {base64.b64encode(key + value).decode()}\n".encode()


def head_text(files: Mapping[str, bytes], log: str, hashes: Sequence[bytes]) -> bytes:
    origin = f"homeward/{exchange_id(files)}/{log.replace('.', '/')}"
    return f"{origin}\n{len(hashes)}\n{base64.b64encode(root(hashes)).decode()}\n".encode()


def signed_head(text: bytes, key: SigningKey) -> bytes:
    """A checkpoint's note with the log's own line."""
    origin = text.split(b"\n", 1)[0].decode()
    return text + b"\n" + line(origin, 1, key.public, key.sign(text))


def cosigned(
    note: bytes, party: str, at: int = NINE, key: SigningKey | None = None, role: str = "side"
) -> bytes:
    """The note with a party's countersignature behind it."""
    text = note.rpartition(b"\n\n")[0] + b"\n"
    name = f"homeward/{text.split(b'/')[1].decode()}/{party}/witness"
    witness = key or keys_of(party, role).witness
    value = at.to_bytes(8, "big") + witness.sign(b"cosignature/v1\ntime %d\n" % at + text)
    return note + line(name, 4, witness.public, value)


def put_back(
    files: Mapping[str, bytes],
    leaves: Sequence[bytes],
    log: str = NORTH,
    cosigners: Sequence[str] = (),
    kind: str = "entries",
    key: SigningKey | None = None,
) -> Files:
    """The copy with other leaves in a log, and tiles and checkpoint that fit them."""
    kept = {
        name: data
        for name, data in files.items()
        if not name.startswith((f"{log}/tile/", f"{log}/checkpoint"))
    }
    text = head_text(files, log, [leaf_hash(leaf) for leaf in leaves])
    note = signed_head(text, key or keys_of(log.partition(".")[0]).checkpoint)
    for each in cosigners:
        note = cosigned(note, each)
    kept[f"{log}/checkpoint"] = note
    return kept | {f"{log}/{name}": data for name, data in tiles(leaves, kind).items()}


def signed(header: bytes, key: SigningKey | None = None) -> bytes:
    """A leaf: the header under its author's entry key."""
    return (key or keys_of("north").entry).sign(ENTRY + header) + header


def officers(
    header: bytes, names: Sequence[str] = ("alder", "birch"), party: str = "north"
) -> bytes:
    """The header with officers' lines behind it."""
    table = keys_of(party).officers
    lines = [f"officer {each} {table[each].sign(OFFICER + header).hex()}\n" for each in names]
    return header + "".join(lines).encode()


def with_header(
    files: Mapping[str, bytes], seq: int, change: Callable[[bytes], bytes], log: str = NORTH
) -> Files:
    """The copy with one header changed and signed again; the leaves behind it are left out."""
    leaves = leaves_of(files, log)
    header = change(leaves[seq][64:])
    key = keys_of(log.partition(".")[0]).entry
    return put_back(files, [*leaves[:seq], signed(header, key)], log)


def chained(headers: Iterable[bytes], key: SigningKey | None = None) -> list[bytes]:
    """Leaves from headers whose ``seq`` and ``prev`` are written anew."""
    found: list[bytes] = []
    prev = "0" * 64
    for seq, header in enumerate(headers):
        lines = header.decode().split("\n")
        lines[5], lines[6] = f"seq {seq}", f"prev {prev}"
        leaf = signed("\n".join(lines).encode(), key)
        found.append(leaf)
        prev = leaf_hash(leaf).hex()
    return found
