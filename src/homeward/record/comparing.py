"""Two copies side by side: what each holds that the other lacks, and where histories part."""

from __future__ import annotations

from dataclasses import dataclass

from homeward.problem import Problem
from homeward.record.forks import Fork
from homeward.record.reading import Reading, first_differing, read_files
from homeward.record.tiles import Files
from homeward.record.verifying import fork_between


@dataclass(frozen=True, slots=True)
class LogDifference:
    """One log in two copies: its size in each, and how many entries are the same in both."""

    name: str
    one: int
    other: int
    common: int

    @property
    def parted(self) -> bool:
        """Whether the copies show two histories, not one longer than the other."""
        return self.common < min(self.one, self.other)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two copies say of each other; ``same`` when every log is held alike."""

    same: bool
    logs: tuple[LogDifference, ...]
    forks: tuple[Fork, ...]
    problems: tuple[Problem, ...]

    def to_json(self) -> dict[str, object]:
        """The document that ``compare --json`` prints."""
        return {
            "same": self.same,
            "logs": [
                {"log": each.name, "one": each.one, "other": each.other, "common": each.common}
                for each in self.logs
            ],
            "forks": [{"log": each.log, "seq": each.seq, "kind": each.kind} for each in self.forks],
            "problems": [problem.to_json() for problem in self.problems],
        }


def compare(one: Files, other: Files) -> Comparison:
    """Compare two copies; a fork comes with its portable proof wherever one can be made."""
    readings = (read_files(one), read_files(other))
    problems = [problem for reading in readings for problem in reading.problems]
    ids = {reading.exchange.id for reading in readings if reading.exchange}
    if len(ids) != 1:
        problems.append(Problem("record.exchange-other", "exchange.txt", "", "one exchange"))
        return Comparison(False, (), (), tuple(problems))
    names = sorted(readings[0].logs.keys() | readings[1].logs.keys())
    logs = tuple(_difference(name, readings) for name in names)
    found = {fork.digest: fork for reading in readings for fork in reading.forks}
    for name in names:
        if all(name in reading.logs for reading in readings):
            fork = fork_between(readings[0], readings[1], name)
            if fork is not None:
                found[fork.digest] = fork
    same = not problems and all(each.one == each.other == each.common for each in logs)
    return Comparison(same, logs, tuple(found.values()), tuple(problems))


def _difference(name: str, readings: tuple[Reading, Reading]) -> LogDifference:
    one, other = (reading.logs.get(name) for reading in readings)
    sizes = [len(log.tree) if log else 0 for log in (one, other)]
    common = min(sizes)
    if one is not None and other is not None:
        parted = first_differing(one, other)
        common = common if parted is None else parted
    return LogDifference(name, sizes[0], sizes[1], common)
