"""Offices as programs for the tests: started, asked, and served by a courier on foot."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from homeward.record import Entry, Keys, Store, read_exchange
from homeward.rehearsal import read_union
from tests.office.databases import connect, environment

NOW = "2031-03-03T10:00:00+02:00"


def homeward(*arguments: str) -> subprocess.CompletedProcess[str]:
    """One command as its user runs it."""
    office = arguments[2:3] if arguments[0] in ("office", "package") else ()
    return subprocess.run(
        [sys.executable, "-m", "homeward", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | (environment(Path(*office)) if office else {}),
    )


@contextmanager
def serving(folder: Path, passphrase: str | None = None) -> Iterator[int]:
    """An office process; its stdin is a leash that ends it. A passphrase goes in by a pipe."""
    read, write = os.pipe()
    os.write(write, f"{passphrase or ''}\n".encode())
    os.close(write)
    given = () if passphrase is None else ("--passphrase-fd", str(read))
    process = subprocess.Popen(
        [sys.executable, "-m", "homeward", "office", "serve", str(folder), "--port", "0", *given],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None if passphrase is None else subprocess.STDOUT,
        text=True,
        pass_fds=(read,),
        env=os.environ | environment(folder),
    )
    os.close(read)
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        said = process.stdout.readline()
        assert said.startswith("ready http://127.0.0.1:"), said
        yield int(said.rsplit(":", 1)[1])
    finally:
        process.stdin.close()
        process.wait(timeout=20)


def ask(
    port: int,
    method: str,
    path: str,
    body: object = None,
    *,
    token: str = "",
    headers: dict[str, str] | None = None,
) -> tuple[int, str, dict[str, str]]:
    """One request to an office: status, text and headers of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    sent = {"Content-Type": "application/json", **(headers or {})}
    sent |= {"Authorization": f"Bearer {token}"} if token else {}
    data = body if isinstance(body, bytes) or body is None else json.dumps(body)
    connection.request(method, path, data, sent)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text, dict(answer.getheaders())


@dataclass
class Office:
    """A running office and its officers' token."""

    name: str
    folder: Path
    port: int

    def do(self, verb: str, **body: Any) -> dict[str, Any]:
        """One verb that must succeed."""
        status, text, _ = self._ask(verb, body)
        assert status == 200, text
        answer: dict[str, Any] = json.loads(text)
        return answer

    def refusal(self, verb: str, **body: Any) -> list[str]:
        """The codes with which a verb is refused."""
        return [problem["code"] for problem in self.problems(verb, **body)]

    def problems(self, verb: str, **body: Any) -> list[dict[str, str]]:
        """The problems with which a verb is refused."""
        status, text, _ = self._ask(verb, body)
        assert status == 422, text
        problems: list[dict[str, str]] = json.loads(text)["problems"]
        return problems

    def entries(self) -> list[Entry]:
        """Every entry of the record copy that this office would publish now."""
        self.do("publish")
        return list(read_union([self.folder / "record"]).entries)

    def opened(self, entry: Entry, part: int = 0) -> bytes:
        """A sealed part of an entry, as this office's own keys open it."""
        text = (self.folder / "record" / "exchange.txt").read_text(encoding="utf-8")
        keys = Keys.from_text((self.folder / "keys").read_text(encoding="utf-8"))
        connection, mark = connect(self.folder)
        with closing(connection):
            return Store(connection, mark, read_exchange(text), keys).open_part(entry, part)

    def words(self, handle: str) -> set[tuple[str, str]]:
        """Who signed what about one person at the line, by this office's copy."""
        return {(e.author, e.kind) for e in self.entries() if e.handle == handle}

    def standing(self, kind: str) -> set[str | None]:
        """Of whom this office's own word of a kind stands."""
        own = [e for e in self.entries() if e.author == self.name]
        taken_back = {e.prior for e in own}
        return {e.handle for e in own if e.kind == kind and e.hash not in taken_back}

    def _ask(self, verb: str, body: dict[str, Any]) -> tuple[int, str, dict[str, str]]:
        token = (self.folder / "officer.token").read_text(encoding="ascii")
        return ask(self.port, "POST", f"/api/do/{verb}", {"now": NOW, **body}, token=token)


@contextmanager
def offices(
    root: Path, names: Sequence[str], neutrals: Sequence[str] = ()
) -> Iterator[list[Office]]:
    """Freshly made offices, each a process of its own."""
    with ExitStack() as stack:
        running = []
        for name in (*names, *neutrals):
            role = "neutral" if name in neutrals else "side"
            more = ("--role", role, "--officers", "first,second,third")
            made = homeward("office", "init", str(root / name), "--side", name, *more)
            assert made.returncode == 0, made.stderr
            port = stack.enter_context(serving(root / name))
            running.append(Office(name, root / name, port))
        yield running


def carry(running: Sequence[Office], *, over_http: bool = False) -> int:
    """Carry every package until nobody has anything to say; returns how many went."""
    carried = 0
    while True:
        moved = 0
        for sender in running:
            for name in sender.do("send")["written"]:
                package = sender.folder / "outbox" / name
                target = next(o for o in running if o.name == name.split(".")[1])
                if over_http:
                    headers = {"Content-Type": "application/octet-stream", "X-Now": NOW}
                    token = (target.folder / "officer.token").read_text(encoding="ascii")
                    status, text, _ = ask(
                        target.port,
                        "POST",
                        "/api/package",
                        package.read_bytes(),
                        headers=headers,
                        token=token,
                    )
                    assert status == 200, text
                    package.unlink()
                else:
                    package.replace(target.folder / "inbox" / f"{name[:7]}{sender.name}.package")
                moved += 1
        if not over_http:
            for office in running:
                assert office.do("collect")["problems"] == []
        carried += moved
        if not moved:
            return carried
