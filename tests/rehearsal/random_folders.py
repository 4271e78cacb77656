"""Whole exchange folders drawn by chance: 2 to 5 sides, their terms, stages, lists and mishaps.

``draw(seed)`` decides everything and returns it as plain data, ``write(tale, path)`` writes the
folder; both do the same on every machine. Everybody in these folders is invented.
"""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

Move = tuple[str, str]
Sizes = dict[Move, dict[str, int]]

SIDES = ("alder", "birch", "cedar", "damson", "elder")
NEUTRALS = ("heron", "ibis")
SHAPES = (
    *("equal", "equal", "in-total", "total", "unequal", "unequal", "one-sided", "remains"),
    *("beside", "ratio", "scale", "gate", "ring", "ring", "star", "asset", "one-stage", "unbound"),
)
FAULTS = ("lossy", "crash", "liar", "fork", "walkaway", "clock")
BREAKING = frozenset({"liar", "fork", "walkaway"})
AT_THE_LINE = ("refused", "absent", "unfit", "dead", "wrong_person", "substitution")
ON_THE_WAY = ("bus_lost", "extra", "office_killed", "network_cut", "side_stops")

# Days around which local clocks change, and two on which they do not.
DAYS = (
    *(("Europe/Kyiv", "2031-03-29"), ("Europe/Kyiv", "2031-10-25")),
    *(("America/New_York", "2031-03-08"), ("Asia/Beirut", "2031-03-28")),
    *(("Australia/Lord_Howe", "2031-04-05"), ("Asia/Kathmandu", "2031-06-01")),
    *(("Europe/Oslo", "2031-12-30"), ("UTC", "2032-02-27")),
)

PERSONS = {
    "military": {"category": "prisoner_of_war", "rank": "private"},
    "civilian": {"category": "civilian"},
    "soldiers": {"category": "prisoner_of_war", "rank": "private"},
    "officers": {"category": "prisoner_of_war", "rank": "captain"},
    "fallen": {"category": "prisoner_of_war", "state": "remains"},
    "all": {"category": "prisoner_of_war"},
    "wounded": {"category": "civilian", "health": "seriously_wounded"},
}
PREDICATES = {
    "military": {"category": ["prisoner_of_war", "medical", "religious"]},
    "civilian": {"category": ["civilian"]},
    "soldiers": {"state": "living", "rank": ["private", "corporal"]},
    "officers": {"state": "living", "rank": ["captain", "colonel"]},
    "fallen": {"state": "remains"},
}
_FIRST = ("Bar", "Cel", "Dom", "Fen", "Gur", "Hod", "Jas", "Kem", "Lov", "Mir", "Nad", "Pol")
_SECOND = ("andr", "evi", "ikol", "ostr", "umbe", "yrta", "abel", "enko", "irsh", "olmu")
_THIRD = ("zhan", "quist", "werth", "mbaki", "ttavi", "xoron", "bryk", "dzel", "phiro", "gowan")
_GIVEN = ("Zanvier", "Ybrand", "Xantero", "Wulfrik", "Vasquel", "Ulmarik", "Torvald", "Sigmarr")


@dataclass(frozen=True)
class Owed:
    """What one side owes another by the terms; ``count`` None where they give no number."""

    sender: str
    to: str
    category: str | None
    state: str
    group: str
    count: int | None


@dataclass
class Tale:
    """Everything about one folder that was decided by chance."""

    seed: int
    shape: str
    sides: tuple[str, ...]
    neutrals: tuple[str, ...]
    moves: tuple[Move, ...]
    kinds: tuple[str, ...]
    step: int | None
    first: str
    stages: list[Sizes]
    zone: str
    day: str
    owed: list[Owed] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    fault: str | None = None
    carry: str = "files"
    blocked: tuple[str, int] | None = None  # why a stage cannot be planned, and which
    spare: int = 0
    sites: dict[str, tuple[str, ...]] = field(default_factory=dict)
    vehicles: bool = False
    crossing: bool = True
    gold: bool = True
    rules: dict[str, str] = field(default_factory=dict)
    said: bool = False
    missing: Move | None = None

    @property
    def owed_heads(self) -> Counter[tuple[str, str, str]]:
        """Heads of every stage together, by direction and kind."""
        found: Counter[tuple[str, str, str]] = Counter()
        for sizes in self.stages:
            for (sender, to), row in sizes.items():
                for kind, heads in row.items():
                    found[sender, to, kind] += heads
        return found

    def line(self) -> str:
        """The tale in one line, for whoever watches."""
        events = ",".join(event["kind"] for event in self.events) or "-"
        blocked = f"{self.blocked[0]}@{self.blocked[1]}" if self.blocked else "-"
        return (
            f"seed {self.seed}: {self.shape}, {len(self.sides)} sides, {len(self.neutrals)} "
            f"neutrals, {len(self.stages)} stages, step {self.step}, "
            f"{sum(self.owed_heads.values())} heads, events {events}, fault {self.fault or '-'}, "
            f"blocked {blocked}"
        )


def draw(seed: int) -> Tale:
    """The folder of that number."""
    dice = random.Random(f"folder/{seed}")
    shape = dice.choice(SHAPES)
    sides = _sides(dice, shape)
    zone, day = dice.choice(DAYS)
    tale = Tale(
        seed=seed,
        shape=shape,
        sides=sides,
        neutrals=NEUTRALS[: dice.choice((0, 0, 0, 1, 1, 2))],
        moves=_moves(shape, sides),
        kinds=_kinds(dice, shape),
        step=dice.choice((1, 2, 3, 4, 5, 6, 8, 10)),
        first=dice.choice(("alternate", "alternate", "together", sides[0], sides[-1])),
        stages=[],
        zone=zone,
        day=day,
        fault=dice.choice((*FAULTS, *([None] * 8))),
        carry=dice.choice(("files", "files", "http")),
        spare=dice.choice((0, 0, 2, 4)),
        vehicles=dice.random() < 0.5,
        crossing=dice.random() < 0.8,
        gold=dice.random() < 0.9,
        said=dice.random() < 0.3,
    )
    if shape == "unbound":
        tale.step = None
    tale.rules = _rules(dice)
    _draw_stages(dice, tale)
    _keep_short(tale)
    tale.owed = _owed(tale)
    _draw_sites(dice, tale)
    _draw_blocked(dice, tale)
    _draw_events(dice, tale)
    return tale


def _keep_short(tale: Tale) -> None:
    """Bounded time: no more than some ten steps, and fewer parties on bad roads."""
    steps = 10
    if tale.fault in ("lossy", "crash"):
        tale.neutrals = tale.neutrals[:1] if len(tale.sides) < 3 else ()
        steps = 5
        if len(tale.sides) > 3:
            tale.fault = None
    heads = sum(_most_out(sizes) for sizes in tale.stages)
    if tale.step is not None and heads / tale.step > steps:
        tale.step = 1 + heads // steps


def _sides(dice: random.Random, shape: str) -> tuple[str, ...]:
    number = dice.choice((3, 3, 3, 4, 5)) if shape in ("ring", "star") else 2
    return tuple(dice.sample(SIDES, number))


def _moves(shape: str, sides: Sequence[str]) -> tuple[Move, ...]:
    if shape == "ring":
        return tuple(zip(sides, (*sides[1:], sides[0]), strict=True))
    if shape == "star":
        hub = sides[0]
        return tuple(move for side in sides[1:] for move in ((hub, side), (side, hub)))
    if shape == "one-sided":
        return ((sides[0], sides[1]),)
    return ((sides[0], sides[1]), (sides[1], sides[0]))


def _kinds(dice: random.Random, shape: str) -> tuple[str, ...]:
    if shape == "remains":
        return ("military", "civilian", "fallen")
    if shape == "scale":
        return ("soldiers", "officers")
    if shape in ("beside", "gate", "unequal"):
        return ("military", "civilian")
    return dice.choice((("all",), ("military", "civilian"), ("military", "civilian")))


def _rules(dice: random.Random) -> dict[str, str]:
    choices = {
        "refusal": ("counts", "reduces", "replaced"),
        "shortfall": ("carried_over", "made_good", "accepted"),
        "substitution": ("none", "by_agreement", "free"),
        "extras": ("beside", "returned"),
        "death": ("counts", "remains_instead", "replaced"),
    }
    return {name: dice.choice(words) for name, words in choices.items() if dice.random() < 0.5}


def _draw_stages(dice: random.Random, tale: Tale) -> None:
    number = 1 if tale.shape == "one-stage" else dice.choice((1, 1, 2, 2, 3, 4))
    ways = len(tale.moves)
    most = max(2, (60 if ways <= 2 else 36) // (number * (1 if ways <= 2 else 2)))
    key = dice.choice((2, 3))
    for stage in range(number):
        heads = {kind: dice.randint(0, max(1, most // 3)) for kind in tale.kinds}
        if not any(heads.values()):
            heads[tale.kinds[0]] = 1
        sizes: Sizes = {move: dict(heads) for move in tale.moves}
        if tale.shape in ("unequal", "ratio"):
            small = {kind: max(1, count // key) for kind, count in heads.items()}
            sizes[tale.moves[0]] = {kind: count * key for kind, count in small.items()}
            sizes[tale.moves[1]] = small
        if tale.shape == "total" and len(tale.kinds) == 2:
            one, two = tale.kinds
            whole = sum(heads.values())
            there = dice.randint(0, whole)
            sizes[tale.moves[1]] = {one: there, two: whole - there}
        if tale.shape == "beside" and stage == 0:
            for move in tale.moves:
                sizes[move]["wounded"] = dice.randint(1, 4)
        if tale.shape == "gate":
            _gated(tale, sizes, stage, number)
        tale.stages.append(sizes)


def _gated(tale: Tale, sizes: Sizes, stage: int, number: int) -> None:
    """Soldiers may only go once all civilians have: civilians in the first stages alone."""
    early = stage < max(1, number // 2)
    for row in sizes.values():
        if number > 1:
            heads = max(1, sum(row.values()))
            row.update({"civilian": heads if early else 0, "military": 0 if early else heads})


def _owed(tale: Tale) -> list[Owed]:
    found = []
    total = tale.owed_heads
    for sender, to in tale.moves:
        for kind in (*tale.kinds, "wounded"):
            heads = total[sender, to, kind]
            if kind == "wounded" and not heads:
                continue
            category = {"all": None, "wounded": "civilian"}.get(kind, kind)
            state = "remains" if kind == "fallen" else "living"
            group = "beside" if kind == "wounded" else "inside"
            found.append(Owed(sender, to, category, state, group, heads))
    return found


def _draw_sites(dice: random.Random, tale: Tale) -> None:
    for side in tale.sides:
        count = dice.choice((1, 1, 2, 3))
        tale.sites[side] = tuple(f"{side[0].upper()}{n + 1}" for n in range(count))


def _draw_blocked(dice: random.Random, tale: Tale) -> None:
    if tale.shape == "one-stage" or dice.random() > 0.14:
        return
    stage = dice.randint(1, len(tale.stages))
    reason = dice.choice(("crossing", "site", "lists"))
    if reason == "lists":
        stage = len(tale.stages)
        kinds = [(move, k) for move, row in tale.stages[-1].items() for k, n in row.items() if n]
        tale.missing = dice.choice(kinds)[0]
        tale.spare = 0
    tale.crossing = tale.crossing or reason == "crossing"
    tale.blocked = (reason, stage)


def _draw_events(dice: random.Random, tale: Tale) -> None:
    steps = _steps_by_stage(tale)
    chosen: set[tuple[int, str]] = set()
    for _ in range(dice.choice((0, 0, 1, 2, 3, 5))):
        stage = dice.randint(1, len(tale.stages))
        step = dice.choice(steps[stage - 1])
        kind = dice.choice((*AT_THE_LINE, *ON_THE_WAY))
        givers = [move[0] for move in tale.moves]
        side = dice.choice(givers)
        event: dict[str, Any] = {"stage": stage, "step": step, "kind": kind, "side": side}
        if kind in (*AT_THE_LINE, "bus_lost"):
            if (step, side) in chosen:
                continue  # a small step may have nobody left for a second mishap
            chosen.add((step, side))
        if kind in AT_THE_LINE:
            event["who"] = {"pick": 1}
        elif kind in ("office_killed", "network_cut"):
            event["side"] = dice.choice((*tale.sides, *tale.neutrals))
        elif kind == "side_stops":
            event["side"] = dice.choice(tale.sides)
            if dice.random() < 0.5:
                tale.events.append(event)
                event = {**event, "kind": "side_resumes"}
        tale.events.append(event)
    if tale.said and dice.random() < 0.5:
        tale.events.append({"stage": 1, "kind": "statement_published", "note": "rumour"})


def _steps_by_stage(tale: Tale) -> list[list[int]]:
    """Which steps a stage will have at least, where nothing goes wrong; a guess is enough."""
    found, number = [], 0
    for sizes in tale.stages:
        out: Counter[str] = Counter()
        for (sender, _), row in sizes.items():
            out[sender] += sum(heads for kind, heads in row.items() if kind != "wounded")
        steps = max(1, -(-max(out.values(), default=1) // (tale.step or 99)))
        found.append(list(range(number + 1, number + steps + 1)))
        number += steps
    return found


# ---------------------------------------------------------------------------------------- writing


class _Plain(yaml.SafeDumper):
    """YAML without anchors: each value stands where it is meant."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _dump(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.dump(value, Dumper=_Plain, sort_keys=False, allow_unicode=True)
    path.write_text(text, encoding="utf-8")


@dataclass
class Written:
    """What the lists say: names that nobody else may learn, and how many lines there are."""

    names: set[str] = field(default_factory=set)
    held: Counter[str] = field(default_factory=Counter)
    sought: Counter[str] = field(default_factory=Counter)
    true: set[tuple[str, str, str, str]] = field(default_factory=set)


def write(tale: Tale, path: Path) -> Written:
    """Write the folder of a tale."""
    path.mkdir(parents=True, exist_ok=True)
    written = _write_lists(tale, path)
    _dump(path / "exchange.yaml", _exchange(tale, written))
    _dump(path / "terms.yaml", _terms(tale))
    if tale.shape != "one-stage":
        _dump(path / "stages.yaml", _stages(tale))
    if tale.said:
        _dump(path / "statements.yaml", _statements(tale))
    return written


def _exchange(tale: Tale, written: Written) -> dict[str, Any]:
    opens = _hours(tale)[0][0] - timedelta(hours=30)
    said: dict[str, Any] = {
        "format": "homeward-exchange/1",
        "title": {"en": f"Exchange {tale.seed}"},
        "sides": {
            side: {"name": {"en": side.title()}, "officers": [f"{side}-a", f"{side}-b"]}
            for side in tale.sides
        },
        "neutrals": {name: {"name": {"en": name.title()}} for name in tale.neutrals},
        "moves": [list(move) for move in tale.moves],
        "proposer": tale.sides[-1],
        "clock": {"start": opens.isoformat(), "zone": tale.zone},
        "seed": tale.seed,
        "resources": _resources(tale, written),
        "events": tale.events,
    }
    return said


def _resources(tale: Tale, written: Written) -> dict[str, Any]:
    sites: dict[str, Any] = {}
    reason, stage = tale.blocked or ("", 0)
    shut = next((m[0] for m, row in tale.stages[stage - 1].items() if sum(row.values())), "")
    for side, codes in tale.sites.items():
        for code in codes:
            sites[code] = {"holder": side, "seats": max(1, written.held[code])}
            if reason == "site" and side == shut:
                sites[code]["closed"] = [stage]
    found: dict[str, Any] = {"sites": sites}
    if tale.vehicles:
        found["vehicles"] = {
            f"{side}-bus": {
                "holder": side,
                "seats": 6,
                "count": 4 + sum(written.held[code] for code in codes) // 6,
            }
            for side, codes in tale.sites.items()
        }
    if tale.crossing:
        out = [_most_out(sizes) for sizes in tale.stages]
        heads: dict[str, Any] = {"heads": max(1, max(out) + tale.spare)}
        if reason == "crossing":
            heads["stages"] = {stage: max(0, out[stage - 1] - 1)}
        found["crossings"] = {"K1": heads}
    return found


def _most_out(sizes: Sizes) -> int:
    out: Counter[str] = Counter()
    for (sender, _), row in sizes.items():
        out[sender] += sum(row.values())
    return max(out.values(), default=0)


def _terms(tale: Tale) -> dict[str, Any]:
    said: dict[str, Any] = {
        "format": "homeward-terms/1",
        "id": f"exchange-{tale.seed}",
        "title": {"en": f"Exchange {tale.seed}"},
        "agreed": {"date": _hours(tale)[0][0].date() - timedelta(days=2)},
        "parties": {side: {"name": {"en": side.title()}} for side in tale.sides},
    }
    if tale.kinds != ("all",):
        said["categories"] = {kind: {"when": PREDICATES[kind]} for kind in tale.kinds}
        if tale.shape == "remains":
            for kind in ("military", "civilian"):
                said["categories"][kind] = {"when": {"state": "living", **PREDICATES[kind]}}
    said["obligations"] = _obligations(tale)
    balance = dict.fromkeys(("unequal", "ratio", "one-sided"), "nothing")
    balance |= dict.fromkeys(("total", "in-total"), "total")
    said["balance"] = {"equal_by": balance.get(tale.shape, "category")}
    said["balance"] |= {"no_bound": True} if tale.step is None else {"step": tale.step}
    if tale.kinds != ("all",):
        said["balance"]["order"] = list(tale.kinds)
    said["balance"]["first"] = tale.first
    ahead = sum(o.count or 0 for o in tale.owed if o.sender == tale.sides[0])
    ahead -= sum(o.count or 0 for o in tale.owed if o.to == tale.sides[0])
    if tale.shape in ("unequal", "one-sided") and ahead > 0:
        said["balance"]["end"] = {tale.sides[0]: ahead}
    if tale.shape == "scale":
        values = {"private": 1, "corporal": 2, "captain": 4, "colonel": 9}
        said["equivalence"] = {"by": "rank", "values": values}
    if tale.shape == "gate":
        of = [f"{a}-{b}-military" for a, b in tale.moves]
        after = [f"{a}-{b}-civilian" for a, b in tale.moves]
        said["linkage"] = [{"kind": "gate", "before": of, "after": after}]
    if tale.shape == "ring":
        said["linkage"] = [{"kind": "ring", "of": [o["id"] for o in said["obligations"]]}]
    if tale.rules:
        said["rules"] = dict(tale.rules)
    if tale.shape == "asset":
        said["others"] = {"bank": {"name": "A bank", "role": "custodian"}}
    said["confirmation"] = {"counts_when": "both_signed", "signed_by": ["holder", "receiver"]}
    return said


def _obligations(tale: Tale) -> list[dict[str, Any]]:
    if tale.shape == "in-total":
        (one, two), heads = tale.moves[0], sum(tale.owed_heads.values())
        quantity: dict[str, Any] = {"exact": heads, "counting": "in_total"}
        return [{"id": "all", "between": [one, two], "what": "people", "quantity": quantity}]
    found = []
    for owed in tale.owed:
        kind = "wounded" if owed.group == "beside" else owed.category or "all"
        row: dict[str, Any] = {
            "id": f"{owed.sender}-{owed.to}-{kind}",
            "from": owed.sender,
            "to": owed.to,
            "what": "people",
            "state": owed.state,
            "group": owed.group,
            "quantity": {"exact": owed.count},
        }
        if owed.category:
            row["category"] = owed.category
        if owed.group == "beside":
            row["when"] = {"health": ["seriously_wounded"]}
        if tale.shape == "ratio" and (owed.sender, owed.to) == tale.moves[0]:
            other = f"{owed.to}-{owed.sender}-{kind}"
            there = tale.owed_heads[owed.to, owed.sender, kind]
            give = (owed.count or 0) // max(1, there)
            row["quantity"] = {"ratio": {"give": give, "of": other, "for_each": 1}}
        if row["quantity"].get("exact") == 0:
            continue
        found.append(row)
    if tale.shape == "asset":
        sender, to = tale.moves[1]
        sum_of_money = {"exact": 1, "unit": "deposit"}
        ends = {"from": sender, "to": to, "what": "a deposit", "state": "asset", "via": "bank"}
        found.append({"id": "deposit", **ends, "quantity": sum_of_money, "group": "beside"})
    return found


def _hours(tale: Tale) -> list[tuple[datetime, datetime]]:
    """The window of each stage, in local time: across the change of the clock in the first."""
    dice = random.Random(f"hours/{tale.seed}")
    zone = ZoneInfo(tale.zone)
    at = datetime.fromisoformat(tale.day).replace(tzinfo=zone, hour=dice.choice((1, 8, 20)))
    found = []
    for _ in tale.stages:
        # wall time, as people agree on it; an hour that a clock skips is none
        end = _that_is(at + timedelta(hours=dice.choice((5, 9, 12))))
        found.append((at, end))
        at = _that_is(end + timedelta(hours=dice.choice((10, 24, 50))))
    return found


def _that_is(at: datetime) -> datetime:
    """The same local time where there is one, else an hour that follows."""
    return at.astimezone(UTC).astimezone(at.tzinfo)


def _stages(tale: Tale) -> dict[str, Any]:
    rows = []
    agreed = _hours(tale)[0][0] - timedelta(hours=20)
    for number, (sizes, (opens, ends)) in enumerate(
        zip(tale.stages, _hours(tale), strict=True), start=1
    ):
        row: dict[str, Any] = {
            "stage": number,
            "proposed_by": tale.sides[number % len(tale.sides)],
            "agreed_on": agreed.isoformat(),
            "window": [opens.isoformat(), ends.isoformat()],
            "counting": "in_total" if tale.shape == "in-total" else "each",
            "sizes": [_size(tale, move, heads) for move, heads in sizes.items()],
        }
        if tale.crossing:
            row["crossing"] = "K1"
        rows.append(row)
        agreed = ends + timedelta(hours=3)
    return {"format": "homeward-stages/1", "stages": rows}


def _size(tale: Tale, move: Move, heads: Mapping[str, int]) -> dict[str, Any]:
    names = {"fallen": "fallen/remains", "wounded": "civilian/living/beside"}
    row: dict[str, Any] = {"from": move[0], "to": move[1]}
    if tale.kinds != ("all",):
        row |= {names.get(kind, kind): count for kind, count in heads.items()}
    return {**row, "total": sum(heads.values())}


def _statements(tale: Tale) -> dict[str, Any]:
    at = _hours(tale)[0][0] + timedelta(hours=1)
    claims = [{"status": "completed", "subject": "exchange", "event_date": str(at.date())}]
    speaker = {"name": "a foreign minister", "role": "third"}
    rumour = {"id": "rumour", "text": "A minister says that it is all done.", "speaker": speaker}
    rumour |= {"channel": "reporters", "said_at": at.isoformat(), "claims": claims}
    return {"format": "homeward-statements/1", "statements": [rumour]}


# ------------------------------------------------------------------------------------------ lists

_HELD = (
    *("id", "surname", "given_name", "birth_date", "sex", "category", "state", "rank"),
    *("captured_on", "held_at", "health"),
)


def _write_lists(tale: Tale, path: Path) -> Written:
    dice = random.Random(f"people/{tale.seed}")
    written = Written()
    surnames = [a + b + c for a in _FIRST for b in _SECOND for c in _THIRD]
    dice.shuffle(surnames)
    held: dict[str, list[dict[str, str]]] = {side: [] for side in tale.sides}
    sought: dict[str, list[dict[str, str]]] = {side: [] for side in tale.sides}
    for holder, seeker in tale.moves:
        for kind, heads in _heads_of(tale, (holder, seeker)).items():
            for _ in range(heads):
                _one_person(
                    tale, dice, written, surnames.pop(), (holder, seeker), kind, held, sought
                )
        for _ in range(dice.choice((0, 1, 3))):  # held, and looked for by nobody
            person = _person(dice, surnames.pop(), tale.kinds[0])
            written.names |= {person["surname"]}
            held[holder].append({**person, "id": _identity("h", held[holder])})
            written.held[_place(dice, tale, holder, held[holder][-1])] += 1
        for _ in range(dice.choice((0, 1, 3))):  # looked for, and held by nobody
            person = _person(dice, surnames.pop(), tale.kinds[0])
            written.names |= {person["surname"]}
            sought[seeker].append({**person, "id": _identity("s", sought[seeker])})
    for side in tale.sides:
        written.held[side], written.sought[side] = len(held[side]), len(sought[side])
        for which, rows, columns in (("held", held, _HELD), ("sought", sought, _HELD[:9])):
            ends = {m[0] if which == "held" else m[1] for m in tale.moves}
            if side in ends:
                dice.shuffle(rows[side])
                _csv(path / side / f"{which}.csv", rows[side], columns)
    if tale.gold:
        columns = ("sought_side", "sought_id", "held_side", "held_id")
        true = [dict(zip(columns, pair, strict=True)) for pair in sorted(written.true)]
        _csv(path / "gold.csv", true, columns)
    return written


def _heads_of(tale: Tale, move: Move) -> dict[str, int]:
    found = {kind: tale.owed_heads[*move, kind] for kind in (*tale.kinds, "wounded")}
    for kind in tale.kinds:
        found[kind] += tale.spare
    if tale.missing == move:
        kind = next(k for k, heads in tale.stages[-1][move].items() if heads)
        found[kind] -= 1
    return found


def _one_person(
    tale: Tale,
    dice: random.Random,
    written: Written,
    surname: str,
    move: Move,
    kind: str,
    held: dict[str, list[dict[str, str]]],
    sought: dict[str, list[dict[str, str]]],
) -> None:
    holder, seeker = move
    person = _person(dice, surname, kind)
    written.names |= {person["surname"]}
    ids = {"h": _identity("h", held[holder]), "s": _identity("s", sought[seeker])}
    held[holder].append({**person, "id": ids["h"]})
    written.held[_place(dice, tale, holder, held[holder][-1])] += 1
    sought[seeker].append({**person, "id": ids["s"]})
    written.true.add((seeker, ids["s"], holder, ids["h"]))


def _place(dice: random.Random, tale: Tale, side: str, row: dict[str, str]) -> str:
    row["held_at"] = dice.choice(tale.sites[side])
    return row["held_at"]


def _identity(which: str, rows: Sequence[object]) -> str:
    return f"{which}{len(rows) + 1:03}"


def _person(dice: random.Random, surname: str, kind: str) -> dict[str, str]:
    month, day = dice.randint(1, 12), dice.randint(1, 28)
    return {
        "surname": surname,
        "given_name": dice.choice(_GIVEN),
        "birth_date": f"{dice.randint(1965, 2006)}-{month:02}-{day:02}",
        "sex": dice.choice("mmmf"),
        "captured_on": f"20{dice.randint(27, 30)}-{dice.randint(1, 12):02}",
        "health": dice.choice(("", "good", "sick", "slightly_wounded")),
        **PERSONS[kind],
    }


def _csv(path: Path, rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n", restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(out.getvalue(), encoding="utf-8")
