"""Record copies in folders: read without following a link, and put together into one reading."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from homeward.problem import Problem, Refused
from homeward.record import Copy, Entry, Exchange, read_copy

_NO_LINKS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class FolderCopy(Mapping[str, bytes]):
    """The plain files below a folder by their path with ``/``; links are no part of a copy."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def names(self) -> dict[str, Path]:
        """Every plain file, by its name in the copy, sorted."""
        return dict(sorted(_plain_files(self.folder, "")))

    def __getitem__(self, name: str) -> bytes:
        path = self.names[name]
        with open(path, "rb", opener=lambda p, flags: os.open(p, flags | _NO_LINKS)) as file:
            return file.read()

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


def _plain_files(folder: Path, prefix: str) -> Iterator[tuple[str, Path]]:
    with os.scandir(folder) as found:
        for item in found:
            if item.is_dir(follow_symlinks=False):
                yield from _plain_files(Path(item.path), f"{prefix}{item.name}/")
            elif item.is_file(follow_symlinks=False):
                yield f"{prefix}{item.name}", Path(item.path)


@dataclass(frozen=True)
class Union:
    """What several verified copies of one exchange hold together."""

    exchange: Exchange
    copies: tuple[Copy, ...]

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry once, by log and place in the log."""
        return _once(entry for copy in self.copies for entry in copy.entries)

    def as_of(self, when: datetime) -> tuple[Entry, ...]:
        """Every entry that another party had countersigned by ``when``, in any of the copies."""
        return _once(entry for copy in self.copies for entry in copy.as_of(when))

    def last_seen(self) -> str:
        """When anything in these copies was last countersigned, in ISO 8601; empty for never."""
        times = [at for copy in self.copies for at in copy.times()]
        return max(times).isoformat() if times else ""

    def seen_at(self, entry: Entry) -> datetime | None:
        """When another party first countersigned the entry, as far as any of the copies shows."""
        times = [
            each.at
            for copy in self.copies
            if entry.log in copy.logs
            for held in copy.logs[entry.log].cosignatures.values()
            for each in held.values()
            if each.size > entry.seq
        ]
        return datetime.fromtimestamp(min(times), UTC) if times else None


def _once(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    by_hash = {entry.hash: entry for entry in entries}
    return tuple(sorted(by_hash.values(), key=lambda e: (e.log, e.seq)))


def read_union(folders: Iterable[Path], *, sound_only: bool = False) -> Union:
    """Read and verify the copies in ``folders``; raises Refused where one is unsound.

    With ``sound_only`` unsound copies are left out, as long as one is sound.
    """
    copies: list[Copy] = []
    problems: list[Problem] = []
    unsound: list[Problem] = []
    for folder in folders:
        try:
            copy = read_copy(FolderCopy(folder))
        except Refused as refusal:
            unsound += refusal.problems
            continue
        copies.append(copy)
        if copy.exchange.id != copies[0].exchange.id:
            problems.append(
                Problem(
                    "rehearsal.other-exchange",
                    str(folder),
                    copy.exchange.id[:16],
                    copies[0].exchange.id[:16],
                    "copies of one exchange can be put together",
                )
            )
    if problems or not copies or (unsound and not sound_only):
        raise Refused([*problems, *unsound])
    return Union(copies[0].exchange, tuple(copies))
