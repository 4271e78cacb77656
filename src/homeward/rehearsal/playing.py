"""The whole rehearsal: offices started, the story played, the record verified, OUT written."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from homeward.dates import PartialDate, day_window
from homeward.problem import Problem, Refused
from homeward.rehearsal import opening, staging, telling
from homeward.rehearsal.adversary import Adversary, adversary_of
from homeward.rehearsal.clock import Clock, HorizonReached
from homeward.rehearsal.copies import Union, read_union
from homeward.rehearsal.courier import Courier, Way
from homeward.rehearsal.faults import SHARES, FaultyCourier
from homeward.rehearsal.folder import Folder, with_seed
from homeward.rehearsal.happenings import StoryEnds, unreached
from homeward.rehearsal.opening import Matched
from homeward.rehearsal.outcome import Findings, unexpected, unsound, verify_copies
from homeward.rehearsal.outfolder import Outcome, write_out
from homeward.rehearsal.production import Production, Watch
from homeward.rehearsal.program import OfficeProgram, peak_memory
from homeward.rehearsal.run import open_run
from homeward.terms import Annex


@dataclass(frozen=True, slots=True)
class Until:
    """Where a run is to stop: after a stage, at the end of a local day, or nowhere."""

    stage: int | None = None
    day: PartialDate | None = None

    @classmethod
    def parse(cls, text: str) -> Until:
        """Read a stage's number or a day; raises ValueError for anything else."""
        if text.isdigit() and len(text) < 4:
            return cls(stage=int(text))
        day = PartialDate.parse(text)
        if day.day is None:
            raise ValueError(f"not a day: {text!r}")
        return cls(day=day)


EVERYTHING = Until()


@dataclass
class _Played:
    """What the matchers answered, and the instant at which the run stopped."""

    at: datetime
    matched: Matched | None = None
    problems: tuple[Problem, ...] = ()  # why the story ended early, where it did
    sought: dict[str, dict[str, Any]] = field(default_factory=dict)  # each side's own whereabouts


def rehearse(
    folder: Folder,
    out: Path,
    *,
    until: Until = EVERYTHING,
    seed: int | None = None,
    carry: Way = "files",
    faults: str | None = None,
    language: str = "en",
    tell: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Play ``folder`` into ``out``, beginning or continuing a run; raises Refused with problems.

    One program per party is started and ended; all are handed the same simulated time. Whatever
    stops the run (an interrupt, a refusal), the same call continues it.
    """
    folder = with_seed(folder, seed)
    run = open_run(out, folder.digest, folder.cast.seed)
    offices = {m.name: OfficeProgram(m, out / m.name) for m in folder.cast.members}
    threads = ThreadPoolExecutor(max_workers=2 * len(offices) + 2)
    watch = Watch()
    try:
        tell("starting the offices")
        with watch.part("start"):
            list(threads.map(_start, offices.values()))
        clock = Clock(folder.cast.start, run.clock)
        courier = Courier(offices, carry)
        if faults is not None and faults in SHARES:
            courier = FaultyCourier(offices, carry, faults, folder.cast.seed)
        play = Production(folder, offices, courier, clock, run, tell, threads, watch)
        adversary = adversary_of(play, faults)
        played = _play(play, until, adversary)
    finally:
        for office in offices.values():
            office.shut()
        threads.shutdown(cancel_futures=True)
    return _conclude(play, played, out, language, adversary)


def _start(office: OfficeProgram) -> None:
    office.found()
    office.open()


def _play(play: Production, until: Until, adversary: Adversary | None) -> _Played:
    """The story up to its horizon; then everyone publishes what it holds."""
    cast = play.folder.cast
    if until.day is not None:
        play.clock.until = day_window(until.day.first(), cast.zone)[1]
    played = _Played(cast.start)
    telling.schedule(play)
    try:
        _scenes(play, until, played, adversary)
        play.clock.rest()
        played.at = play.clock.now
    except HorizonReached:
        pass
    except StoryEnds as end:
        play.clock.rest()
        played.at = play.clock.now
        played.problems = end.args
    except Refused as refusal:
        if adversary is None or not adversary.explains(refusal):
            raise
        _insist(play, adversary, play.clock.rest)
        played.at = play.clock.now
    finally:
        play.join()
    played.at = _horizon(play, played)
    with play.watch.part("publish"):
        _insist(play, adversary, lambda: _publish(play, played))
    return played


def _insist(play: Production, adversary: Adversary | None, act: Callable[[], None]) -> None:
    """Have something done that may follow a deed: the office of a side that showed two histories
    may refuse its part, and is then left out."""
    try:
        act()
    except Refused as refusal:
        if adversary is None or not adversary.explains(refusal):
            raise
        adversary.fall_silent(play, refusal)
        act()


def _publish(play: Production, played: _Played) -> None:
    """The last letters, everyone's copy, and for each side what became of those it looks for."""
    play.settle()
    now = play.clock.now
    play.each(play.parties, lambda name: play.offices[name].ask("publish", now))
    for side in play.sides:
        played.sought[side] = play.offices[side].ask("whereabouts", now)


def _scenes(play: Production, until: Until, played: _Played, adversary: Adversary | None) -> None:
    with play.watch.part("meeting"):
        play.tell("meeting, and signing the terms")
        opening.meet(play)
        opening.sign_terms(play)
    with play.watch.part("lists"):
        play.tell("comparing lists")
        played.matched = opening.compare_lists(play)
    if adversary is not None:
        adversary.stay_away(play)
    with play.watch.part("replies"):
        opening.decide(play, played.matched)
    for annex in staging.annexes_of(play):
        staging.play_stage(play, annex)
        if annex.stage == until.stage:
            play.clock.until = max(_day_end(play, annex), play.clock.now)
            return


def _day_end(play: Production, annex: Annex) -> datetime:
    """The end of the local day on which a stage's window closes."""
    if annex.window is None:
        return play.clock.now
    zone = play.folder.cast.zone
    return day_window(annex.window[1].astimezone(zone).date(), zone)[1]


def _horizon(play: Production, played: _Played) -> datetime:
    """The instant up to which verdicts are given: that of the run, or the last one expected."""
    if play.clock.until is not None:
        return play.clock.until
    expected = play.folder.expected
    return max([played.at, *(expected.horizons.values() if expected else ())])


def _conclude(
    play: Production, played: _Played, out: Path, language: str, adversary: Adversary | None
) -> Outcome:
    """Verified by other programs, folded, judged, compared with what was expected, written."""
    watch = play.watch
    play.tell("verifying the record")
    copies = {name: out / name / "record" for name in play.parties}
    with watch.part("verify"), ThreadPoolExecutor(max_workers=1) as beside:
        checking = beside.submit(verify_copies, copies)
        union = read_union(copies.values(), sound_only=adversary is not None)
        findings = _findings(play, played.at, union)
        verified = checking.result()
    play.tell("judging what was said")
    with watch.part("judge"):
        problems = [*play.notes, *unsound(verified), *unexpected(findings, play.folder.expected)]
    problems += played.problems
    if play.clock.until is None:
        problems += unreached(play)
        problems += adversary.unplayed() if adversary else ()
    outcome = Outcome(
        findings,
        verified,
        played.matched,
        tuple(problems),
        play.run.plans,
        watch.parts,
        peak_memory() + sum(office.memory for office in play.offices.values()),
        {name: office.restarts for name, office in play.offices.items() if office.restarts},
        adversary.to_json() if adversary else {},
        played.sought,
    )
    with watch.part("report"):
        write_out(out, play.folder, outcome, language)
    play.run.keep(
        until=played.at.isoformat(), complete=findings.position.complete, sound=outcome.sound
    )
    return outcome


def _findings(play: Production, at: datetime, union: Union) -> Findings:
    folder = play.folder
    return Findings(
        folder.terms,
        staging.annexes_of(play),
        folder.statements,
        union,
        at,
        folder.cast.zone,
    )
