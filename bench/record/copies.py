"""A record copy of any length on disk, written without ever being held in memory."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

from homeward.record import Draft, Exchange, Keys
from homeward.record.copying import policy_text
from homeward.record.entry import ZEROS, sign_entry
from homeward.record.exchange import first_log
from homeward.record.log import BySize, Log, new_log
from homeward.record.notes import Checkpoint, Cosignature
from homeward.record.tiles import tile_path

WIDTH = 256
AT = 1_903_856_400


def write_copy(folder: Path, exchange: Exchange, keys: dict[str, Keys], entries: int) -> None:
    """Half the entries in each side's log, all signed; each log countersigned by the other."""
    (folder / "exchange.txt").write_text(exchange.text, encoding="ascii")
    for name, other in (("north", "south"), ("south", "north")):
        log = new_log(exchange, first_log(name))
        assert log is not None
        bundles = signed_bundles(log, keys[name], other, entries // 2)
        for index, (width, bundle) in enumerate(bundles):
            save(folder / log.name / tile_path("entries", index, width), bundle)
        save_heads(folder, log, keys[name], keys[other])


def signed_bundles(log: Log, keys: Keys, to: str, count: int) -> Iterator[tuple[int, bytes]]:
    """The log's bundles with their widths; its tree grows as they are made."""
    prev, framed, width = ZEROS, b"", 0
    for seq in range(count):
        draft = Draft(
            "release-ordered",
            stage=1,
            step=1 + seq // 30,
            sender=keys.name,
            to=to,
            cls="military/living/inside",
            handle=secrets.token_hex(16),
        )
        entry = sign_entry(
            draft,
            exchange=log.exchange.id,
            log=log.name,
            seq=seq,
            prev=prev,
            seen=[],
            parts=[],
            keys=(keys.entry, keys.officers),
        )
        prev = entry.hash
        log.tree.append(bytes.fromhex(prev))
        framed, width = framed + len(entry.leaf).to_bytes(2, "big") + entry.leaf, width + 1
        if width == WIDTH or seq == count - 1:
            yield width, framed
            framed, width = b"", 0


def save_heads(folder: Path, log: Log, keys: Keys, witness: Keys) -> None:
    """Checkpoint with its countersignature, policy and hash tiles."""
    size, root = len(log.tree), log.tree.root()
    checkpoint = Checkpoint(log.origin, size, root)
    log.checkpoints[size] = (root, checkpoint.sign(keys.checkpoint))
    seen = Cosignature(size, witness.name, AT, checkpoint.cosign(witness.witness, AT))
    log.cosignatures[witness.name] = BySize()
    log.cosignatures[witness.name][size] = seen
    save(folder / log.name / "checkpoint", log.note(size))
    save(folder / log.name / "policy", policy_text(log).encode("ascii"))
    for level, index, width in spans(size):
        data = log.tree.row(level * 8, index * WIDTH, width)
        save(folder / log.name / tile_path(level, index, width), data)


def spans(size: int) -> Iterator[tuple[int, int, int]]:
    level = 0
    while size:
        for index in range(-(-size // WIDTH)):
            yield level, index, min(WIDTH, size - index * WIDTH)
        level, size = level + 1, size // WIDTH


def save(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
