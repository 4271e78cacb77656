"""Statements enter the record when they become known, between the acts, and move nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from homeward.claims import Statement
from homeward.rehearsal.production import Production


def schedule(play: Production) -> None:
    """Have every statement recorded at the instant at which it became known."""
    by_event = {e.note for e in play.folder.cast.events if e.kind == "statement_published"}
    for statement in play.folder.statements:
        if statement.id in by_event:
            continue
        play.clock.when(max(statement.known_at, statement.said_at), _recording(play, statement))


def recorders(play: Production, statement: Statement) -> tuple[str, ...]:
    """Who writes a statement down: the neutrals, else the speaker's side, else every side."""
    if play.neutrals:
        return play.neutrals
    if statement.party in play.sides:
        return (str(statement.party),)
    return play.sides


def _recording(play: Production, statement: Statement) -> Callable[[datetime], None]:
    said = {key: value for key, value in statement.to_json().items() if key != "claims"}
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)

    def record(now: datetime) -> None:
        play.run.keep_clock(now)
        play.each(
            recorders(play, statement),
            lambda name: play.offices[name].ask("statement", now, text=text, send=True),
        )

    return record


def publish_now(play: Production, identity: str, now: datetime) -> None:
    """Record the statement of that id now, whatever its own time; none is no matter."""
    for statement in play.folder.statements:
        if statement.id == identity:
            _recording(play, statement)(now)
