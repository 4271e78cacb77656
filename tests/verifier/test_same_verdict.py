"""Both verifiers say the same of every copy, good or bad: verdict, reasons, places, position."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable

import pytest
from click.testing import CliRunner

from homeward.cli import main
from tests.verifier.bad import corpus, every_file_hurt
from tests.verifier.compared import NOT_CHECKED, differences, judged
from tests.verifier.good import GOOD, at_random, basis, forked, long, public, restored, with_mldsa
from tests.verifier.program import ask, verdict, write
from tests.verifier.surgery import Files

BAD = {bad.name: bad for bad in corpus()}
FORKED = [name for name in GOOD if "fork" in name]


@pytest.mark.parametrize("name", GOOD)
def test_both_verifiers_say_the_same_of_a_good_copy(name):
    found, parted = judged(GOOD[name]())
    assert parted == []
    assert found["sound"]
    assert bool(found["forks"]) is (name in FORKED)


def test_the_corpus_holds_every_kind_of_bad_copy():
    assert len(BAD) == len(list(corpus())) >= 300
    assert len({bad.reason for bad in BAD.values()}) >= 60


@pytest.mark.parametrize("name", BAD)
def test_both_verifiers_give_the_same_reason_for_a_bad_copy(name):
    found, parted = judged(*BAD[name].make())
    assert parted == []
    reason = found["reason"]
    assert (reason and reason["code"].removeprefix("record.")) == BAD[name].reason


def parting(copies: Iterable[tuple[str, Files]]) -> list[str]:
    """The names of the copies on which the verifiers part, with what each says."""
    found = ((name, differences(files)) for name, files in copies)
    return [f"{name}: {said}" for name, said in found if said]


def test_both_say_the_same_whatever_file_is_hurt():
    assert parting(every_file_hurt(forked()[0])) == []


@pytest.mark.soak
def test_both_say_the_same_whatever_file_of_other_copies_is_hurt():
    for files in (basis(), restored(), public(6), long(257), with_mldsa()):
        assert parting(every_file_hurt(files)) == []


def at_random_hurt(seed: int) -> tuple[str, Files]:
    """A copy with a few bytes changed, put in, or taken out, or files exchanged."""
    choose = random.Random(seed)
    files = dict(choose.choice([basis, restored, public, lambda: forked()[0]])())
    for _ in range(choose.choice([1, 1, 2, 3])):
        name = choose.choice(sorted(files))
        data, other = files[name], files[choose.choice(sorted(files))]
        at = choose.randrange(len(data) + 1)
        pieces = [choose.randbytes(1), b"\n", b" ", b"0", other[: choose.randrange(40)]]
        piece = choose.choice(pieces)
        files[name] = choose.choice(
            [data[:at] + piece + data[at + 1 :], data[:at] + piece + data[at:], data[:at], other]
        )
    return f"seed {seed}", files


def test_both_say_the_same_of_copies_hurt_at_random():
    assert parting(at_random_hurt(seed) for seed in range(60)) == []


@pytest.mark.soak
def test_both_say_the_same_of_many_copies_hurt_at_random():
    assert parting(at_random_hurt(seed) for seed in range(100, 3100)) == []


@pytest.mark.soak
def test_both_fold_whatever_sides_may_sign_into_the_same_position():
    assert parting((f"seed {seed}", at_random(seed)) for seed in range(100, 300)) == []


def test_the_position_is_the_bytes_that_the_page_promises(tmp_path):
    folder = write(GOOD["corrections"](), tmp_path)
    told = json.loads(CliRunner().invoke(main, ["position", str(folder), "--json"]).stdout)
    shown = ask(folder, "--position").stdout
    assert shown.startswith(b'{"as_of":"2030-05-01T09:03:00+00:00","cells":[{"attested_by":')
    assert shown == json.dumps(told, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def test_a_countersignature_that_cannot_be_checked_is_never_called_good(tmp_path):
    said = verdict(write(with_mldsa(), tmp_path))
    assert [each["code"] for each in said["notes"]].count(NOT_CHECKED) >= 1
    assert said["sound"]


def test_an_unsound_copy_has_no_position(tmp_path):
    files = {name: data for name, data in basis().items() if "/tile/0/" not in name}
    folder = write(files, tmp_path)
    done = ask(folder, "--position")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"record.tile-missing" in done.stderr
    assert verdict(folder)["position"] is None


@pytest.mark.parametrize("words", [[], ["--json"], ["a", "b"], ["a", "--against"], ["a", "--x"]])
def test_a_command_that_says_nothing_clear_is_answered_with_the_usage(words):
    done = ask(*words)
    assert done.returncode == 2
    assert done.stderr.startswith(b"usage: ")


def test_a_folder_that_is_not_there_is_no_verdict(tmp_path):
    done = ask(tmp_path / "nowhere")
    assert done.returncode == 2
    assert done.stderr.startswith(b"verifier: ")


def test_links_are_no_part_of_a_copy(tmp_path):
    folder = write(basis(), tmp_path / "copy")
    outside = tmp_path / "outside"
    (folder / "exchange.txt").rename(outside)
    (folder / "exchange.txt").symlink_to(outside)
    assert verdict(folder)["reason"]["code"] == "record.exchange-missing"
