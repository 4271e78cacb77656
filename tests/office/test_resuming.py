"""An office made again from its backup: nobody is ordered out until somebody has counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.office.at_the_line import copied, going
from tests.office.databases import in_its_folder
from tests.office.offices import Office, carry, homeward, serving

UNCHECKED = "crossing.unchecked-restore"
OLD_ORDER = "crossing.ordered-before-restore"


@contextmanager
def restored(prepared: Path, base: Path) -> Iterator[list[Office]]:
    """Step 1 ordered by north; then its machine is lost, and its office restored from a backup."""
    with copied(prepared, base / "offices") as running:
        north, south, observer = running
        for office in (north, south):
            office.do("ready", step=1)
        carry(running)
        north.do("order", step=1)
        carry(running)
        kept = homeward("office", "backup", str(north.folder), str(base / "backup"))
        assert kept.returncode == 0, kept.stderr
        again = homeward(
            *("office", "restore", str(base / "backup"), str(base / "again")),
            *("--officers", "first,second"),
        )
        assert again.returncode == 0, again.stderr
        with serving(base / "again") as port:
            yield [Office("north", base / "again", port), south, observer]


@in_its_folder
def test_two_officers_count_who_is_still_here_and_the_exchange_goes_on(prepared, tmp_path):
    with restored(prepared, tmp_path) as running:
        north, south, _ = running
        here, gone = going(north, 1)
        later = going(north, 2)
        assert set(north.refusal("may-leave", step=1)) == {OLD_ORDER}
        assert set(north.refusal("released", step=1)) == {OLD_ORDER}
        said = {"present": [here, *later], "officers": ["first", "second"]}
        assert north.refusal("counted", count=2, **said) == ["office.heads-differ"]
        assert north.refusal("counted", count=3, **{**said, "officers": ["first"]})
        assert north.do("counted", count=3, **said) == {"present": 3, "gone": 1}
        assert north.do("counted", count=3, **said) == {"present": 3, "gone": 1}
        assert north.standing("released") == {gone}
        assert north.standing("not-released") == {here, *later}
        carry(running)
        assert south.do("received", step=1, count=1) == {"received": 1}
        south.do("concede", step=1, handles=[here], officers=["first", "second"])
        south.do("order", step=1)
        south.do("released", step=1)
        carry(running)
        assert north.do("received", step=1, count=2) == {"received": 2}
        carry(running)
        for office in (north, south):
            office.do("close", step=1)
            carry(running)
        assert north.do("order", step=2) == {"ordered": 0}, "they get fresh codes in a later step"


@in_its_folder
def test_a_neutral_that_saw_nothing_more_confirms_the_new_log(prepared, tmp_path):
    with restored(prepared, tmp_path) as running:
        north, south, observer = running
        assert north.refusal("confirm-log", side="north") == ["office.not-neutral"]
        assert observer.refusal("confirm-log", side="north") == ["office.not-restored"]
        carry(running)
        assert set(north.refusal("order", step=1)) == {UNCHECKED}, "to be seen is not enough"
        assert observer.do("confirm-log", side="north") == {"log": "north.office.2"}
        carry(running)
        assert set(north.refusal("may-leave", step=1)) == {OLD_ORDER}
        assert north.do("order", step=1) == {"ordered": 2}
        assert north.do("may-leave", step=1)["handles"] == going(north, 1)
        assert north.do("released", step=1) == {"released": 2}
        assert south.refusal("counted", count=0) == ["office.not-restored"]
