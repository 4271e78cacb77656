"""Who takes part: the parties' cards, the terms' digest and the policy, under one id.

``exchange.txt`` has one spelling: whoever holds the same cards, terms and policy computes the same
bytes, and its SHA-256 is the exchange's id, which stands in every entry and every origin line.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from homeward.record.keys import Card, read_card
from homeward.record.refusal import refuse

FORMAT = "homeward-exchange/v1"
MOST_EXCHANGE_BYTES = 1024 * 1024
FIRST_WRITER, FIRST_EPOCH = "office", 1

_POLICY_NAME = re.compile(r"[a-z][a-z0-9-]{0,63}")
_POLICY_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,510}[\x21-\x7e])?")
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One exchange. ``id`` is SHA-256 of ``text`` in hexadecimal."""

    id: str
    text: str
    terms_digest: str
    policy: Mapping[str, str]
    cards: Mapping[str, Card]

    @property
    def sides(self) -> tuple[str, ...]:
        return tuple(name for name, card in self.cards.items() if card.role == "side")

    @property
    def neutrals(self) -> tuple[str, ...]:
        return tuple(name for name, card in self.cards.items() if card.role == "neutral")

    def origin(self, log: str) -> str:
        """The first line of every checkpoint of the log ``author.writer.epoch``."""
        return f"homeward/{self.id}/{log.replace('.', '/')}"

    def log(self, origin: str) -> str:
        """The log an origin names; raises Refused for another exchange's."""
        head = f"homeward/{self.id}/"
        if not origin.startswith(head) or origin.count("/") != 4:
            refuse("exchange-other", "checkpoint", origin[:120], head + "<author>/<writer>/<epoch>")
        return origin[len(head) :].replace("/", ".")

    def witness(self, party: str) -> str:
        """The note name under which a party countersigns."""
        return f"homeward/{self.id}/{party}/witness"

    def courier(self, party: str) -> str:
        """The note name under which a party signs the manifest of a package."""
        return f"homeward/{self.id}/{party}/package"


def first_log(party: str) -> str:
    """The log that a party's card opens."""
    return f"{party}.{FIRST_WRITER}.{FIRST_EPOCH}"


def open_exchange(
    cards: Sequence[Card], terms_text: bytes, policy: Mapping[str, object]
) -> Exchange:
    """The exchange of these parties under these terms; raises Refused when it cannot be one.

    ``policy`` holds agreed settings, names in lower-case ASCII, values in one printable line.
    """
    settings = {str(name): _setting(value) for name, value in policy.items()}
    lines = [FORMAT, f"terms {hashlib.sha256(terms_text).hexdigest()}"]
    lines += [f"policy {name} {settings[name]}" for name in sorted(settings)]
    text = "\n".join(lines) + "\n"
    text += "".join("\n" + card.text for card in sorted(cards, key=lambda card: card.name))
    return read_exchange(text)


def _setting(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def read_exchange(text: str, place: str = "exchange.txt") -> Exchange:
    """Read ``exchange.txt``, checking every card; raises Refused with the first fault."""
    if not text.isascii() or len(text) > MOST_EXCHANGE_BYTES or not text.endswith("\n"):
        refuse("exchange-malformed", place, "", "ASCII lines, at most 1 MiB")
    head, *blocks = text[:-1].split("\n\n")
    terms, policy = _read_head(head.split("\n"), place)
    cards = [read_card(block + "\n", f"{place}:card {n}") for n, block in enumerate(blocks, 1)]
    _check_parties(cards, place)
    found = MappingProxyType({card.name: card for card in cards})
    digest = hashlib.sha256(text.encode("ascii")).hexdigest()
    return Exchange(digest, text, terms, MappingProxyType(policy), found)


def _read_head(lines: list[str], place: str) -> tuple[str, dict[str, str]]:
    if len(lines) < 2 or lines[0] != FORMAT or not lines[1].startswith("terms "):
        refuse("exchange-malformed", place, lines[0][:80], FORMAT)
    terms = lines[1].removeprefix("terms ")
    if not _HEX.fullmatch(terms):
        refuse("exchange-malformed", f"{place}:2", terms[:80], "terms <64 hexadecimal digits>")
    policy: dict[str, str] = {}
    for number, line in enumerate(lines[2:], start=3):
        word, _, rest = line.partition(" ")
        name, _, value = rest.partition(" ")
        known = _POLICY_NAME.fullmatch(name) and _POLICY_VALUE.fullmatch(value)
        if word != "policy" or not known or (policy and name <= max(policy)):
            refuse("policy-malformed", f"{place}:{number}", line[:80], "policy <name> <value>")
        policy[name] = value
    return terms, policy


def _check_parties(cards: Sequence[Card], place: str) -> None:
    names = [card.name for card in cards]
    if names != sorted(set(names)):
        refuse("parties-malformed", place, ",".join(names), "cards sorted by name, each once")
    if sum(card.role == "side" for card in cards) < 2:
        refuse("parties-malformed", place, ",".join(names), "two sides or more")
    keys = [key for card in cards for key in (*card.keys().values(), card.age)]
    keys += [card.mldsa for card in cards if card.mldsa]
    if len(set(keys)) != len(keys):
        refuse("key-used-twice", place, "", "no key that two parties share")
    if len({card.nonce for card in cards}) != len(cards):
        refuse("nonce-used-twice", place, "", "a nonce of its own for every party")
