"""The corpus that another verifier is tried on: written out with what is expected of each copy."""

import json

from tests.verifier.corpus import everything, write_one


def test_every_copy_has_a_folder_of_its_own():
    names = [name for name, _ in everything()]
    assert len(set(names)) == len(names) > 300


def written(folder, begins):
    """The first copy of such a name, written; its folder and what is expected of it."""
    name, make = next((name, make) for name, make in everything() if name.startswith(begins))
    place = write_one(folder, name, make())
    return place, json.loads((place / "expected.json").read_text(encoding="utf-8"))


def test_what_is_written_says_what_must_be_found(tmp_path):
    good, expected = written(tmp_path, "good-")
    assert (expected["sound"], expected["reason"]) == (True, None)
    assert (good / "copy" / "exchange.txt").is_file()
    _, expected = written(tmp_path, "bad-header-")
    assert expected["reason"]["code"].startswith("record.header-")
    held_against, _ = written(tmp_path, "bad-against-")
    assert (held_against / "against-1" / "exchange.txt").is_file()
