"""Somebody with a browser that keeps cookies, as light as can be: the office is measured."""

from __future__ import annotations

import http.client
import re
import time
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took from the first byte sent to the last one read."""

    status: int
    text: str
    weight: int
    seconds: float
    where: str

    def field(self, name: str) -> str:
        """The value of a hidden field."""
        found = re.search(f'name="{name}" value="([^"]*)"', self.text)
        assert found, f"no field {name} on {self.where}"
        return found[1]


class Visitor:
    """One session over one connection that stays open."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies: dict[str, str] = {}
        self.marks: dict[str, str] = {}  # of the search, which may be sent as often as one likes

    def get(self, path: str) -> Answer:
        """Look at a page."""
        return self._ask("GET", path)

    def send(self, path: str, fields: dict[str, str], page: Answer | None = None) -> Answer:
        """Fill in a form and send it; where it leads elsewhere, go there."""
        seen = page or self.get(path)
        told = {name: seen.field(name) for name in ("csrfmiddlewaretoken", "once")} | fields
        data = urllib.parse.urlencode(told).encode()
        return self._ask("POST", path, data, "application/x-www-form-urlencoded")

    def search(self, query: str, *, live: bool) -> Answer:
        """Search by name: live, as the page's script asks, or the whole page without scripts."""
        if not self.marks:
            page = self.get("/people/")
            self.marks = {name: page.field(name) for name in ("csrfmiddlewaretoken", "once")}
        data = urllib.parse.urlencode({**self.marks, "query": query, "which": ""}).encode()
        more = {"HX-Request": "true"} if live else {}
        return self._ask("POST", "/people/", data, "application/x-www-form-urlencoded", more)

    def hand_in(self, path: str, fields: dict[str, str], name: str, data: bytes) -> Answer:
        """Fill in a form that takes a file."""
        seen, mark = self.get(path), "a-mark-that-is-nowhere-else"
        told = {one: seen.field(one) for one in ("csrfmiddlewaretoken", "once")} | fields
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode()
            for n, v in told.items()
        ]
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = b"".join([*parts, head.encode(), data, f"\r\n--{mark}--\r\n".encode()])
        return self._ask("POST", path, body, f"multipart/form-data; boundary={mark}")

    def enter(self, name: str, password: str) -> Visitor:
        """Sit down at the office."""
        answer = self.send("/enter/", {"name": name, "password": password, "code": ""})
        assert answer.where == "/", answer.where
        return self

    def _ask(
        self,
        method: str,
        path: str,
        data: bytes = b"",
        kind: str = "",
        more: Mapping[str, str] | None = None,
    ) -> Answer:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        headers |= more or {}
        if method == "POST":
            headers |= {"Content-Type": kind, "Origin": f"http://127.0.0.1:{self.port}"}
        began = time.perf_counter()
        self.connection.request(method, path, data or None, headers)
        answer = self.connection.getresponse()
        body = answer.read()
        seconds = time.perf_counter() - began
        for name, value in answer.getheaders():
            if name == "Set-Cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        if answer.status == 302:
            return self._ask("GET", urllib.parse.urljoin(path, answer.headers["Location"]))
        return Answer(answer.status, body.decode("utf-8", "replace"), len(body), seconds, path)
