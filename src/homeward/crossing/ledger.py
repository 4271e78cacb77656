"""A growing set of acts with the indexes that the questions need.

Nothing is overwritten and every answer is computed from sets, so the order of arrival, repeats
and late acts cannot change an answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from homeward.crossing.acts import (
    FACTS,
    HOLDER_KINDS,
    OPPOSITE,
    RECEIVER_KINDS,
    Act,
    order_of,
    withdraws,
)
from homeward.crossing.lead import holds, is_out
from homeward.crossing.sightings import Sightings


class Ledger:
    """What has been signed, by whom, about which handle and step."""

    def __init__(self, acts: Iterable[Act] = ()) -> None:
        self._acts: dict[str, Act] = {}
        self._said: dict[str, list[Act]] = {}
        self._of_step: dict[tuple[str, int], list[Act]] = defaultdict(list)
        self._of_kind: dict[str, list[Act]] = defaultdict(list)
        self._naming: dict[str, list[Act]] = {}
        self._logs: dict[tuple[str, str, int], dict[int, Act]] = {}
        self._forked: dict[Act, list[Act]] = {}
        self._newest: dict[tuple[str, str], int] = {}
        self._misplaced: list[Act] = []
        self._sightings: tuple[int, Sightings] | None = None
        self.add(acts)

    def add(self, acts: Iterable[Act]) -> tuple[Act, ...]:
        """Take acts in; returns those that were new. An act's hash is its identity."""
        new = []
        for act in acts:
            if act.hash not in self._acts:
                self._acts[act.hash] = act
                self._index(act)
                new.append(act)
        return tuple(new)

    def _index(self, act: Act) -> None:
        log = (act.author, act.writer, act.epoch)
        slots = self._logs.get(log)
        if slots is None:
            slots = self._logs[log] = {}
            name = (act.author, act.writer)
            self._newest[name] = max(act.epoch, self._newest.get(name, 1))
        first = slots.setdefault(act.seq, act)
        if first is not act:
            self._forked.setdefault(first, [first]).append(act)
        if act.prior is not None:
            self._naming.setdefault(act.prior, []).append(act)
        kind = act.kind
        if kind in HOLDER_KINDS or kind in RECEIVER_KINDS:
            if act.author != (act.sender if kind in HOLDER_KINDS else act.to) or not act.handle:
                self._misplaced.append(act)
                return
            words = self._said.get(act.handle)
            if words is None:
                self._said[act.handle] = [act]
            else:
                words.append(act)
            return
        self._of_kind[kind].append(act)
        if act.step is not None:
            self._of_step[kind, act.step].append(act)

    def __len__(self) -> int:
        return len(self._acts)

    def __iter__(self) -> Iterator[Act]:
        return iter(self._acts.values())

    def get(self, hash_: str) -> Act | None:
        """The act with this hash, if it is held."""
        return self._acts.get(hash_)

    def precedes(self, earlier: Act, later: Act) -> bool:
        """Whether ``later`` was surely signed with ``earlier`` in hand; False proves nothing."""
        return self.sightings().precedes(earlier, later)

    def sightings(self) -> Sightings:
        """What every log had seen of the others, from all acts held."""
        if self._sightings is None or self._sightings[0] != len(self._acts):
            self._sightings = len(self._acts), Sightings(tuple(self._acts.values()))
        return self._sightings[1]

    def withdrawn(self, act: Act) -> bool:
        """Whether its own author took it back: a correction, or the opposite fact, names it."""
        return act.hash in self._naming and bool(self.withdrawals(act))

    def withdrawals(self, act: Act) -> list[Act]:
        """The acts by which its own author took it back."""
        return [later for later in self._naming.get(act.hash, ()) if withdraws(later, act)]

    def said(self, handle: str, author: str, kind: str) -> tuple[Act, ...]:
        """The standing acts of one kind that an author signed about a handle it may speak of."""
        found = (a for a in self._own(handle, author) if a.kind == kind)
        return tuple(sorted(found, key=order_of))

    def says(self, handle: str, author: str, kind: str) -> bool:
        """Whether such an act stands."""
        for act in self._said.get(handle, ()):
            if act.kind == kind and act.author == author and not self.withdrawn(act):
                return True
        return False

    def ever_said(self, handle: str, author: str, kind: str) -> bool:
        """Whether such an act was ever signed, taken back or not."""
        found = self._said.get(handle, ())
        return any(act.kind == kind and act.author == author for act in found)

    def handles(self) -> Iterable[str]:
        """Every handle that somebody who may speak of it has signed about."""
        return self._said.keys()

    def words(self, handle: str) -> list[Act]:
        """All standing acts about one handle, in no order that means anything."""
        named = self._naming
        found = self._said.get(handle, ())
        return [act for act in found if act.hash not in named or not self.withdrawals(act)]

    def _own(self, handle: str, side: str) -> list[Act]:
        found = self._said.get(handle, ())
        return [act for act in found if act.author == side and not self.withdrawn(act)]

    def of_step(self, kind: str, step: int) -> tuple[Act, ...]:
        """The standing acts of one kind about a step, sorted."""
        return tuple(a for a in self.ever_of_step(kind, step) if not self.withdrawn(a))

    def ever_of_step(self, kind: str, step: int) -> tuple[Act, ...]:
        """The acts of one kind about a step, those taken back included, sorted."""
        return tuple(sorted(self._of_step.get((kind, step), ()), key=order_of))

    def of_kind(self, kind: str) -> tuple[Act, ...]:
        """The standing acts of one kind that name no handle, sorted."""
        found = self._of_kind.get(kind, ())
        return tuple(sorted((a for a in found if not self.withdrawn(a)), key=order_of))

    def forks(self) -> tuple[tuple[Act, ...], ...]:
        """Entries that share one writer, epoch and number: each group is a proof."""
        groups = (tuple(sorted(group, key=order_of)) for group in self._forked.values())
        return tuple(sorted(groups, key=lambda group: order_of(group[0])))

    def misplaced(self) -> tuple[Act, ...]:
        """Words about a person by a party that is neither its holder nor its receiver."""
        return tuple(sorted(self._misplaced, key=order_of))

    def newest(self, author: str, writer: str) -> int:
        """The highest epoch of a writer that is known; 1 when nothing is."""
        return self._newest.get((author, writer), 1)

    def writers(self, author: str) -> tuple[str, ...]:
        """The writers of a party of which a log is held."""
        return tuple(sorted({writer for name, writer in self._newest if name == author}))

    def first_of(self, author: str, writer: str, epoch: int) -> Act | None:
        """The entry that opened a log, if it is held."""
        return self._logs.get((author, writer, epoch), {}).get(0)

    def is_unchecked(self, author: str, writer: str, sides: Iterable[str]) -> bool:
        """Whether a restored writer's knowledge of its own past is still to be confirmed.

        Confirmed means: a neutral, or another writer of the same author, signed an entry that names
        the one that opened the new log, and had seen no more of the older ones than is held here;
        or a ``key-change`` of the same author (two officers, who counted the people against the
        sheet) names it. Naming it is asked for so that nobody confirms without meaning to.
        """
        epoch = self.newest(author, writer)
        if epoch == 1:
            return False
        opened = self.first_of(author, writer, epoch)
        if opened is None or opened in self._forked:
            return True
        if any(a.author == author and a.prior == opened.hash for a in self.of_kind("key-change")):
            return False
        others = frozenset(sides) - {author}
        return not any(
            self._saw_it_whole(act, opened)
            for act in self._naming.get(opened.hash, ())
            if act.author not in others
        )

    def _saw_it_whole(self, witness: Act, opened: Act) -> bool:
        seen = self.sightings()
        if seen.size(witness, opened.log) == 0:
            return False
        author, writer = opened.author, opened.writer
        return all(
            seen.size(witness, f"{author}.{writer}.{epoch}")
            <= len(self._logs.get((author, writer, epoch), ()))
            for epoch in range(1, opened.epoch)
        )

    def is_out(self, handle: str, side: str) -> bool:
        """Whether ``side``'s own word is that this person left and was not taken back."""
        return is_out(self._own(handle, side), self.precedes)

    def is_in(self, handle: str, side: str) -> bool:
        """Whether ``side``'s own word is that it holds this person; both words make none."""
        return holds(self._own(handle, side))

    def is_given_up(self, handle: str, side: str) -> bool:
        """Whether ``side`` conceded this person and has not received them since."""
        return self.says(handle, side, "conceded") and not self.is_in(handle, side)

    def answered(self, handle: str, side: str, kind: str) -> str | None:
        """The hash a new fact must name as ``prior``: the side's own opposite word, if it stands.

        Failing that, the other side's word that it answers (a receipt answers a release).
        """
        opposite = OPPOSITE.get(kind)
        own = self.said(handle, side, opposite) if opposite else ()
        if own:
            return own[-1].hash
        if kind not in FACTS or kind in HOLDER_KINDS:
            orders = self.said(handle, side, "release-ordered")
            return orders[-1].hash if orders and kind in HOLDER_KINDS else None
        released = [a for a in self.words(handle) if a.kind == "released" and a.to == side]
        released.sort(key=order_of)
        return released[-1].hash if released else None
