"""Visitors for the tests: offices served with invented accounts, and whoever sits at a page."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

from tests.office import databases
from tests.office.offices import Office

PASSWORD = "nobody-here-is-real"

TERMS = """\
format: homeward-terms/1
id: lakeside
title: {en: Four each, uk: По чотири}
agreed: {date: 2031-03-01, place: Lakeside}
parties:
  north: {name: {en: North, uk: Північ, ar: الشمال}}
  south: {name: {en: South, uk: Південь, ar: الجنوب}}
categories:
  military: {when: {category: [prisoner_of_war]}}
obligations:
  - {id: all, between: [north, south], what: prisoners, state: living, group: inside,
     quantity: {exact: 4, counting: each}}
balance: {equal_by: category, step: 2, order: [military], first: alternate}
confirmation: {counts_when: both_signed, signed_by: [holder, receiver]}
"""
STAGE = """\
format: homeward-stages/1
stages:
  - stage: 1
    proposed_by: north
    agreed_on: "2031-03-02T18:00:00+02:00"
    window: ["2031-03-03T08:00:00+02:00", "2031-03-03T20:00:00+02:00"]
    counting: each
    sizes:
      - {from: north, to: south, military: 4, total: 4}
      - {from: south, to: north, military: 4, total: 4}
"""

# Invented people, each written as the holder has them and as those who look for them do.
PEOPLE = {
    "north": [
        ("Ткаченко", "Микола", "Петрович", "1990-04-11", "Tkachenko", "Nikolai"),
        ("Бондаренко", "Іван", "Олегович", "1988-12-02", "Bondarenko", "Ivan"),
        ("Гриценко", "Роман", "Юрійович", "1995-07-23", "Hrytsenko", "Roman"),
        ("Левченко", "Тарас", "Іванович", "1983-01-30", "Levchenko", "Taras"),
    ],
    "south": [
        ("Соколов", "Артём", "Игоревич", "1992-03-05", "Sokolov", "Artem"),
        ("Морозов", "Денис", "Павлович", "1986-09-17", "Morozov", "Denis"),
        ("Лебедев", "Кирилл", "Антонович", "1999-06-08", "Lebedev", "Kirill"),
        ("Зайцев", "Максим", "Олегович", "1981-11-26", "Zaitsev", "Maksim"),
    ],
}
HEADER = "id,surname,given_name,patronymic,birth_date,sex,category\n"


def held_list(side: str) -> str:
    """The list of those whom a side holds."""
    rows = [
        f"{side[0].upper()}-H{n},{a},{b},{c},{born},m,prisoner_of_war\n"
        for n, (a, b, c, born, *_) in enumerate(PEOPLE[side], 1)
    ]
    return HEADER + "".join(rows)


def sought_list(side: str) -> str:
    """The list of those whom a side looks for: the other side's people in another alphabet."""
    (other,) = set(PEOPLE) - {side}
    rows = [
        f"{side[0].upper()}-S{n},{a},{b},,{born},m,prisoner_of_war\n"
        for n, (_, _, _, born, a, b) in enumerate(PEOPLE[other], 1)
    ]
    return HEADER + "".join(rows)


def make_office(root: Path, name: str, role: str = "side") -> Path:
    """A fresh office's folder."""
    folder = root / name
    more = ("--role", role, "--officers", "anna,boris,chen")
    made = subprocess.run(
        [sys.executable, "-m", "homeward", "office", "init", str(folder), "--side", name, *more],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | databases.environment(folder),
    )
    assert made.returncode == 0, made.stderr
    return folder


@contextmanager
def open_pages(
    folder: Path, *, rehearsed: bool = True, environment: Mapping[str, str] | None = None
) -> Iterator[str]:
    """An office served with two invented heads; yields its address."""
    command = [sys.executable, "-m", "homeward", "office", "serve", str(folder)]
    process = subprocess.Popen(
        command + (["--rehearsed"] if rehearsed else []),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **databases.environment(folder), **(environment or {})},
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        said = process.stdout.readline()
        assert said.startswith("ready http://127.0.0.1:"), said
        yield said.removeprefix("ready ").strip()
    finally:
        process.stdin.close()
        process.wait(timeout=20)


class Answer:
    """What came back: its status, its text, its headers and where it was found."""

    def __init__(self, status: int, data: bytes, headers: Mapping[str, str], url: str) -> None:
        self.status = status
        self.data = data
        self.text = data.decode("utf-8", "replace")
        self.headers = headers
        self.url = url

    def field(self, name: str) -> str:
        """The value of a hidden field."""
        found = re.search(f'name="{name}" value="([^"]*)"', self.text)
        assert found, f"no field {name}"
        return found[1]


class Visitor:
    """Somebody with a browser that keeps cookies and runs no scripts."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.origin = address
        self.cookies = CookieJar()
        jar = urllib.request.HTTPCookieProcessor(self.cookies)
        self.browser = urllib.request.build_opener(jar)

    def get(self, path: str) -> Answer:
        """Look at a page."""
        return self._ask(urllib.request.Request(self.address + path))

    def send(
        self,
        path: str,
        fields: Mapping[str, object] | None = None,
        files: Mapping[str, tuple[str, bytes] | Sequence[tuple[str, bytes]]] | None = None,
        *,
        page: Answer | None = None,
    ) -> Answer:
        """Fill in the form of a page, as it was seen, and send it."""
        seen = page or self.get(path)
        told: list[tuple[str, str]] = [
            (name, seen.field(name)) for name in ("csrfmiddlewaretoken", "once")
        ]
        for name, value in (fields or {}).items():
            values = value if isinstance(value, (list, tuple)) else [value]
            told += [(name, str(one)) for one in values]
        sent = [
            (name, *one)
            for name, some in (files or {}).items()
            for one in ([some] if isinstance(some, tuple) else some)
        ]
        return self._post(path, told, sent)

    def post(
        self,
        path: str,
        told: Sequence[tuple[str, str]],
        files: Mapping[str, tuple[str, bytes]] | None = None,
    ) -> Answer:
        """Send a form whose every field is known."""
        return self._post(path, list(told), [(name, *one) for name, one in (files or {}).items()])

    def _post(
        self, path: str, told: list[tuple[str, str]], sent: Sequence[tuple[str, str, bytes]]
    ) -> Answer:
        data, kind = _encoded(told, sent)
        headers = {"Content-Type": kind, "Origin": self.origin}
        return self._ask(urllib.request.Request(self.address + path, data, headers))

    def _ask(self, request: urllib.request.Request) -> Answer:
        try:
            with self.browser.open(request, timeout=60) as found:
                return Answer(found.status, found.read(), found.headers, found.url)
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read(), error.headers, error.url or "")

    def cut_off(self, path: str, fields: Mapping[str, str], page: Answer, share: float) -> None:
        """Send a form of which only a share arrives, and hang up without hearing an answer."""
        marks = ("csrfmiddlewaretoken", "once")
        told = [*((name, page.field(name)) for name in marks), *fields.items()]
        data, kind = _encoded(told, ())
        cookies = "; ".join(f"{one.name}={one.value}" for one in self.cookies)
        host = self.address.removeprefix("http://")
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {self.origin}\r\n"
            f"Cookie: {cookies}\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", int(host.rpartition(":")[2]))) as line:
            line.sendall(head.encode() + data[: int(len(data) * share)])

    def enter(self, name: str, password: str = PASSWORD, code: str = "") -> Answer:
        """Sit down at the office with an account."""
        return self.send("/enter/", {"name": name, "password": password, "code": code})


def _encoded(
    fields: list[tuple[str, str]], files: Sequence[tuple[str, str, bytes]]
) -> tuple[bytes, str]:
    if not files:
        return urllib.parse.urlencode(fields).encode(), "application/x-www-form-urlencoded"
    mark = "a-mark-that-is-nowhere-else"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode()
        for n, v in fields
    ]
    for name, called, data in files:
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{called}"'
        parts.append(f"{head}\r\nContent-Type: text/plain\r\n\r\n".encode() + data + b"\r\n")
    return b"".join([*parts, f"--{mark}--\r\n".encode()]), f"multipart/form-data; boundary={mark}"


def once_over(officer: Visitor, page: Answer) -> Answer:
    """Look at a page again, as its reader would, until the work that it tells of is over."""
    path = page.url.removeprefix(officer.address)
    for _ in range(2000):
        if "<progress" not in page.text:
            return page
        time.sleep(0.05)  # whoever asks without a breath keeps the work waiting
        page = officer.get(path)
    raise AssertionError(f"{path}: the work never ended")


def visitor(address: str, name: str = "first") -> Visitor:
    """One of the two invented heads, seated."""
    one = Visitor(address)
    answer = one.enter(name)
    assert answer.status == 200, answer.text[-300:]
    return one


def officer_at(office: Office) -> Visitor:
    """The first of the two invented heads, seated at an office that also answers to its API."""
    return visitor(f"http://127.0.0.1:{office.port}")
