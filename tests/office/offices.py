"""Offices as programs for the tests: started, asked, and served by a courier on foot."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NOW = "2031-03-03T10:00:00+02:00"


def homeward(*arguments: str) -> subprocess.CompletedProcess[str]:
    """One command as its user runs it."""
    return subprocess.run(
        [sys.executable, "-m", "homeward", *arguments], capture_output=True, text=True, check=False
    )


@contextmanager
def serving(folder: Path) -> Iterator[int]:
    """An office process; its stdin is a leash that ends it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "homeward", "office", "serve", str(folder), "--port", "0"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
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
        status, text, _ = self._ask(verb, body)
        assert status == 422, text
        return [problem["code"] for problem in json.loads(text)["problems"]]

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
            made = homeward("office", "init", str(root / name), "--side", name, "--role", role)
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
