"""The documents say what the code does: codes, commands and the README's transcript."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner

from homeward.cli import main

ROOT = Path(__file__).resolve().parents[2]
ROOMS = "record|people|terms|plan|crossing|claims|paper|office|rehearsal|cli"
CODE = re.compile(rf'"((?:{ROOMS})\.[a-z0-9]+(?:-[a-z0-9]+)+)"')


def problem_codes() -> list[str]:
    """Every problem code written out in the source."""
    found: set[str] = set()
    for path in (ROOT / "src" / "homeward").rglob("*.py"):
        found |= set(CODE.findall(path.read_text(encoding="utf-8")))
    return sorted(found)


def test_every_problem_code_in_the_source_has_a_line_in_the_docs():
    pages = "\n".join(
        page.read_text(encoding="utf-8")
        for page in (ROOT / "docs" / "reference").glob("problems-*.md")
    )
    missing = [code for code in problem_codes() if f"`{code}`" not in pages]
    assert not missing


def test_every_command_has_a_line_in_the_docs():
    page = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")

    def names(group: click.Group, prefix: str) -> list[str]:
        found = []
        for name, command in group.commands.items():
            whole = f"{prefix} {name}"
            found += names(command, whole) if isinstance(command, click.Group) else [whole]
        return found

    assert [name for name in names(main, "homeward") if name not in page] == []


def transcripts() -> list[tuple[str, str]]:
    """Every command of the README's console blocks with the output printed beneath it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    pairs = []
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            pairs.append((command, output))
    return pairs


@pytest.mark.parametrize(("command", "output"), transcripts())
def test_the_transcript_in_the_readme_is_what_the_command_prints(
    command: str, output: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(ROOT)
    program, *arguments = shlex.split(command)
    assert program == "homeward"
    result = CliRunner().invoke(main, arguments)
    assert result.output.strip() == output.strip()


def test_every_relative_link_in_the_pages_leads_somewhere():
    broken = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        targets = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
        broken += [
            f"{page.relative_to(ROOT)} -> {target}"
            for target in targets
            if "://" not in target and not (page.parent / target).exists()
        ]
    assert not broken


def example_facts() -> list[str]:
    """Ids of the shipped exchanges and agreements, of their parties, and the counts of one."""
    facts = {folder.name for folder in (ROOT / "examples").iterdir() if folder.is_dir()}
    facts -= {"agreements"}  # also a plain word
    for file in (ROOT / "examples").glob("*/exchange.yaml"):
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
        facts |= {*document["sides"], *document.get("neutrals", {})} - {"observer"}
    facts |= {file.name.partition(".")[0] for file in (ROOT / "examples/agreements").glob("*.yaml")}
    return sorted(facts)


def test_no_fact_of_an_example_stands_in_the_source():
    ids = "|".join(re.escape(fact) for fact in example_facts())
    told = re.compile(rf"""["'](?:{ids})["']|(?<![\w.-])(?:390|307|303|270|610)(?![\w.-])""")
    found = [
        f"{path.name}: {match}"
        for path in (ROOT / "src" / "homeward").rglob("*.py")
        for match in told.findall(path.read_text(encoding="utf-8"))
    ]
    assert not found
