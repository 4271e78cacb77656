"""What an office holds of every log, as its tables have it.

Entries stay in the tables until they are asked for (``stack``). Rows are only added, so catching up
with another process means reading the rows after the last one known. If a write fails half-way the
memory is dropped and read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from homeward.record.certificate import Certificate, read_certificate
from homeward.record.entry import Entry
from homeward.record.exchange import Exchange
from homeward.record.forks import Fork, forked_log, read_fork
from homeward.record.log import BySize, Log, new_log
from homeward.record.manifest import BodyRef, Manifest, read_manifest_text
from homeward.record.notes import Cosignature
from homeward.record.refusal import refuse
from homeward.record.rows import as_bytes, as_int, as_text, damaged
from homeward.record.stack import Stack
from homeward.record.tables import Connection, Tables
from homeward.record.tree import HASH_BYTES

_GROWING = ("writer", "checkpoint", "cosignature", "mldsa", "fork")
DUE, HELD, ERASED, OTHERS = "due", "held", "erased", "others"


@dataclass(slots=True)
class Body:
    """Whether a sealed body is due here, held, erased, or sealed to others only."""

    ref: BodyRef
    state: str


@dataclass(slots=True)
class Peer:
    """What another party last said that it holds, and whether it waits for an answer."""

    manifest: Manifest
    owed: bool
    told: frozenset[str]


class Shelf:
    """Logs, countersignatures, bodies, forks and peers of one office, kept in its tables."""

    def __init__(self, connection: Connection, mark: str, exchange: Exchange) -> None:
        self.exchange = exchange
        self.tables = Tables(connection, mark)
        self._clear()
        self.catch_up()

    def _clear(self) -> None:
        self.logs: dict[str, Log] = {}
        self.forks: dict[str, Fork] = {}
        self.peers: dict[str, Peer] = {}
        self.lost: dict[str, tuple[int, int]] = {}
        self.secrets: dict[str, str] = {}
        self._stale = True
        self._stacks: dict[str, Stack] = {}
        self._places: dict[str, tuple[str, int]] = {}
        self._indexed: dict[str, int] = {}
        self._known = dict.fromkeys(_GROWING, 0)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One durable transaction on the newest state; a failure leaves nothing behind."""
        try:
            with self.tables.writing():
                self._read()
                yield
        except BaseException:
            self._clear()
            raise

    def catch_up(self) -> None:
        """Read what another process of this office has added since."""
        with self.tables.reading():
            self._read()

    def _rows(self, table: str, columns: str) -> list[tuple[object, ...]]:
        """The rows of a growing table that are not known yet."""
        rows = self.tables.run(
            f"SELECT n, {columns} FROM record_{table} WHERE n > ? ORDER BY n", (self._known[table],)
        )
        if rows:
            self._known[table] = int(rows[-1][0])
        return [row[1:] for row in rows]

    def _read(self) -> None:
        if not self.tables.changed_elsewhere() and not self._stale:
            return
        self._stale = False
        self._read_writers()
        self._read_entries()
        for name, size, root, signature in self._rows("checkpoint", "log, size, root, signature"):
            self._log(name).checkpoints[as_int(size)] = (as_bytes(root), as_bytes(signature))
        columns = "log, size, party, at, signature"
        for table in ("cosignature", "mldsa"):
            for name, size, party, at, signature in self._rows(table, columns):
                found = Cosignature(as_int(size), str(party), as_int(at), as_bytes(signature))
                _seen(self._log(name), table).setdefault(str(party), BySize())[found.size] = found
        for (proof,) in self._rows("fork", "proof"):
            text = as_bytes(proof).decode("latin-1")
            fork = read_fork(text, self._log(forked_log(text)))
            self.forks[fork.digest] = fork
        self._read_changing()
        self._check_roots()

    def _read_entries(self) -> None:
        """Open the logs there are, and take up what another process has added to them."""
        name: object = ""
        while True:
            # A few steps through the key, where DISTINCT would read it all.
            found = self.tables.run("SELECT min(log) FROM record_entry WHERE log > ?", (name,))
            name = found[0][0]
            if name is None:
                return
            log = self._log(name)
            for entry in self._stacks[log.name].beyond():
                log.add(entry)

    def _check_roots(self) -> None:
        """The right edge of every log must still be what was signed; the rest hangs on it."""
        for log in self.logs.values():
            size = log.newest()
            for entry in log.entries[size:]:
                if not entry.is_signed(log.entry_key):
                    damaged(entry.place, "", "a signature by this log's entry key")
            if not size:
                continue
            root, signature = log.checkpoints[size]
            if log.tree.root(size) != root:
                damaged(f"log {log.name}", "", f"the signed root at {size}")
            if not log.checkpoint(size).is_signed(signature, log.checkpoint_key):
                damaged(f"log {log.name}", "", f"the log's signature at {size}")

    def _read_writers(self) -> None:
        for log, text, secret in self._rows("writer", "log, certificate, secret"):
            self.secrets[as_text(log)] = as_text(secret)
            self._open(as_text(log), read_certificate(self.exchange, as_text(text)))

    def _read_changing(self) -> None:
        run = self.tables.run
        self.peers = {
            as_text(party): Peer(
                read_manifest_text(as_text(text)), bool(owed), frozenset(as_text(told).split())
            )
            for party, text, owed, told in run(
                "SELECT party, manifest, owed, told FROM record_peer"
            )
        }
        self.lost = {
            str(log): (as_int(held), as_int(elsewhere))
            for log, held, elsewhere in run("SELECT log, held, elsewhere FROM record_lost")
        }

    def _open(self, name: str, certificate: Certificate | None = None) -> Log | None:
        log = new_log(self.exchange, name, certificate)
        if log is not None:
            self.logs[name] = log
            self._stacks[name] = Stack(self.tables, log)
            self._stacks[name].open()
        return log

    def _log(self, name: object) -> Log:
        log = self.log(str(name))
        if log is None:
            refuse("log-unknown", "store", str(name), "a log of this exchange")
        return log

    def log(self, name: str) -> Log | None:
        """The log of that name, empty if nothing of it is held; None when nobody may write it."""
        return self.logs.get(name) or self._open(name)

    def find(self, digest: str) -> Entry | None:
        """The entry with that leaf hash, if it is held."""
        for log in self.logs.values():
            first, size = self._indexed.get(log.name, 0), len(log.tree)
            hashes = log.tree.row(0, first, size - first)
            for seq in range(first, size):
                at = (seq - first) * HASH_BYTES
                self._places[hashes[at : at + HASH_BYTES].hex()] = (log.name, seq)
            self._indexed[log.name] = size
        place = self._places.get(digest)
        return self.logs[place[0]].entries[place[1]] if place else None

    # What follows is called inside ``writing`` only: rows first, then memory.

    def add_entries(
        self, log: Log, entries: Sequence[Entry], at: int, *, known: bool = False
    ) -> None:
        """Keep entries that ``check_next`` has passed; ``known`` when memory has them already."""
        rows = [(log.name, entry.seq, entry.leaf, at) for entry in entries]
        self.tables.many("INSERT INTO record_entry (log, seq, leaf, at) VALUES (?, ?, ?, ?)", rows)
        if not known:
            for entry in entries:
                log.add(entry)
        self._stacks[log.name].keep(entries)

    def _insert(self, table: str, columns: str, values: Sequence[object]) -> None:
        """Write a row of a growing table; it need not be read back."""
        marks = ", ".join("?" * len(values))
        statement = f"INSERT INTO record_{table} ({columns}) VALUES ({marks}) RETURNING n"
        self._known[table] = as_int(self.tables.run(statement, values)[0][0])

    def add_checkpoint(self, log: Log, size: int, root: bytes, signature: bytes) -> None:
        """Keep a checkpoint that its log signed, once for each size."""
        if size in log.checkpoints:
            return
        self._insert("checkpoint", "log, size, root, signature", (log.name, size, root, signature))
        log.checkpoints[size] = (root, signature)

    def add_cosignature(
        self, log: Log, cosignature: Cosignature, table: str = "cosignature"
    ) -> bool:
        """Keep a countersignature; False when this party's for this size is held already.

        ``table`` is ``mldsa`` for the second one, in ML-DSA-44.
        """
        held = _seen(log, table).setdefault(cosignature.party, BySize())
        if cosignature.size in held:
            return False
        values = (cosignature.size, cosignature.party, cosignature.at, cosignature.signature)
        self._insert(table, "log, size, party, at, signature", (log.name, *values))
        held[cosignature.size] = cosignature
        return True

    def add_fork(self, fork: Fork) -> bool:
        """Keep a proof of double-dealing; False when it is held already."""
        if fork.digest in self.forks:
            return False
        self._insert("fork", "digest, proof", (fork.digest, fork.text.encode("ascii")))
        self.forks[fork.digest] = fork
        return True

    def add_writer(self, certificate: Certificate, secret: str = "") -> Log:
        """Keep a certified log; ``secret`` holds the seeds of its keys where it is one's own."""
        held = self.logs.get(certificate.log)
        if held is not None and held.certificate == certificate:
            return held
        if held is not None:
            refuse("certificate-other", "store", certificate.log, "one certificate for a log")
        row = (certificate.log, certificate.text, secret)
        self._insert("writer", "log, certificate, secret", row)
        self.secrets[certificate.log] = secret
        log = self._open(certificate.log, certificate)
        assert log is not None
        return log

    def add_body(self, ref: BodyRef, ciphertext: bytes | None, reader: str | None) -> bool:
        """Keep a sealed body, or that it is due if ``reader`` may read it; False if no news."""
        rows = self.tables.run("SELECT state FROM record_body WHERE digest = ?", (ref.digest,))
        state = rows[0][0] if rows else None
        if state in (HELD, ERASED) or (state is not None and ciphertext is None):
            return False
        if state is None:
            absent = DUE if reader in ref.readers else OTHERS
            self.tables.run(
                "INSERT INTO record_body (digest, log, seq, readers, state, ciphertext)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (ref.digest, ref.log, ref.seq, ",".join(ref.readers), absent, None),
            )
        if ciphertext is not None:
            self.tables.run(
                "UPDATE record_body SET state = ?, ciphertext = ? WHERE digest = ?",
                (HELD, ciphertext, ref.digest),
            )
        return True

    def erase_body(self, digest: str) -> bool:
        """Delete a ciphertext and remember that it is gone; False when none was held."""
        held = self.ciphertext(digest) is not None
        self.tables.run(
            "UPDATE record_body SET state = ?, ciphertext = NULL WHERE digest = ?",
            (ERASED, digest),
        )
        return held

    def ciphertext(self, digest: str) -> bytes | None:
        """The sealed body of that SHA-256, if it is held."""
        rows = self.tables.run(
            "SELECT ciphertext FROM record_body WHERE digest = ? AND state = ?", (digest, HELD)
        )
        return as_bytes(rows[0][0]) if rows else None

    def bodies(self, log: str, start: int = 0, end: int | None = None) -> list[Body]:
        """The bodies of a log's entries from ``start`` to before ``end``."""
        last = 2**62 if end is None else end
        rows = self.tables.run(
            "SELECT digest, log, seq, readers, state FROM record_body"
            " WHERE log = ? AND seq >= ? AND seq < ? ORDER BY seq, digest",
            (log, start, last),
        )
        return [_body(row) for row in rows]

    def body_ref(self, digest: str) -> BodyRef | None:
        """Where a body belongs and who may read it, if anything is known of it."""
        rows = self.tables.run(
            "SELECT digest, log, seq, readers, state FROM record_body WHERE digest = ?", (digest,)
        )
        return _body(rows[0]).ref if rows else None

    def due(self) -> frozenset[str]:
        """The bodies sealed to us that have not come."""
        rows = self.tables.run("SELECT digest FROM record_body WHERE state = ?", (DUE,))
        return frozenset(str(digest) for (digest,) in rows)

    def set_peer(self, party: str, peer: Peer) -> None:
        """Remember what a party says it holds."""
        self.tables.run("DELETE FROM record_peer WHERE party = ?", (party,))
        self.tables.run(
            "INSERT INTO record_peer (party, manifest, owed, told) VALUES (?, ?, ?, ?)",
            (party, peer.manifest.to_text(), int(peer.owed), " ".join(sorted(peer.told))),
        )
        self.peers[party] = peer

    def set_lost(self, log: str, held: int, elsewhere: int) -> None:
        """Remember that others hold more of one's own log than this copy did."""
        before = self.lost.get(log, (held, elsewhere))
        kept = (min(held, before[0]), max(elsewhere, before[1]))
        if self.lost.get(log) == kept:
            return
        self.tables.run("DELETE FROM record_lost WHERE log = ?", (log,))
        self.tables.run(
            "INSERT INTO record_lost (log, held, elsewhere) VALUES (?, ?, ?)", (log, *kept)
        )
        self.lost[log] = kept


def _seen(log: Log, table: str) -> dict[str, BySize[Cosignature]]:
    return log.mldsa if table == "mldsa" else log.cosignatures


def _body(row: Sequence[object]) -> Body:
    digest, log, seq, readers, state = row
    ref = BodyRef(str(digest), str(log), as_int(seq), tuple(str(readers).split(",")))
    return Body(ref, str(state))
