"""The second verifier's own sources: in form, tested, with the same tables and the same rules."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

from homeward.record.signing import is_proper_key, is_signed
from tests.record.test_signing import corner_cases
from tests.verifier.program import ROOT, SOURCE, go, need_go

TABLE = ROOT / "src/homeward/record/kinds.tsv"


def rows(path):
    """A table's rows without its comments."""
    return [line for line in path.read_text().splitlines() if not line.startswith("#")]


def test_both_verifiers_have_one_table_of_kinds():
    assert rows(SOURCE / "kinds.tsv") == rows(TABLE)


def test_the_sources_are_in_the_one_form_and_vet_finds_nothing():
    need_go()
    shown = subprocess.run(
        [shutil.which("gofmt") or "gofmt", "-l", str(SOURCE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (shown.stdout, shown.stderr) == ("", "")
    done = go("vet", ".")
    assert done.returncode == 0, done.stderr


def test_its_own_tests_and_fuzz_seeds_pass():
    done = go("test", ".")
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_but_the_standard_library_and_x_mod_is_used():
    used = set()
    for path in SOURCE.glob("*.go"):
        used |= set(re.findall(r'^\t(?:_ )?"([^"]+)"', path.read_text(), re.MULTILINE))
    assert {name for name in used if "." in name.partition("/")[0]} == {
        "golang.org/x/mod/sumdb/tlog"
    }


def test_its_files_are_short():
    long = {p.name for p in SOURCE.glob("*.go") if len(p.read_text().splitlines()) > 400}
    assert long == set()


def test_both_verifiers_decide_alike_on_every_corner_case_of_ed25519(tmp_path):
    told = tmp_path / "verdicts"
    done = go("test", "-count=1", "-run", "TestCornerCases", ".", VERDICTS=str(told))
    assert done.returncode == 0, done.stdout + done.stderr
    there = json.loads(told.read_text())
    here = [
        [is_signed(message, signature, key), is_proper_key(key)]
        for key, message, signature in corner_cases()
    ]
    assert len(here) == 914
    assert there == here
