"""The whole corpus of bad copies: each with a name, the first reason for it, and how it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from tests.verifier.bad_exchange import CERTIFICATES, EXCHANGES
from tests.verifier.bad_files import HEAD, NOTES, TREES, Edit, at
from tests.verifier.bad_forks import AGAINST, FORKS
from tests.verifier.bad_headers import (
    CLOSING,
    CONCEDED,
    FORM,
    LATE,
    LEAVES,
    OFFICERS,
    ORDER,
    PLACE,
    SIGHTINGS,
    SUMS,
    Change,
)
from tests.verifier.good import basis
from tests.verifier.surgery import Files, leaves_of, put_back, signed

Made = tuple[Files, Sequence[Files]]


@dataclass(frozen=True)
class Bad:
    """A copy that must be refused for ``reason`` (None: it only must not part the verifiers)."""

    name: str
    reason: str | None
    make: Callable[[], Made]


def _header(seq: int, change: Change) -> Made:
    leaves = leaves_of(basis())
    header = leaves[seq][64:].partition(b"officer ")[0]
    return put_back(basis(), [*leaves[:seq], signed(change(header))]), ()


def _leaf(change: Change) -> Made:
    leaves = leaves_of(basis())
    return put_back(basis(), [*leaves[:ORDER], change(leaves[ORDER])]), ()


def _note(change: Change) -> Made:
    return at(HEAD, change)(basis()), ()


def _edit(edit: Edit) -> Made:
    return edit(basis()), ()


def _exchange(make: Callable[[], bytes]) -> Made:
    return {**basis(), "exchange.txt": make()}, ()


def _alone(make: Callable[[], Files]) -> Made:
    return make(), ()


def _against(make: Callable[[], tuple[Files, Files]]) -> Made:
    copy, other = make()
    return copy, (other,)


def corpus() -> Iterator[Bad]:
    """Every bad copy that was made by hand."""
    tables = {ORDER: [*FORM, *PLACE], LATE: SIGHTINGS, CONCEDED: OFFICERS, CLOSING: SUMS}
    for place, table in tables.items():
        for name, reason, change in table:
            yield Bad(f"header: {name}", reason, partial(_header, place, change))
    for name, reason, change in LEAVES:
        yield Bad(f"leaf: {name}", reason, partial(_leaf, change))
    for name, reason, change in NOTES:
        yield Bad(f"note: {name}", reason, partial(_note, change))
    for name, reason, edit in TREES:
        yield Bad(f"copy: {name}", reason, partial(_edit, edit))
    for name, reason, text in EXCHANGES:
        yield Bad(f"exchange: {name}", reason, partial(_exchange, text))
    for name, reason, make in (*CERTIFICATES, *FORKS):
        yield Bad(name, reason, partial(_alone, make))
    for name, why, pair in AGAINST:
        yield Bad(f"against {name}", why, partial(_against, pair))


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _flip(share: float, data: bytes) -> bytes:
    place = int((len(data) - 1) * share)
    return data[:place] + bytes([data[place] ^ 0x20]) + data[place + 1 :]


def every_file_hurt(files: Files) -> Iterator[tuple[str, Files]]:
    """Each file of a copy gone, emptied, cut, with junk behind, and with bytes flipped."""
    hurts: dict[str, Callable[[bytes], bytes]] = {
        "emptied": lambda _: b"",
        "cut": _cut,
        "with junk behind": lambda data: data + b"\x00junk",
        "with a newline behind": lambda data: data + b"\n",
        "flipped at the start": partial(_flip, 0.0),
        "flipped at a third": partial(_flip, 0.34),
        "flipped at two thirds": partial(_flip, 0.67),
        "flipped at the end": partial(_flip, 1.0),
    }
    for name, data in files.items():
        yield f"{name} gone", {each: x for each, x in files.items() if each != name}
        for how, hurt in hurts.items():
            if data:
                yield f"{name} {how}", {**files, name: hurt(data)}
