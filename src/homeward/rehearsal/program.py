"""One party's office as a program of its own: started, spoken to over loopback, started again.

The rehearsal plays that office's officers, so it reads the officer's token from that office's
folder. It gives an office nothing but its own folder, name and officers.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from homeward.problem import Problem, Refused
from homeward.rehearsal.cast import Member

# What would make offices share a database or a settings file stays outside.
_NOT_HANDED_ON = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "HOMEWARD_OFFICE")
_ATTEMPTS = 4
_PATIENCE = 900  # seconds for one answer: the longest is a plan at its time limit


class OfficeProgram:
    """A running office. It is guarded state: one process, one connection, one caller at a time."""

    def __init__(self, member: Member, folder: Path) -> None:
        self.member = member
        self.name = member.name
        self.folder = folder
        self.restarts = 0
        self.memory = 0
        self.wrong_by = timedelta(0)  # how far this office's clock is off
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: HTTPConnection | None = None
        self._address = ""
        self._token = ""
        self._asking = threading.RLock()
        self._ending = False

    def found(self) -> None:
        """Make the office's folder and keys, unless they are there; raises Refused on failure."""
        if (self.folder / "keys").exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        command = self._command(
            "init", ".", "--side", self.name, "--role", self.member.role,
            "--officers", ",".join(self.member.officers),
            *(() if self.member.passphrase is None else ("--passphrase-fd", "0")),
        )  # fmt: skip
        done = subprocess.run(
            command, cwd=self.folder, env=environment(), input=self._typed(),
            capture_output=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise self._failed("init", done.stderr.decode("utf-8", "replace"))

    def open(self) -> None:
        """Start the program and wait until it says where it listens; raises Refused if it ends."""
        self._ending = False
        with (self.folder / "serve.log").open("ab") as log, self._keyboard() as given:
            process = subprocess.Popen(
                self._command("serve", ".", "--port", "0", *_passphrase_from(given)),
                cwd=self.folder,
                env=environment(),
                stdin=subprocess.PIPE,  # a leash: the office ends when this end is closed
                stdout=subprocess.PIPE,
                stderr=log,
                pass_fds=given,
                start_new_session=True,  # an interrupt at the terminal is for the rehearsal
            )
            self._process = process
            assert process.stdout is not None
            said = process.stdout.readline().decode("utf-8", "replace").split()
            if len(said) != 2 or said[0] != "ready":
                self.shut()
                self._process = None
                raise self._failed("serve", _last_words(self.folder / "serve.log"))
            _drain(process.stdout)
            self._address = urlsplit(said[1]).netloc
            self._token = (self.folder / "officer.token").read_text(encoding="ascii").strip()

    def _typed(self) -> bytes:
        """What an officer types when asked for the passphrase; nothing where there is none."""
        return b"" if self.member.passphrase is None else f"{self.member.passphrase}\n".encode()

    @contextmanager
    def _keyboard(self) -> Iterator[tuple[int, ...]]:
        """The descriptor from which the program reads the passphrase; none where none is asked."""
        if self.member.passphrase is None:
            yield ()
            return
        read, write = os.pipe()
        try:
            os.write(write, self._typed())
            os.close(write)
            yield (read,)
        finally:
            os.close(read)

    def shut(self) -> None:
        """Let the program end, even while it is asked something: its disk holds its answers."""
        self._ending = True
        self._measure()
        process = self._process
        if process is None:
            return
        # its standard output is being read by a thread until it ends: closing that would wait
        if process.stdin is not None:
            with suppress(OSError, ValueError):
                process.stdin.close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def kill(self) -> None:
        """End the program as a power cut would: it is asked nothing and told nothing."""
        self._measure()
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @property
    def process_id(self) -> int | None:
        """The running program's process id, or None."""
        return self._process.pid if self._process else None

    def ask(self, verb: str, now: datetime, officer: str = "", **body: Any) -> dict[str, Any]:
        """Have an officer ask for a verb; raises Refused with the office's problems.

        A killed office is started again on its folder, and asked again: verbs look at the
        record first, so saying one twice does nothing twice.
        """
        said = {
            "now": (now + self.wrong_by).isoformat(),
            "officer": officer or self.member.officers[0],
            **body,
        }
        data = json.dumps(said).encode()
        return self._post(f"/api/do/{verb}", data, {"Content-Type": "application/json"})

    def hand_in(self, package: bytes, now: datetime) -> dict[str, Any]:
        """Bring a package to the office's door; the token is for the clock, signatures decide."""
        headers = {
            "Content-Type": "application/octet-stream",
            "X-Now": (now + self.wrong_by).isoformat(),
        }
        return self._post("/api/package", package, headers)

    def _post(
        self, path: str, data: bytes, headers: Mapping[str, str], *, token: bool = True
    ) -> dict[str, Any]:
        with self._asking:
            for _ in range(_ATTEMPTS):
                try:
                    status, answer = self._exchange(path, data, headers, token=token)
                except (OSError, HTTPException):
                    if self._ending:
                        raise self._failed(path, "the rehearsal is ending") from None
                    self._recover()
                    continue
                return self._read(path, status, answer)
            raise self._failed(path, "the office did not answer")

    def _exchange(
        self, path: str, data: bytes, headers: Mapping[str, str], *, token: bool
    ) -> tuple[int, bytes]:
        if self._process is None:
            self.open()
        if self._connection is None:
            self._connection = HTTPConnection(self._address, timeout=_PATIENCE)
        sent = {**headers, "Authorization": f"Bearer {self._token}"} if token else dict(headers)
        self._connection.request("POST", path, data, sent)
        response = self._connection.getresponse()
        return response.status, response.read()

    def _read(self, path: str, status: int, answer: bytes) -> dict[str, Any]:
        if status == 200:
            return dict(json.loads(answer))
        if status == 422:
            problems = [Problem(**row) for row in json.loads(answer)["problems"]]
            raise Refused(
                Problem(p.code, f"{self.name}: {p.place}", p.value, p.expected, p.hint, p.level)
                for p in problems
            )
        # the words of a crash may hold a person's name: they stay in that office's own folder
        raise self._failed(f"{path} ({status})", "see serve.log in its folder")

    def _recover(self) -> None:
        """After a broken connection: a new one, and a new process where the old one is gone."""
        self._hang_up()
        process = self._process
        if process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=1)
            self._process = None
            self.restarts += 1

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _measure(self) -> None:
        if self._process is not None:
            self.memory = max(self.memory, peak_memory(self._process.pid))

    def _command(self, *words: str) -> Sequence[str]:
        return (sys.executable, "-m", "homeward", "office", *words)

    def _failed(self, what: str, why: str) -> Refused:
        hint = why.strip().splitlines()[-1][:300] if why.strip() else "see serve.log in its folder"
        return Refused([Problem("rehearsal.office-failed", f"{self.name}: {what}", hint=hint)])


def _passphrase_from(given: Sequence[int]) -> Sequence[str]:
    return [word for fd in given for word in ("--passphrase-fd", str(fd))]


def environment() -> dict[str, str]:
    """What a started program inherits: nothing that would join it to another office."""
    return {key: value for key, value in os.environ.items() if key not in _NOT_HANDED_ON}


def _last_words(log: Path) -> str:
    return log.read_bytes()[-4000:].decode("utf-8", "replace") if log.is_file() else ""


def _drain(pipe: IO[bytes]) -> None:
    """Take whatever else the program says, so that it never waits for a reader."""

    def read() -> None:
        with suppress(ValueError, OSError):
            while pipe.read(4096):
                pass

    threading.Thread(target=read, daemon=True).start()


def peak_memory(process_id: int | None = None) -> int:
    """The most memory a living process (this one) held, in bytes; 0 where nobody says."""
    try:
        status = Path(f"/proc/{process_id or 'self'}/status").read_text(encoding="ascii")
    except (OSError, ValueError):
        return 0
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(found[0]) * 1024 if found else 0
