"""Commands as users and other programs call them: columns or JSON, and 0, 1 or 2."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from homeward.cli import main
from homeward.rehearsal import read_folder
from homeward.rehearsal.run import open_run
from tests.rehearsal.small import small_folder

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "commands.md"


def homeward(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


def commands(
    group: click.Command = main, path: str = "homeward"
) -> Iterator[tuple[str, click.Command]]:
    if isinstance(group, click.Group):
        for name in group.list_commands(click.Context(group)):
            command = group.get_command(click.Context(group), name)
            assert command is not None
            yield from commands(command, f"{path} {name}")
    else:
        yield path, group


@pytest.fixture
def folder(tmp_path) -> Path:
    return small_folder(tmp_path / "folder")


def test_help_is_there_at_once():
    done = subprocess.run(
        [sys.executable, "-m", "homeward", "--help"], capture_output=True, check=True
    )
    assert b"rehearse" in done.stdout
    # what makes it quick is that no room is read for it
    script = (
        "import sys, homeward.cli as c; c.main(['--help'], standalone_mode=False); "
        "print(sorted(m for m in sys.modules if m.startswith('homeward.')))"
    )
    rooms = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    loaded = re.findall(r"'homeward\.(\w+)'", rooms.stdout)
    assert set(loaded) <= {"cli", "problem", "words", "dates"}


def test_every_command_and_option_is_on_the_page():
    page = PAGE.read_text(encoding="utf-8")
    missing = []
    for path, command in commands():
        if path not in page:
            missing.append(path)
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                missing += [f"{path} {o}" for o in parameter.opts if o not in page]
    assert missing == []


def test_every_command_says_what_it_does():
    assert [path for path, command in commands() if not command.help] == []


def test_the_example_on_the_page_is_what_happens(tmp_path, monkeypatch):
    page = PAGE.read_text(encoding="utf-8")
    file, text = re.search(r'```csv title="([^"]+)"\n(.*?)```', page, re.S).groups()
    shown = re.search(r"```console\n(.*?)```", page, re.S).group(1)
    words, said, code = re.match(
        r"\$ homeward (.+?)\n(.*)\$ echo \$\?\n(\d)\n", shown, re.S
    ).groups()
    monkeypatch.chdir(tmp_path)
    Path(file).write_text(text, encoding="utf-8")
    answer = homeward(*words.split())
    assert answer.stdout + answer.stderr == said
    assert answer.exit_code == int(code)


@pytest.mark.parametrize(
    "words",
    [
        ["no-such-command"],
        ["verify", "no/such/copy"],
        ["lists", "check", "no-such.csv"],
        ["rehearse"],
        ["rehearse", "--example", "../up"],
        ["rehearse", "--example", "no-such-example"],
        ["terms", "show", "--lang", "xx", "x"],
        ["position"],
    ],
)
def test_wrong_use_is_two(words):
    assert homeward(*words).exit_code == 2


def test_an_unknown_stage_or_day_is_wrong_use(folder, tmp_path):
    for until in ("9", "friday", "2031-05"):
        answer = homeward("rehearse", folder, "--out", tmp_path / "out", "--until", until)
        assert answer.exit_code == 2, until
    assert not (tmp_path / "out").exists()


def test_a_bad_folder_is_said_whole_and_nothing_is_written(folder, tmp_path):
    (folder / "north" / "held.csv").unlink()
    (folder / "south" / "sought.csv").unlink()
    answer = homeward("rehearse", folder, "--out", tmp_path / "out", "--json")
    assert answer.exit_code == 1
    said = json.loads(answer.stdout)
    assert [p["place"] for p in said["problems"]] == ["north/held.csv", "south/sought.csv"]
    assert len(answer.stderr.splitlines()) == 2
    assert not (tmp_path / "out").exists()


def test_lists_check_gives_one_document(folder):
    answer = homeward("lists", "check", folder / "north" / "held.csv", "--json")
    said = json.loads(answer.stdout)
    assert (answer.exit_code, said["rows"], said["lines"]) == (0, 20, 20)


def test_match_writes_pairs_and_measures_them(folder, tmp_path):
    gold = tmp_path / "gold.csv"
    rows = (folder / "gold.csv").read_text().splitlines()[1:]
    wanted = [row.split(",") for row in rows if row.startswith("north,")]
    gold.write_text("sought_id,held_id\n" + "".join(f"{r[1]},{r[3]}\n" for r in wanted))
    sought, held = folder / "north" / "sought.csv", folder / "south" / "held.csv"
    out = tmp_path / "pairs.csv"
    answer = homeward("match", sought, held, "--gold", gold, "--out", out, "--json")
    said = json.loads(answer.stdout)
    assert answer.exit_code == 0
    assert said["same"] + said["review"] + said["different"] == 400
    assert said["precision"] == 1.0
    assert out.read_text().splitlines()[0] == "sought_id,held_id,probability,decision,reasons"


def test_terms_are_shown_and_checked(folder):
    shown = homeward("terms", "show", folder / "terms.yaml", "--json")
    assert shown.exit_code == 0
    assert len(json.loads(shown.stdout)["clauses"]) > 3
    checked = homeward("terms", "check", folder / "terms.yaml", "--json")
    assert checked.exit_code == 0
    assert {"problems", "owed", "done", "left", "verdict"} <= set(json.loads(checked.stdout))
    done = folder / "done.yaml"
    told = "format: homeward-done/1\nterms: small-2031\nknown_until: 2031-06-30\nevents:\n"
    row = "  - {{date: 2031-05-04, what: handover, under: {}, count: {}}}\n"
    done.write_text(told + row.format("north-south", 20) + row.format("south-north", 20))
    kept = homeward("terms", "check", folder / "terms.yaml", "--done", done, "--json")
    assert (kept.exit_code, json.loads(kept.stdout)["verdict"]) == (0, "as_agreed"), kept.stderr
    done.write_text(told + row.format("north-south", 20) + row.format("south-north", 19))
    short = homeward("terms", "check", folder / "terms.yaml", "--done", done, "--json")
    assert short.exit_code == 1
    assert json.loads(short.stdout)["left"]
    (folder / "terms.yaml").write_text("format: homeward-terms/1\n")
    broken = homeward("terms", "check", folder / "terms.yaml", "--json")
    assert broken.exit_code == 1
    assert {"problems", "owed", "done", "left", "verdict"} <= set(json.loads(broken.stdout))


def test_a_plan_is_made_and_explained(folder, tmp_path):
    out = tmp_path / "plan"
    made = homeward("plan", folder, "--out", out, "--json")
    assert made.exit_code == 0, made.stderr
    said = json.loads(made.stdout)
    assert [stage["stage"] for stage in said["stages"]] == [1, 2]
    assert said["largest_lead"] == {"north": 5, "south": 5}
    again = homeward("plan", folder, "--json")
    assert json.loads(again.stdout)["stages"] == said["stages"]
    handle = (out / "plan.csv").read_text().splitlines()[1].split(",")[0]
    explained = homeward("explain", out, handle, "--json")
    assert explained.exit_code == 0, explained.stderr
    assert json.loads(explained.stdout)["reasons"]
    assert homeward("explain", out / "plan.csv", "nobody").exit_code == 1


def test_where_there_is_no_plan_the_clauses_are_named(folder):
    text = (folder / "exchange.yaml").read_text().replace("seats: 60", "seats: 3")
    (folder / "exchange.yaml").write_text(text)
    answer = homeward("plan", folder, "--json")
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["conflict"]


def test_an_office_is_made_once(tmp_path):
    command = [sys.executable, "-m", "homeward", "office", "init", str(tmp_path / "north")]
    first = subprocess.run(
        [*command, "--side", "north"], capture_output=True, text=True, check=False
    )
    assert first.returncode == 0
    assert "north" in first.stdout
    again = subprocess.run(
        [*command, "--side", "north"], capture_output=True, text=True, check=False
    )
    assert again.returncode == 1
    assert "office.exists" in again.stderr


def test_what_a_rehearsal_writes_is_for_its_owner_alone(tmp_path):
    """An office's folder holds keys and lists: nobody else on the machine may look into it."""
    path = small_folder(tmp_path / "f", people=4, stages=(4,), step=2, statements=False)
    out, before = tmp_path / "out", os.umask(0o022)
    try:
        answer = homeward("rehearse", path, "--out", out)
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)
    assert answer.exit_code == 0, answer.stderr
    found = [out, *out.rglob("*")]
    assert {"office.db", "report.html", "keys", "position.json"} <= {p.name for p in found}
    open_to_others = [p.relative_to(out).as_posix() for p in found if p.stat().st_mode & 0o077]
    assert open_to_others == []


def test_an_out_that_was_open_to_others_is_closed(tmp_path):
    path = small_folder(tmp_path / "f", people=4, stages=(4,), step=2, statements=False)
    folder, _ = read_folder(path)
    assert folder is not None
    out = tmp_path / "out"
    out.mkdir()
    out.chmod(0o755)
    open_run(out, folder.digest, 1)
    assert out.stat().st_mode & 0o777 == 0o700


def test_the_last_day_of_the_calendar_is_no_horizon(folder, tmp_path):
    answer = homeward("rehearse", folder, "--out", tmp_path / "out", "--until", "9999-12-31")
    assert answer.exit_code == 2
    assert not (tmp_path / "out").exists()
