"""Invented parties with keys that are the same in every run, their stores, and a way to meet."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import shake_128

from homeward.problem import Problem
from homeward.record import Draft, Entry, Exchange, Keys, Store, make_keys, open_exchange

MORNING = datetime(2030, 5, 1, 9, 0, tzinfo=UTC)
TERMS = b"north and south release all prisoners, thirty at a time\n"


def dice(name: str) -> Callable[[int], bytes]:
    """Bytes that look random and are the same in every run."""
    count = iter(range(10**9))
    return lambda n: shake_128(f"{name} {next(count)}".encode()).digest(n)


@cache
def keys_of(name: str, role: str = "side") -> Keys:
    return make_keys(name, role, ["alder", "birch", "cedar"], dice(name))


@cache
def exchange_of(*names: str, neutrals: tuple[str, ...] = (), terms: bytes = TERMS) -> Exchange:
    cards = [keys_of(name).card for name in names]
    cards += [keys_of(name, "neutral").card for name in neutrals]
    return open_exchange(cards, terms, {"dispute-days": 30})


def office(exchange: Exchange, name: str, path: str = ":memory:") -> Store:
    role = exchange.cards[name].role
    connection = sqlite3.connect(path)
    return Store(connection, "?", exchange, keys_of(name, role), dice(f"{name} salts"))


def offices(exchange: Exchange) -> dict[str, Store]:
    return {name: office(exchange, name) for name in exchange.cards}


def two() -> tuple[Store, Store]:
    stores = offices(exchange_of("north", "south"))
    return stores["north"], stores["south"]


def three() -> tuple[Store, Store, Store]:
    stores = offices(exchange_of("north", "south", neutrals=("observer",)))
    return stores["north"], stores["south"], stores["observer"]


def handle(number: int) -> str:
    return f"{number:032x}"


def order(number: int, sender: str = "north", to: str = "south", step: int = 1) -> Draft:
    """A release ordered at the line: the commonest entry there is."""
    return Draft(
        "release-ordered",
        stage=1,
        step=step,
        sender=sender,
        to=to,
        cls="military/living/inside",
        handle=handle(number),
    )


def orders(count: int, start: int = 0) -> list[Draft]:
    return [order(number) for number in range(start, start + count)]


def later(minutes: int) -> datetime:
    return MORNING + timedelta(minutes=minutes)


def send(sender: Store, to: Store, now: datetime = MORNING) -> tuple[Entry, ...]:
    """One package, taken without a problem."""
    package = sender.package_for(str(to.name), now)
    if package is None:
        return ()
    taken = to.take(package, now)
    assert taken.problems == ()
    return taken.entries


def settle(stores: Iterable[Store], now: datetime = MORNING) -> list[Problem]:
    """Everybody sends to everybody until nobody has anything to say; returns all problems."""
    found: list[Problem] = []
    parties = list(stores)
    for _ in range(20):
        said = False
        for sender in parties:
            for to in parties:
                package = sender.package_for(str(to.name), now) if sender is not to else None
                if package is not None:
                    said = True
                    found.extend(to.take(package, now).problems)
        if not said:
            return found
    raise AssertionError("the offices never fell silent")


def copy_of(store: Store, **options: bool) -> dict[str, bytes]:
    return dict(store.copy(**options))


def codes(problems: Iterable[Problem]) -> list[str]:
    return [problem.code.removeprefix("record.") for problem in problems]


def held(store: Store) -> Mapping[str, object]:
    return {name: (head.size, head.root) for name, head in store.logs().items()}
