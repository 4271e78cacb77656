"""Good copies: what honest offices, and unlucky ones, leave behind."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Sequence
from functools import cache, partial
from hashlib import sha256
from typing import Any

from homeward.record import Draft, Part, Store, make_keys, open_exchange
from tests.record.parties import (
    MORNING,
    TERMS,
    copy_of,
    dice,
    exchange_of,
    handle,
    keys_of,
    later,
    office,
    offices,
    order,
    orders,
    send,
    settle,
)
from tests.verifier.surgery import (
    NINE,
    NORTH,
    SOUTH,
    Files,
    cosigned,
    head_text,
    leaf_hash,
    leaves_of,
    put_back,
    signed,
    signed_head,
)

TWO = exchange_of("north", "south")
THREE = exchange_of("north", "south", neutrals=("observer",))
RING = exchange_of("north", "south", "west")
PEOPLE = ("military/living/inside", "civilian/living/beside", "civilian/living/extra")


def act(kind: str, number: int, sender: str, to: str, **more: Any) -> Draft:
    """An act about a person at the line; officers sign where the kind asks for them."""
    two = ("alder", "birch") if kind in ("conceded", "unreceipted-accepted") else ()
    place: dict[str, Any] = {"stage": 1, "step": 1, "cls": PEOPLE[0], "officers": two} | more
    return Draft(kind, sender=sender, to=to, handle=handle(number), **place)


@cache
def world() -> dict[str, Store]:
    """Three offices, a sealed list, three rounds, a closing that counts; all synced."""
    stores = offices(THREE)
    north, south = stores["north"], stores["south"]
    body = Part("list", b"who is sought", ["south"])
    north.append([Draft("list-submitted", parts=[body])], MORNING)
    for number in range(3):
        at = later(10 * number)
        north.append(orders(4, 10 * number), at)
        settle(stores.values(), at)
        south.append([order(900 + number, "south", "north")], at)
        settle(stores.values(), later(10 * number + 1))
    north.append([act("conceded", 900, "south", "north")], later(39))
    sums = north.closing_sums() | {"proposal": 1, "north.out": 3, "north.in": 1}
    north.append([Draft("step-closed", stage=1, step=1, sums=sums)], later(40))
    settle(stores.values(), later(41))
    return stores


@cache
def basis() -> Files:
    """The copy that most of the bad ones are cut from, with its sealed bodies."""
    return copy_of(world()["south"], bodies=True)


def ring() -> Files:
    """Three sides, each giving to the next."""
    stores = offices(RING)
    names = list(stores)
    for step in (1, 2):
        for at, name in enumerate(names):
            to = names[(at + 1) % 3]
            number = 10 * step + at
            stores[name].append([act("release-ordered", number, name, to, step=step)], MORNING)
            stores[name].append([act("released", number, name, to, step=step)], MORNING)
            settle(stores.values(), later(step))
            stores[to].append([act("received", number, name, to, step=step)], later(step))
        settle(stores.values(), later(step))
    return copy_of(stores["west"])


@cache
def restored() -> Files:
    """North begins a new epoch, and a device of its own beside it, without one officer."""
    north, south = (office(TWO, name) for name in ("north", "south"))
    north.append(orders(3), MORNING)
    settle([north, south])
    north.begin_log(["alder", "birch"], later(1))
    north.append([act("not-released", 1, "north", "south")], later(1))
    settle([north, south], later(2))
    north.begin_log(["birch", "cedar"], later(3), writer="bus-one", without=["alder"])
    north.append([act("released", 2, "north", "south")], later(3))
    north.append([act("received", 7, "south", "north")], later(3), log="north.office.2")
    settle([north, south], later(4))
    return copy_of(south)


def gone_on() -> Files:
    """North's first log has an entry more than the certificate of its second epoch names."""
    files = restored()
    leaves = leaves_of(files)
    header = order(50)
    lines = leaves[-1][64:].split(b"\n")
    lines = [
        line for line in lines if not line.startswith((b"seen ", b"seq ", b"prev ", b"handle "))
    ]
    place = lines.index(b"epoch 1") + 1
    lines[place:place] = [b"seq %d" % len(leaves), b"prev " + leaf_hash(leaves[-1]).hex().encode()]
    lines.insert(-1, b"handle " + str(header.handle).encode())
    return put_back(files, [*leaves, signed(b"\n".join(lines))])


@cache
def forked(common: int = 3, one: int = 4, other: int = 2) -> tuple[Files, Files]:
    """North told South one story and the observer another; they meet and keep the proofs."""
    stores = offices(THREE)
    twin = office(THREE, "north")
    for store in (stores["north"], twin):
        store.append(orders(common), MORNING)
    stores["north"].append(orders(one, 100), MORNING)
    twin.append(orders(other, 200), MORNING)
    south, observer = stores["south"], stores["observer"]
    send(stores["north"], south)
    send(twin, observer)
    settle([south, observer], later(1))
    return copy_of(south), copy_of(observer)


def corrected() -> Files:
    """Words changed, taken back, contradicted, given up and found again."""
    north, south = (office(TWO, name) for name in ("north", "south"))
    first = north.append([*orders(6), act("released", 0, "north", "south")], MORNING)
    kept = north.append([act("not-released", 0, "north", "south", prior=first[6].hash)], MORNING)
    north.append([act("released", 0, "north", "south", prior=kept[0].hash)], MORNING)
    north.append([act(k, 1, "north", "south") for k in ("released", "not-released")], MORNING)
    settle([north, south])
    got = south.append([act("received", n, "north", "south") for n in (0, 1, 2)], later(1))
    south.append([act("conceded", n, "north", "south") for n in (2, 3, 4)], later(1))
    south.append([Draft("correction", prior=got[1].hash)], later(1))
    south.append([act("received", 3, "north", "south", cls=PEOPLE[1])], later(1))
    south.append([act("received", 77, "north", "south", cls=PEOPLE[2])], later(2))
    north.append([Draft("correction", prior=first[5].hash)], later(2))
    north.append([act("unreceipted-accepted", 4, "north", "south")], later(2))
    north.append([act("received", 5, "north", "south")], later(2))
    settle([north, south], later(3))
    return copy_of(south)


def sent_home() -> Files:
    """Stages closed, in safety, counted by a neutral, home; sums with odd names."""
    stores = offices(THREE)
    north, south, observer = (stores[name] for name in ("north", "south", "observer"))
    north.append([Draft("home-confirmed", stage=1, sums={"kyiv>a/b": 2, "x:y_z": 3})], MORNING)
    second = north.append([Draft("home-confirmed", stage=1, sums={"all": 9})], MORNING)
    north.append([Draft("home-confirmed", stage=2, sums={"all": 1})], MORNING)
    north.append([Draft("correction", prior=second[0].hash)], MORNING)
    south.append([Draft("home-confirmed", stage=1, sums={"all": 4})], MORNING)
    observer.append([Draft("counted", stage=1, sums={"heads": 7})], MORNING)
    settle(stores.values())
    return copy_of(observer)


def taken_back_beside() -> Files:
    """A release of another group takes back a word that counts: the lead rises all the same."""
    north = office(TWO, "north")
    north.append(orders(1), MORNING)
    no = north.append([act("not-released", 0, "north", "south")], MORNING)
    north.append([act("released", 0, "north", "south", cls=PEOPLE[2], prior=no[0].hash)], MORNING)
    return copy_of(north)


@cache
def long(size: int) -> Files:
    """One log of many entries, a neighbour that has seen it."""
    north, south = (office(TWO, name) for name in ("north", "south"))
    north.append(orders(size), MORNING)
    settle([north, south])
    return copy_of(south)


def with_mldsa() -> Files:
    """Two parties whose second countersignature is in ML-DSA-44."""
    keys = {
        name: make_keys(name, "side", ["alder", "birch"], dice(f"second {name}"), mldsa=True)
        for name in ("north", "south")
    }
    exchange = open_exchange([each.card for each in keys.values()], TERMS, {})
    stores = [
        Store(sqlite3.connect(":memory:"), "?", exchange, each, dice(f"{name} salts"))
        for name, each in keys.items()
    ]
    stores[0].append(orders(3), MORNING)
    settle(stores)
    return copy_of(stores[1])


def times_that_fall() -> Files:
    """South's clock went back between two countersignatures."""
    leaves, key = leaves_of(basis()), keys_of("north").checkpoint
    text = head_text(basis(), NORTH, [leaf_hash(leaf) for leaf in leaves[:2]])
    early = cosigned(signed_head(text, key), "south", NINE + 86400)
    return basis() | {f"{NORTH}/checkpoints/2": early}


@cache
def public(hide: int | None = None) -> Files:
    """What is published: headers of public kinds only, or fewer still."""
    south = world()["south"]
    hidden = list(south.entries(NORTH))[hide] if hide is not None else None
    return dict(south.copy(show=lambda entry: entry.public and entry != hidden))


def at_random(seed: int) -> Files:
    """Sides and devices that say anything at all about a few people, in any order."""
    dice_ = random.Random(seed)
    stores = offices(RING if seed % 3 else THREE)
    sides = [name for name in stores if name != "observer"]
    logs = {name: {"office": f"{name}.office.1"} for name in sides}
    said: list[str] = []
    for _ in range(60):
        name = dice_.choice(sides)
        store = stores[name]
        if dice_.random() < 0.07:
            writer = dice_.choice(["office", "bus"])
            opened = store.begin_log(["alder", "birch"], MORNING, writer=writer)
            logs[name][writer] = opened.log
        elif dice_.random() < 0.12:
            settle(stores.values())
        else:
            draft = _said_at_random(dice_, name, sides, said)
            said += [
                entry.hash
                for entry in store.append([draft], MORNING, dice_.choice(list(logs[name].values())))
            ]
    settle(stores.values())
    return copy_of(stores[sides[0]])


def _said_at_random(
    dice_: random.Random, name: str, sides: Sequence[str], said: Sequence[str]
) -> Draft:
    prior = dice_.choice(said) if said and dice_.random() < 0.4 else None
    if prior and dice_.random() < 0.2:
        return Draft("correction", prior=prior)
    if dice_.random() < 0.08:
        sums = {f"{name}.out": dice_.randrange(4), f"{name}.in": dice_.randrange(4)}
        return Draft("step-closed", stage=1, step=dice_.randrange(1, 3), sums=sums, prior=prior)
    if dice_.random() < 0.05:
        return Draft("home-confirmed", stage=dice_.randrange(1, 3), sums={"a": 2}, prior=prior)
    other = dice_.choice([side for side in sides if side != name])
    kind = dice_.choice(
        ["release-ordered", "released", "not-released", "received", "not-received", "conceded"]
    )
    giving = kind in ("release-ordered", "released", "not-released")
    if dice_.random() < 0.05:
        giving = not giving
    sender, to = (name, other) if giving else (other, name)
    more: dict[str, Any] = {"step": dice_.choice([1, 1, 2])}
    if dice_.random() < 0.2:
        more["cls"] = dice_.choice(PEOPLE)
    return act(kind, dice_.randrange(6), sender, to, prior=prior, **more)


def _without(files: Files, *prefixes: str) -> Files:
    return {name: data for name, data in files.items() if not name.startswith(prefixes)}


def _with(*names: str, data: bytes) -> Files:
    return basis() | dict.fromkeys(names, data)


def _newest() -> bytes:
    return basis()[f"{NORTH}/checkpoint"]


GOOD: dict[str, Callable[[], Files]] = {
    "three offices": basis,
    "two sides, one entry": lambda: long(1),
    "a ring of three": ring,
    "a new epoch and a device": restored,
    "an older epoch that went on": gone_on,
    "a fork with its proofs": lambda: forked()[0],
    "the other branch of the fork": lambda: forked()[1],
    "a fork by entries": lambda: forked(0, 1, 1)[1],
    "corrections": corrected,
    "home": sent_home,
    "a word taken back beside the balance": taken_back_beside,
    "256 entries": lambda: long(256),
    "257 entries": lambda: long(257),
    "600 entries": lambda: long(600),
    "a second countersignature": with_mldsa,
    "public": public,
    "public, one header more withheld": lambda: public(6),
    "without bodies": lambda: _without(basis(), "bodies/"),
    "without south's log": lambda: _without(basis(), SOUTH),
    "without north's log": lambda: _without(basis(), NORTH),
    "without any log": lambda: {"exchange.txt": basis()["exchange.txt"]},
    "without policies": lambda: {n: d for n, d in basis().items() if not n.endswith("/policy")},
    "files nobody knows": lambda: _with("notes.txt", "a/b", f"{NORTH}/more", data=b"x"),
    "a countersignature by a stranger": lambda: _with(
        f"{NORTH}/checkpoint",
        data=cosigned(_newest(), "south", key=keys_of("stranger").witness),
    ),
    "a countersignature by the author": lambda: _with(
        f"{NORTH}/checkpoint", data=cosigned(_newest(), "north")
    ),
    "the newest checkpoint among the older ones": lambda: _with(
        f"{NORTH}/checkpoints/{_newest().split()[1].decode()}", data=_newest()
    ),
    "a body nobody names": lambda: _with(f"bodies/{sha256(b'').hexdigest()}", data=b""),
    "times that fall": times_that_fall,
} | {f"anything at all, {seed}": partial(at_random, seed) for seed in range(10)}
