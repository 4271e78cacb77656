"""Writing a record copy: plain files that anyone can verify without this program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from homeward.record.entry import Entry
from homeward.record.exchange import Exchange
from homeward.record.forks import Fork
from homeward.record.log import Log
from homeward.record.notes import COSIGNATURE, PLAIN, verifier_key
from homeward.record.tiles import write_tiles

EXCHANGE = "exchange.txt"


def copy_files(
    exchange: Exchange,
    logs: Iterable[Log],
    forks: Iterable[Fork] = (),
    show: Callable[[Entry], bool] | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file: the exchange, then every log's folder, then fork proofs.

    ``show`` makes a public copy: of an entry it says no to, only the leaf hash is written.
    """
    yield EXCHANGE, exchange.text.encode("ascii")
    for log in logs:
        yield from log_files(log, show)
    for fork in forks:
        yield f"forks/{fork.digest}", fork.text.encode("ascii")


def policy_text(log: Log) -> str:
    """The log's tlog-policy: who may countersign, and that every other side must (``held``)."""
    exchange, cards = log.exchange, log.exchange.cards
    others = [party for party in cards if party != log.author]
    witnesses = [
        f"witness {each} {verifier_key(exchange.witness(each), COSIGNATURE, cards[each].witness)}"
        for each in others
    ]
    sides = " ".join(party for party in others if cards[party].role == "side")
    lines = [
        f"log {verifier_key(log.origin, PLAIN, log.checkpoint_key)}",
        *witnesses,
        f"group held all {sides}",
        "quorum held",
    ]
    return "\n".join(lines) + "\n"


def log_files(log: Log, show: Callable[[Entry], bool] | None = None) -> Iterator[tuple[str, bytes]]:
    """The folder of one log: checkpoint, older countersigned ones, policy, certificate, tiles."""
    size = log.newest()
    yield f"{log.name}/checkpoint", log.note(size)
    older = {each for held in log.cosignatures.values() for each in held if each < size}
    for each in sorted(older):
        yield f"{log.name}/checkpoints/{each}", log.note(each)
    yield f"{log.name}/policy", policy_text(log).encode("ascii")
    if log.certificate is not None:
        yield f"{log.name}/certificate", log.certificate.text.encode("ascii")
    entries = log.entries[:size]
    leaves = [
        entry.leaf if show is None or show(entry) else bytes.fromhex(entry.hash)
        for entry in entries
    ]
    for name, data in write_tiles(log.tree, leaves, "entries" if show is None else "headers"):
        yield f"{log.name}/{name}", data
