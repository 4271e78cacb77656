"""Every limit of a task with the clause it rests on: what is owed, stage sizes, seats, balance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import gcd

from homeward.plan.aims import PLAIN, Aims
from homeward.plan.clauses import Done, Sorted, make_cohorts, sort_lines
from homeward.plan.lines import PlanLine
from homeward.plan.links import links_of
from homeward.plan.parts import part_limits
from homeward.plan.resources import Resources, Vehicle, agreed_resources
from homeward.plan.task import (
    Balance,
    Clause,
    Duty,
    Fleet,
    Limit,
    Pool,
    Task,
    values,
)
from homeward.plan.ties import due_on, ties_of
from homeward.plan.trips import usable
from homeward.terms import Annex, Obligation, Size, Terms


def make_task(
    terms: Terms,
    annexes: Sequence[Annex],
    lines: Iterable[PlanLine],
    resources: Resources,
    *,
    seed: int,
    done: Done = None,
    aims: Aims = PLAIN,
) -> Task:
    """The task that both sides compute alike from the same texts and lines.

    Raises Refused when the lines cannot be used at all.
    """
    return sorted_task(terms, annexes, sort_lines(terms, lines, done), resources, seed, aims)


def sorted_task(
    terms: Terms,
    annexes: Sequence[Annex],
    taking: Sorted,
    resources: Resources,
    seed: int,
    aims: Aims = PLAIN,
) -> Task:
    """The task of lines that are sorted already."""
    resources = agreed_resources(resources, annexes)
    annexes = sorted(annexes, key=lambda annex: annex.stage)
    pools, cohorts = make_cohorts(taking, seed)
    maker = _Limits(terms, annexes, resources, pools, taking)
    heads = [0] * len(pools)
    for cohort in cohorts:
        heads[cohort.pool] += cohort.heads
    maker.heads = tuple(heads)
    maker.sums()
    maker.limits += part_limits(terms, taking, pools, heads)
    for stage, annex in enumerate(annexes):
        maker.sizes(stage, annex)
    for stage in range(len(maker.stages)):
        maker.sites(stage)
        maker.crossing(stage)
        maker.fleets(stage)
    return Task(
        maker.stages,
        pools,
        cohorts,
        tuple(maker.duties()),
        tuple(maker.limits),
        tuple(maker.balances()),
        tuple([] if maker.all_sized else ties_of(terms, taking, pools)),
        tuple(maker.fleet_list),
        tuple(maker.own),
        links_of(terms, annexes, pools, taking),
        aims,
        seed=seed,
    )


@dataclass
class _Limits:
    """Gathers limits while the texts are read once."""

    terms: Terms
    annexes: Sequence[Annex]
    resources: Resources
    pools: tuple[Pool, ...]
    taking: Sorted
    heads: tuple[int, ...] = ()
    limits: list[Limit] = field(default_factory=list)
    fleet_list: list[Fleet] = field(default_factory=list)
    own: list[Fleet] = field(default_factory=list)

    @property
    def stages(self) -> tuple[int, ...]:
        return tuple(annex.stage for annex in self.annexes) or (1,)

    @property
    def all_sized(self) -> bool:
        return bool(self.annexes) and all(annex.sizes for annex in self.annexes)

    def most(self, pools: Iterable[int]) -> int:
        return sum(self.heads[pool] for pool in pools)

    def pools_of(self, obligation: Obligation) -> frozenset[int]:
        return frozenset(n for n, pool in enumerate(self.pools) if obligation.id in pool.under)

    def left(self, obligation: Obligation) -> tuple[int, int]:
        """The least and the most that is still owed; a count that follows another is open."""
        behind = self.taking.finished[obligation.id]
        there = self.most(self.pools_of(obligation))
        low, high = due_on(self.terms, obligation, there + behind) or (0, there + behind)
        return max(0, low - behind), max(0, high - behind)

    def duties(self) -> list[Duty]:
        """Counts over the whole plan; where stages have sizes of their own, those decide."""
        found = []
        for obligation in self.terms.obligations:
            low, high = self.left(obligation)
            if self.all_sized or (obligation.group == "beside" and self.annexes):
                low = 0
            if obligation.state in ("asset", "act") or not (low or self.pools_of(obligation)):
                continue
            key = "owed" if low == high else "owed_most" if low == 0 else "owed_range"
            clause = _clause(
                f"terms {obligation.id}",
                key,
                obligation.category,
                low=low,
                n=high,
                who=obligation.sender,
                to=obligation.to,
            )
            found.append(Duty(clause, obligation.id, low, high))
        return found

    def sums(self) -> None:
        """One count over several obligations together; stages with sizes decide by themselves."""
        for one in self.terms.sums:
            parts = [o for name in one.of for o in self.terms.find(name)]
            behind = sum(self.taking.finished[o.id] for o in parts)
            pools = frozenset(n for o in parts for n in self.pools_of(o))
            there = self.most(pools)
            quantity = one.quantity
            low = 0 if self.all_sized else max(0, quantity.low - behind)
            high = there if quantity.high is None else max(0, quantity.high - behind)
            each = [self.left(o) for o in parts]
            if sum(least for least, _ in each) >= low and sum(most for _, most in each) <= high:
                continue  # what each obligation allows already adds up to no more
            clause = Clause(f"terms {one.id}", "sum", values(low=low, n=high, clause=one.id))
            self.limits.append(Limit(clause, pools, None, low, high))

    def sizes(self, stage: int, annex: Annex) -> None:
        """The counts of a stage annex, exact; whoever it does not name stays."""
        if not annex.sizes:
            self.rates(annex.stage, stage)
            return
        named: set[int] = set()
        for size in annex.sizes:
            pools = frozenset(n for n, pool in enumerate(self.pools) if counts_for(pool, size))
            named |= pools
            kind = f"{size.category or 'total'} {size.state} {size.group}"
            clause = _clause(
                f"stage {annex.stage} {size.sender}-{size.to} {kind}",
                "size",
                size.category,
                n=size.count,
                stage=annex.stage,
                who=size.sender,
                to=size.to,
            )
            self.limits.append(Limit(clause, pools, stage, size.count, size.count))
        rest = frozenset(n for n, pool in enumerate(self.pools) if pool.inside and n not in named)
        if rest:
            clause = Clause(f"stage {annex.stage} rest", "rest", values(stage=annex.stage))
            self.limits.append(Limit(clause, rest, stage, 0, 0))

    @cached_property
    def at_site(self) -> list[tuple[str, frozenset[int]]]:
        """The pools of each site that is named."""
        found: dict[str, list[int]] = {}
        for number, pool in enumerate(self.pools):
            if pool.site in self.resources.sites:
                found.setdefault(pool.site, []).append(number)
        return [(code, frozenset(pools)) for code, pools in sorted(found.items())]

    def rates(self, number: int, stage: int) -> None:
        """So many for each stage, where the terms say a number for each."""
        for o in self.terms.obligations:
            low, high = o.quantity.rate
            if o.quantity.every != "stage" or high is None or o.state in ("asset", "act"):
                continue
            place = f"stage {number} {o.id}"
            given: dict[str, str | int] = {"n": high, "stage": number, "who": o.sender, "to": o.to}
            clause = _clause(place, "size", o.category, **given)
            if low != high:
                clause = Clause(place, "sum", values(low=low, n=high, clause=o.id))
            self.limits.append(Limit(clause, self.pools_of(o), stage, low, high))

    def sites(self, stage: int) -> None:
        """Seats that can leave each site: its own, and those of its vehicles."""
        number = self.stages[stage]
        for code, pools in self.at_site:
            seats = self.resources.sites[code].in_stage(number)
            own = self.resources.vehicles_at(code)
            if own:
                carried = sum(
                    usable(v.seats, self._largest(pools)) * v.in_stage(number) for v in own
                )
                seats = carried if seats is None else min(seats, carried)
            if seats is None:
                continue
            clause = Clause(
                f"site {code} stage {number}", "site", values(n=seats, site=code, stage=number)
            )
            self.limits.append(Limit(clause, pools, stage, 0, seats, "seats"))
            if own:
                self.own.append(Fleet(clause, pools, stage, self._sorts(own, pools, number)))

    def crossing(self, stage: int) -> None:
        """Heads that one side can bring over the stage's crossing."""
        number = self.stages[stage]
        named = self.annexes[stage].crossing if self.annexes else None
        if named is None and len(self.resources.crossings) == 1:
            (named,) = self.resources.crossings
        crossing = self.resources.crossings.get(named or "")
        for side in sorted({pool.holder for pool in self.pools}):
            heads = crossing.in_stage(number, side) if crossing else None
            if crossing is None or heads is None:
                continue
            pools = frozenset(n for n, pool in enumerate(self.pools) if pool.holder == side)
            clause = Clause(
                f"crossing {crossing.code} stage {number} {side}",
                "crossing",
                values(n=heads, crossing=crossing.code, stage=number, who=side),
            )
            self.limits.append(Limit(clause, pools, stage, 0, heads))

    def fleets(self, stage: int) -> None:
        """Vehicles a holder may send to any of its sites that have none of their own."""
        number = self.stages[stage]
        for side in sorted({pool.holder for pool in self.pools}):
            fleet = self.resources.fleet_of(side)
            if not fleet:
                continue
            pools = frozenset(
                n
                for n, pool in enumerate(self.pools)
                if pool.holder == side and not self.resources.vehicles_at(pool.site)
            )
            sorts = self._sorts(fleet, pools, number)
            seats = sum(each * count for each, count in sorts)
            clause = Clause(
                f"vehicles of {side} stage {number}",
                "fleet",
                values(n=seats, who=side, stage=number),
            )
            self.limits.append(Limit(clause, pools, stage, 0, seats, "seats"))
            self.fleet_list.append(Fleet(clause, pools, stage, sorts))

    def _sorts(
        self, vehicles: Iterable[Vehicle], pools: frozenset[int], stage: int
    ) -> tuple[tuple[int, int], ...]:
        """Seats that can be counted on in each sort of vehicle, and how many there are."""
        largest = self._largest(pools)
        return tuple(
            (usable(v.seats, largest), v.in_stage(stage)) for v in vehicles if v.in_stage(stage)
        )

    def _largest(self, pools: Iterable[int]) -> int:
        """The most seats that one person of these pools takes."""
        return max((self.pools[pool].seats for pool in pools), default=1)

    def balances(self) -> list[Balance]:
        """How far a side may be ahead between stages that have no agreed sizes.

        Where the terms keep sides equal, they are equal in every stage. Where they only bound the
        step, fixed numbers come out even in the end, by weight if they differ; numbers left open
        have nothing to be even with.
        """
        if self.all_sized or self._sized_unequal():
            return []
        terms = self.terms
        kinds = sorted({pool.category for pool in self.pools if pool.inside})
        if terms.equal_by == "category":
            return [one for name in kinds for one in self._balance(name, {name}, 0, {})]
        if terms.equal_by == "total":
            return self._balance("", set(kinds), 0, {})
        totals = self._totals()
        if terms.step is None or any(low != high for low, high in totals.values()):
            return []
        return self._balance("", set(kinds), terms.step, _weights(totals))

    def _balance(
        self, name: str, categories: set[str], slack: int, scale: dict[tuple[str, str], int]
    ) -> list[Balance]:
        inside = [
            (n, pool)
            for n, pool in enumerate(self.pools)
            if pool.inside and pool.category in categories
        ]
        sides = sorted({side for _, pool in inside for side in (pool.holder, pool.claimant)})
        slack *= max(scale.values(), default=1)
        found = []
        for side in sides[:1] if len(sides) == 2 else sides:
            if slack and self._uneven(side, scale):
                continue
            weights = []
            for n, pool in inside:
                if side in (pool.holder, pool.claimant):
                    way = scale.get((pool.holder, pool.claimant), 1) * pool.value
                    weights.append((n, way if pool.holder == side else -way))
            place = f"balance {side} {name}".strip()
            if slack:
                clause = Clause(place, "balance", values(n=slack, who=side))
            else:
                clause = _clause(place, "equal", name, who=side)
            found.append(Balance(clause, tuple(weights), slack, self._start(side, scale)))
        return found

    def _uneven(self, side: str, scale: dict[tuple[str, str], int]) -> bool:
        """Whether a side gives more or less than it receives over the whole exchange."""
        ahead = 0
        for (sender, to), (count, _) in self._totals().items():
            ahead += scale.get((sender, to), 1) * count * ((sender == side) - (to == side))
        return ahead != 0

    def _start(self, side: str, scale: dict[tuple[str, str], int]) -> int:
        start = 0
        for (sender, to), count in self.taking.crossed.items():
            way = scale.get((sender, to), 1) * count
            start += way if sender == side else -way if to == side else 0
        return start

    def _totals(self) -> dict[tuple[str, str], tuple[int, int | None]]:
        """Least and most heads inside the balance in each direction, as the terms say them."""
        found: dict[tuple[str, str], tuple[int, int | None]] = {}
        for o in self.terms.obligations:
            if o.group == "inside" and o.state not in ("asset", "act"):
                low, high = due_on(self.terms, o, 0) or (0, None)
                if o.quantity.form == "all" or o.high is None:
                    high = None
                before = found.get((o.sender, o.to), (0, 0))
                most = None if high is None or before[1] is None else before[1] + high
                found[o.sender, o.to] = (before[0] + low, most)
        return found

    def _sized_unequal(self) -> bool:
        for annex in self.annexes:
            sums: dict[str, int] = {}
            for size in annex.sizes:
                if size.group == "inside":
                    sums[size.sender] = sums.get(size.sender, 0) + size.count
                    sums[size.to] = sums.get(size.to, 0) - size.count
            if any(sums.values()):
                return True
        return False


def _weights(totals: dict[tuple[str, str], tuple[int, int | None]]) -> dict[tuple[str, str], int]:
    """Weights that make an agreed unequal exchange come out even; empty where it is n for n."""
    if len(totals) != 2:
        return {}
    (one, (here, _)), (other, (there, _)) = sorted(totals.items())
    if one != other[::-1] or here == there or not here or not there:
        return {}
    common = gcd(here, there)
    return {one: there // common, other: here // common}


def counts_for(pool: Pool, size: Size) -> bool:
    """Whether persons of a pool count for a size of an annex."""
    return (
        (pool.holder, pool.claimant) == (size.sender, size.to)
        and (pool.state, pool.group) == (size.state, size.group)
        and size.category in (None, pool.category)
    )


def _clause(place: str, key: str, category: str | None, **given: str | int) -> Clause:
    """A clause about one category, or about everybody."""
    if not category:
        return Clause(place, key if key == "equal" else f"{key}_all", values(**given))
    key = f"{key}_category" if key == "equal" else key
    return Clause(place, key, values(category=category, **given))
