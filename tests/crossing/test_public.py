"""What the command shows of a copy to everybody, and what it says where no limit was agreed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from homeward.cli import main
from homeward.record import Draft
from tests.crossing.test_record import SIDES, Table, _play_step, _sheet

AGREEMENTS = Path(__file__).resolve().parents[2] / "examples" / "agreements"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    table = Table()
    for number in range(1, 8):
        _play_step(table, _sheet(number))
    _write(table, tmp_path / "open")
    for kind, more in (("stage-closed", {"sums": {"received": 14}}), ("in-safety", {})):
        for side in SIDES:
            table.desks[side].write(table.at, Draft(kind, stage=1, **more))  # type: ignore[arg-type]
    table.post()
    _write(table, tmp_path / "closed")
    return tmp_path


def _write(table: Table, folder: Path) -> None:
    for name, data in table.desks["observer"].store.copy():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _position(*words: object) -> str:
    answer = CliRunner().invoke(main, ["position", *map(str, words)])
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_the_public_sees_a_stage_when_all_closed_it_and_all_are_in_safety(copy: Path) -> None:
    assert "soldier" in _position(copy / "open")
    assert "soldier" not in _position(copy / "open", "--public")
    rows = [r.split() for r in _position(copy / "closed", "--public").splitlines()]
    assert ["north", "south", "soldier/living/inside", "1", "0", "both"] in [r[:6] for r in rows]


def test_where_no_limit_was_agreed_it_is_said_beside_the_lead(copy: Path) -> None:
    unbounded = _position(copy / "open", "--terms", AGREEMENTS / "ankara-2024.yaml")
    assert "No limit was agreed on how far one side may be ahead" in unbounded
    assert "No limit was agreed" not in _position(copy / "open")
