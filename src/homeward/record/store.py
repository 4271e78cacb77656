"""One office's store: what it signed, what it took from others, and what it must send on."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Literal

from homeward.problem import Refused
from homeward.record.bodies import Sealed, open_body, seal
from homeward.record.certificate import Certificate, certify
from homeward.record.copying import copy_files
from homeward.record.entry import (
    MOST_SIGHTINGS,
    SIGHTINGS_ALONE,
    ZEROS,
    Draft,
    Entry,
    Part,
    PartRef,
    Sighting,
    sign_entry,
)
from homeward.record.exchange import FIRST_WRITER, Exchange, first_log
from homeward.record.forks import Fork
from homeward.record.keys import Keys
from homeward.record.log import Head, Log, check_next
from homeward.record.manifest import BodyRef
from homeward.record.notes import Checkpoint
from homeward.record.packing import make_package
from homeward.record.refusal import refuse
from homeward.record.shelf import Shelf
from homeward.record.signing import SigningKey
from homeward.record.sums import closing_sums
from homeward.record.tables import Connection
from homeward.record.taking import Intake, Taken, open_package, take_in
from homeward.record.witness import Answer
from homeward.record.witnessing import answer_request

Level = Literal["signed", "witnessed", "held"]


class Store:
    """The record as one office keeps it, on a database connection handed in.

    ``mark`` is the connection's parameter mark: ``?`` for SQLite, ``%s`` for PostgreSQL. Without
    ``keys`` the store only reads and takes. The connection is used by this store alone.
    """

    def __init__(
        self,
        connection: Connection,
        mark: str,
        exchange: Exchange,
        keys: Keys | None,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        if keys is not None and exchange.cards.get(keys.name) != keys.card:
            refuse("keys-other", "store", keys.name, "the keys of a party's card in the exchange")
        self.exchange = exchange
        self.keys = keys
        self._random = random
        self._shelf = Shelf(connection, mark, exchange)

    @property
    def name(self) -> str | None:
        """The party whose store this is."""
        return self.keys.name if self.keys else None

    @property
    def own_log(self) -> str:
        """The log this office signs in now: its newest epoch. Raises Refused without keys."""
        own = [log for log, secret in self._shelf.secrets.items() if secret]
        return own[-1] if own else first_log(self._signer().name)

    def _signer(self) -> Keys:
        if self.keys is None:
            refuse("keys-missing", "store", "", "a store that was opened with keys")
        return self.keys

    def append(
        self, drafts: Iterable[Draft], now: datetime, log: str | None = None
    ) -> tuple[Entry, ...]:
        """Sign drafts in order, and a checkpoint over them, in one durable commit.

        ``log`` names one of several own logs (devices); the newest when left out.

        When this returns the entries are on disk; before that nothing of them can leave. Where more
        was seen of other logs than a header holds, an entry that says only this stands before.
        Raises Refused, with nothing written, for a draft its kind does not allow, and when others
        hold more of this log than we do (``record.tail-lost``).
        """
        keys = self._signer()
        with self._shelf.writing():
            target = self._writable(self.own_log if log is None else log, keys)
            held = len(target.entries)
            entries = [self._sign(target, draft, keys) for draft in drafts]
            if entries:
                added = target.entries[held:]
                self._shelf.add_entries(target, added, _seconds(now), known=True)
                self._checkpoint(target)
        return tuple(entries)

    def _writable(self, name: str, keys: Keys) -> Log:
        log = self._shelf.log(name)
        own = name == first_log(keys.name) or bool(self._shelf.secrets.get(name))
        if log is None or not own:
            refuse("log-not-own", f"log {name}", name, "a log whose keys this office holds")
        if any(fork.log == log.name for fork in self._shelf.forks.values()):
            hint = "this office signed two histories, as after a restore: begin_log a new epoch"
            refuse("fork-own", f"log {log.name}", "", "one history", hint)
        newest = max(self._epochs(keys.name, log.name.split(".")[1]))
        if newest > int(log.name.split(".")[2]):
            hint = "sign in the newest epoch of this writer"
            refuse("epoch-ended", f"log {name}", log.name, f"epoch {newest}", hint)
        held = len(log.entries)
        elsewhere = log.checkpoints.largest
        if log.name in self._shelf.lost:
            held, elsewhere = self._shelf.lost[log.name]
        if elsewhere > held:
            hint = "take the others' packages to get the tail back, then begin_log a new epoch"
            refuse("tail-lost", f"log {log.name}", str(held), f"{elsewhere} held elsewhere", hint)
        return log

    def _epochs(self, party: str, writer: str) -> list[int]:
        """The epochs of one of our writers that are known, and 0."""
        named = [name.split(".") for name in self._shelf.logs]
        return [0, *(int(epoch) for who, what, epoch in named if (who, what) == (party, writer))]

    def _sign(self, log: Log, draft: Draft, keys: Keys) -> Entry:
        sealed = [self._seal(part, keys) for part in draft.parts]
        refs = [each.ref for each in sealed]
        seen = self._sightings(log, keys.name)
        if log.certificate is not None and not log.entries:
            # A certified log begins with its key-change: what is left over follows with the next.
            entry = self._add(log, draft, seen[:SIGHTINGS_ALONE], refs)
        else:
            entry = self._add_seen(log, draft, seen, refs)
        for each in sealed:
            ref = BodyRef(each.ref.ciphertext, log.name, entry.seq, each.readers)
            self._shelf.add_body(ref, each.ciphertext, keys.name)
        return entry

    def _add_seen(
        self, log: Log, draft: Draft, seen: Sequence[Sighting], refs: Sequence[PartRef]
    ) -> Entry:
        """Sign with all that was seen; where its header cannot hold that, say it before."""
        if len(seen) <= MOST_SIGHTINGS:
            try:
                return self._add(log, draft, seen, refs)
            except Refused as refused:
                if not seen or refused.problems[0].code != "record.header-too-long":
                    raise
        for first in range(0, len(seen), SIGHTINGS_ALONE):
            self._add(log, Draft("logs-seen"), seen[first : first + SIGHTINGS_ALONE], ())
        return self._add(log, draft, (), refs)

    def _add(
        self, log: Log, draft: Draft, seen: Sequence[Sighting], refs: Sequence[PartRef]
    ) -> Entry:
        size = len(log.tree)
        entry = sign_entry(
            draft,
            exchange=self.exchange.id,
            log=log.name,
            seq=size,
            prev=log.tree.leaf(size - 1).hex() if size else ZEROS,
            seen=seen,
            parts=refs,
            keys=(self._writer_keys(log.name)[0], self._signer().officers),
        )
        problem = check_next(log, entry, signed=False)
        if problem is not None:
            raise Refused([problem])
        log.add(entry)
        return entry

    def _seal(self, part: Part, keys: Keys) -> Sealed:
        """Seal to the readers and to ourselves: an author can always show what it wrote."""
        readers = sorted({*part.readers, keys.name})
        unknown = [each for each in readers if each not in self.exchange.cards]
        if unknown:
            refuse("party-unknown", part.purpose, unknown[0], "a party of the exchange")
        recipients = [self.exchange.cards[each].age for each in readers]
        return seal(Part(part.purpose, part.value, readers), recipients, self._random)

    def _sightings(self, log: Log, own: str) -> list[Sighting]:
        """What we countersigned of other logs since this log last said so."""
        found = []
        for other in sorted(self._shelf.logs.values(), key=lambda each: each.name):
            last, said = other.last_seen(own), log.seen.get(other.name)
            if last is not None and (said is None or said.size < last.size):
                root = other.checkpoints[last.size][0].hex()
                found.append(Sighting(other.name, last.size, root))
        return found

    def _writer_keys(self, log: str) -> tuple[SigningKey, SigningKey]:
        keys = self._signer()
        if log == first_log(keys.name):
            return keys.entry, keys.checkpoint
        entry, checkpoint = self._shelf.secrets[log].split(" ")
        return SigningKey(bytes.fromhex(entry)), SigningKey(bytes.fromhex(checkpoint))

    def _checkpoint(self, log: Log) -> None:
        size, root = len(log.tree), log.tree.root()
        signature = Checkpoint(log.origin, size, root).sign(self._writer_keys(log.name)[1])
        self._shelf.add_checkpoint(log, size, root, signature)

    def begin_log(
        self,
        officers: Sequence[str],
        now: datetime,
        writer: str = FIRST_WRITER,
        without: Iterable[str] = (),
    ) -> Entry:
        """Open a new epoch of a writer (after a restore), or a new writer; returns its first entry.

        The identity key and two officers certify the new keys and name the last heads we know of
        our own logs; the first entry is a ``key-change``. Later appends go to the new log.
        ``without`` names officers whose keys are lost or stolen: neither in this log nor in any
        begun later do their signatures count.
        """
        keys = self._signer()
        with self._shelf.writing():
            self._shelf.log(first_log(keys.name))
            own = [log for log in self._shelf.logs.values() if log.author == keys.name]
            name = f"{keys.name}.{writer}.{max(self._epochs(keys.name, writer)) + 1}"
            pair = (SigningKey(self._random(32)), SigningKey(self._random(32)))
            after = [Sighting(log.name, len(log.tree), log.head.root) for log in own if log.entries]
            gone = {each for log in own if log.certificate for each in log.certificate.without}
            gone.update(without)
            certificate = certify(self.exchange, keys, name, pair, after, officers, gone)
            log = self._shelf.add_writer(certificate, " ".join(each.seed.hex() for each in pair))
            draft = Draft("key-change", digest=certificate.digest, officers=officers)
            entry = self._sign(log, draft, keys)
            self._shelf.add_entries(log, [entry], _seconds(now), known=True)
            self._checkpoint(log)
        return entry

    def entries(self, log: str | None = None, start: int = 0) -> Iterator[Entry]:
        """The entries of one log from ``start``, or of all logs one after the other."""
        self._shelf.catch_up()
        names = sorted(self._shelf.logs) if log is None else [log]
        for name in names:
            held = self._shelf.logs.get(name)
            yield from (held.entries[start:] if held else ())

    def find(self, digest: str) -> Entry | None:
        """The entry with that leaf hash (hexadecimal), if it is held."""
        self._shelf.catch_up()
        return self._shelf.find(digest)

    def closing_sums(self) -> dict[str, int]:
        """Counts for a closing to sign: own entries by public kind, and the other logs' sizes."""
        self._shelf.catch_up()
        log = self._shelf.log(self.own_log)
        assert log is not None
        return closing_sums(log, self._shelf.logs)

    def logs(self) -> dict[str, Head]:
        """Every log of which something is held, with its size and root."""
        self._shelf.catch_up()
        held = sorted(self._shelf.logs.items())
        return {name: log.head for name, log in held if log.entries}

    def certificates(self) -> tuple[Certificate, ...]:
        """The certificates of logs beyond each party's first."""
        self._shelf.catch_up()
        found = (log.certificate for _, log in sorted(self._shelf.logs.items()))
        return tuple(each for each in found if each is not None)

    def open_part(self, entry: Entry, n: int) -> bytes:
        """The value of an entry's n-th body; raises Refused when missing or not the one named."""
        return self.open_named_part(entry, n)[1]

    def open_named_part(self, entry: Entry, n: int) -> tuple[str, bytes]:
        """The purpose and the value of an entry's n-th body; raises Refused like ``open_part``."""
        place = f"{entry.place} part {n}"
        if not 0 <= n < len(entry.parts):
            refuse("part-unknown", place, str(n), f"one of {len(entry.parts)}")
        ref = entry.parts[n]
        ciphertext = self._shelf.ciphertext(ref.ciphertext)
        if ciphertext is None:
            refuse("body-missing", place, "", ref.ciphertext, "ask its author to send it again")
        return open_body(ciphertext, ref, self._signer().age, place)

    def erase_part(self, entry: Entry, n: int) -> bool:
        """Delete the sealed body of a part for good; False when it was not held.

        The entry, its commitment and every proof stand. Backups are the office's own business.
        """
        with self._shelf.writing():
            return self._shelf.erase_body(entry.parts[n].ciphertext)

    def package_for(self, to: str, now: datetime, *, ask: bool = False) -> bytes | None:
        """Everything that a party is not known to hold; None when there is nothing to say.

        Lost packages need no care: until the party's own package shows that it holds something,
        it is put in again. ``ask`` makes a package even so: it tells how far we hold every log, and
        brings back what we lost, so it is the first thing to send after a restore.
        """
        keys = self._signer()
        if to not in self.exchange.cards or to == keys.name:
            refuse("party-unknown", "package", to, "another party of the exchange")
        with self._shelf.writing():
            made = make_package(self._shelf, keys, to, _seconds(now), ask=ask)
            if made is None:
                return None
            data, peer = made
            if self._shelf.peers.get(to) != peer:
                self._shelf.set_peer(to, peer)
        return data

    def take(self, package: bytes, now: datetime) -> Taken:
        """Check a package, keep what is sound and new, countersign it at ``now``.

        Never raises for what is wrong with a package: the problems say it. Taking the same package
        again changes nothing.
        """
        try:
            manifest, files = open_package(package, self._shelf, self.name)
        except Refused as refused:
            return Taken((), refused.problems, duplicate=False)
        with self._shelf.writing():
            intake = Intake(self._shelf, self.keys, manifest, files, _seconds(now))
            take_in(intake)
        problems = tuple(intake.problems)
        return Taken(tuple(intake.entries), problems, not intake.news, manifest.sender)

    def witness(self, request: bytes, now: datetime) -> Answer:
        """Answer the ``add-checkpoint`` of c2sp.org/tlog-witness: status, body, and the reason.

        A countersignature is kept, durably, before it is in the answer.
        """
        keys = self._signer()
        with self._shelf.writing():
            return answer_request(self._shelf, keys, request, _seconds(now))

    def cosigned(self, log: str, size: int) -> dict[str, datetime]:
        """Who countersigned this log at ``size`` or beyond, and when first."""
        self._shelf.catch_up()
        held = self._shelf.logs.get(log)
        found = {}
        for party, sizes in held.cosignatures.items() if held else ():
            times = [each.at for each in sizes.values() if each.size >= size]
            if times:
                found[party] = datetime.fromtimestamp(min(times), UTC)
        return found

    def level(self, entry: Entry, concerned: Sequence[str] | None = None) -> Level:
        """How widely an entry is held: in its author's log, seen by another party, by all sides.

        ``concerned`` are the sides that must hold it; every side when left out.
        """
        seen = self.cosigned(entry.log, entry.seq + 1)
        sides = self.exchange.sides if concerned is None else concerned
        others = {side for side in sides if side != entry.author}
        if others and others <= seen.keys():
            return "held"
        return "witnessed" if seen else "signed"

    def forks(self) -> list[Fork]:
        """Every proof of double-dealing held, oldest first."""
        self._shelf.catch_up()
        return list(self._shelf.forks.values())

    def copy(
        self, *, bodies: bool = False, show: Callable[[Entry], bool] | None = None
    ) -> Iterator[tuple[str, bytes]]:
        """The files of a record copy, name and bytes.

        ``bodies`` adds the sealed bodies held. ``show`` makes a public copy: of every entry it says
        no to only the leaf hash is written, and all proofs stand.
        """
        self._shelf.catch_up()
        logs = [log for _, log in sorted(self._shelf.logs.items()) if log.entries]
        yield from copy_files(self.exchange, logs, self._shelf.forks.values(), show)
        for log in logs if bodies else ():
            for body in self._shelf.bodies(log.name):
                sealed = self._shelf.ciphertext(body.ref.digest)
                if sealed is not None:
                    yield f"bodies/{body.ref.digest}", sealed


def _seconds(now: datetime) -> int:
    """POSIX seconds of an instant that carries its zone; raises Refused without one."""
    if now.tzinfo is None:
        refuse("time-without-zone", "now", now.isoformat(), "an instant with its zone")
    return int(now.timestamp())
