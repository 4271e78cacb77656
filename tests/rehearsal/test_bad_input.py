"""Whatever is wrong with a folder's files: all of it is said at once, and nothing is written."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeward.cli import main
from homeward.problem import Problem, errors
from homeward.rehearsal import read_folder
from tests.rehearsal.small import small_folder

REQUIRED = (
    "exchange.yaml",
    "terms.yaml",
    "north/held.csv",
    "north/sought.csv",
    "south/held.csv",
    "south/sought.csv",
)
YAMLS = ("exchange.yaml", "terms.yaml", "stages.yaml", "statements.yaml", "expected.yaml")
TABLES = (*REQUIRED[2:], "gold.csv")
FILES = (*YAMLS, *TABLES)
ROOM = {
    "exchange.yaml": "rehearsal",
    "terms.yaml": "terms",
    "stages.yaml": "terms",
    "statements.yaml": "claims",
    "expected.yaml": "rehearsal",
}
EXPECTED = """\
format: homeward-expected/1
horizons: {end: {known_at: "2031-05-06T00:00:00+02:00"}}
position:
  end:
    complete: false
    largest_lead: {north: 30}
    directions:
      - {from: north, to: south, military: 540, signed_by_both: 780}
claims:
  outsider.1: {as_said: premature}
"""
SIZES = "military: 270, civilian: 120, total: 390"
HALF = "military: 135, civilian: 60, total: 195"

MUCH = 2**24

Edit = Callable[[bytes], bytes]


@pytest.fixture(scope="session")
def whole(tmp_path_factory) -> Path:
    """A thousand from each side, 390 in each of two stages: a folder with nothing wrong."""
    path = small_folder(tmp_path_factory.mktemp("input") / "folder", people=12)
    rewrite(path, "terms.yaml", one_clause)
    rewrite(path, "terms.yaml", swap("step: 5", "step: 30"))
    counts = swap("military: 8, civilian: 2, total: 10", SIZES)
    rewrite(path, "stages.yaml", counts)
    rewrite(path, "stages.yaml", counts)
    (path / "expected.yaml").write_text(EXPECTED, encoding="utf-8")
    _, problems = read_folder(path)
    assert problems == ()
    return path


@pytest.fixture
def folder(whole, tmp_path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "folder"))


def rewrite(path: Path, name: str, edit: Edit) -> None:
    file = path / name
    before = file.read_bytes()
    file.write_bytes(edit(before))
    assert file.read_bytes() != before


def swap(old: str, new: str, times: int = 1) -> Edit:
    def edit(data: bytes) -> bytes:
        assert data.count(old.encode()) >= times, old
        return data.replace(old.encode(), new.encode(), times)

    return edit


def one_clause(data: bytes) -> bytes:
    """The two obligations as one between the sides, a thousand each."""
    first = data.index(b"  - {id: north-south")
    clause = b"""\
  - id: all
    between: [north, south]
    what: prisoners
    quantity: {exact: 1000, counting: each}
"""
    return data[:first] + clause + data[data.index(b"balance:") :]


def add(text: str) -> Edit:
    return lambda data: data + text.encode()


def tree(path: Path) -> Mapping[str, bytes]:
    return {
        file.relative_to(path).as_posix(): file.read_bytes()
        for file in path.rglob("*")
        if not file.is_symlink() and file.is_file() and file.stat().st_size < MUCH
    }


def homeward(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def refused(path: Path) -> list[Problem]:
    """The folder's problems, after asking twice: into no OUT, and into one that holds a run."""
    before, out = tree(path), path.parent / "out"
    plain = homeward("rehearse", path, "--out", out)
    assert (plain.exit_code, type(plain.exception)) == (1, SystemExit)
    assert plain.stdout == ""
    assert not out.exists()
    kept = path.parent / "kept"
    kept.mkdir(exist_ok=True)
    (kept / "run.json").write_text('{"format": "homeward-run/1"}')
    (kept / "report.html").write_bytes(b"what stood there")
    held = tree(kept)
    told = homeward("rehearse", path, "--out", kept, "--json")
    assert (told.exit_code, type(told.exception)) == (1, SystemExit)
    assert tree(kept) == held
    assert tree(path) == before
    found = [Problem(**row) for row in json.loads(told.stdout)["problems"]]
    assert plain.stderr == told.stderr
    assert plain.stderr.splitlines() == [" ".join(str(p).splitlines()) for p in found]
    assert [p for p in found if p.level == "error" and not p.hint] == []
    _, read = read_folder(path)
    assert list(read) == found
    return found


def places(problems: list[Problem], code: str) -> list[str]:
    return [problem.place for problem in problems if problem.code == code]


def of(problems: list[Problem], name: str) -> list[Problem]:
    return [p for p in problems if re.match(re.escape(name) + r"(:|$)", p.place)]


def test_the_folder_of_these_stories_has_nothing_wrong(whole):
    read, problems = read_folder(whole)
    assert read is not None
    assert problems == ()
    assert set(FILES) == set(tree(whole))


# ---------------------------------------------------------------- every file, in the same ways


@pytest.mark.parametrize("name", REQUIRED)
def test_a_required_file_that_is_missing_is_named(folder, name):
    (folder / name).unlink()
    assert places(refused(folder), "rehearsal.missing-file") == [name]


@pytest.mark.parametrize("name", sorted(set(FILES) - set(REQUIRED)))
def test_a_file_that_is_not_required_may_be_missing(folder, name):
    (folder / name).unlink()
    _, problems = read_folder(folder)
    orphans = {"statements.yaml": ["rehearsal.unknown-claim"]}
    assert [problem.code for problem in problems] == orphans.get(name, [])


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", [b"", b" \n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_named(folder, name, content):
    (folder / name).write_bytes(content)
    assert places(refused(folder), "rehearsal.empty-file") == [name]


def test_a_file_of_comments_alone_is_no_exchange(folder):
    (folder / "exchange.yaml").write_text("# to be written\n")
    assert places(refused(folder), "rehearsal.empty") == ["exchange.yaml:1"]


OTHER_BYTES: Mapping[str, Edit] = {
    "UTF-16 with its mark": lambda data: data.decode().encode("utf-16"),
    "UTF-16 without": lambda data: data.decode().encode("utf-16-le"),
    "UTF-32": lambda data: data.decode().encode("utf-32"),
    "an old Cyrillic page": lambda data: data + "\n# Київ,Олена\n".encode("cp1251"),
    "a byte of nothing": lambda data: data[:40] + b"\0" + data[40:],
    "half a letter": lambda data: data + "Ї".encode()[:1],
    "a spreadsheet": lambda _: b"PK\x03\x04" + bytes(range(256)) * 9,
    "a picture": lambda _: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9,
    "a control sign": lambda data: data[:40] + b"\x07" + data[40:],
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("how", OTHER_BYTES)
def test_bytes_that_are_no_text_are_named_with_their_place(folder, name, how):
    rewrite(folder, name, OTHER_BYTES[how])
    if how == "a control sign" and name in TABLES:
        return  # a bell in a cell is a sign like another
    found = of(refused(folder), name)
    assert found
    if how != "a control sign":
        assert any(p.code.endswith((".encoding", ".yaml-syntax")) for p in found)
    assert all(re.search(r":(row )?\d+", p.place) or name in TABLES for p in found)


@pytest.mark.parametrize("name", YAMLS)
@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (add("\nfleld: 1\n"), "unknown-field"),
        (swap("format: homeward-", "format: homewards-"), "unknown-word"),
        (swap("format:", "fromat:"), "missing-field"),
        (lambda d: d + d.split(b"\n")[0] + b"\n", "key-twice"),
        (lambda _: b"- 1\n- 2\n", "wrong-type"),
        (lambda _: b"all of them\n", "wrong-type"),
        (swap("format: ", "format: &here "), "alias"),
        (add("\nnote: [&a [1, 1], *a, *a, *a]\n"), "alias"),
        (add("\nnote: !!python/object/apply:os.system [ls]\n"), "tag"),
        (add("\n---\nformat: other\n"), "second-document"),
        (add("\nnote: {[}\n"), "yaml-syntax"),
        (add("\n\tnote: tab\n"), "yaml-syntax"),
        (add('\nnote: "open\n'), "yaml-syntax"),
        (add("\nnote: " + "[" * 60 + "]" * 60 + "\n"), "too-deep"),
        (add("\nnote: " + "x" * 2_000_000 + "\n"), "too-long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_yaml_that_an_agreement_must_not_be_is_named_with_its_line(folder, name, edit, code):
    rewrite(folder, name, edit)
    found = refused(folder)
    assert [p for p in found if p.code == f"{ROOM[name]}.{code}" and of([p], name)], found
    assert all(re.fullmatch(r".*:\d+", p.place) for p in of(found, name))


def test_an_alias_bomb_is_refused_before_it_is_unfolded(folder):
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for one, next_ in zip("abcdefgh", "bcdefghi", strict=True):
        bomb += f"{next_}: &{next_} [{', '.join([f'*{one}'] * 9)}]\n"
    for name in YAMLS:
        (folder / name).write_text(bomb)
    found = refused(folder)
    for name in YAMLS:
        assert {p.code for p in of(found, name)} == {f"{ROOM[name]}.alias"}


@pytest.mark.parametrize("name", FILES)
def test_a_file_beyond_all_measure_is_not_even_read(folder, name):
    with (folder / name).open("r+b") as file:
        file.truncate(2**40)  # the system keeps no block of it
    assert places(refused(folder), "rehearsal.too-large") == [name]


@pytest.mark.parametrize("name", FILES)
def test_a_link_that_leads_out_of_the_folder_is_not_followed(folder, tmp_path, name):
    outside = tmp_path / "secret"
    (folder / name).rename(outside)
    (folder / name).symlink_to(outside)
    found = refused(folder)
    assert places(found, "rehearsal.outside-folder") == [name]


@pytest.mark.parametrize("name", FILES)
def test_a_folder_or_a_link_to_nothing_in_a_files_place_is_named(folder, name):
    (folder / name).unlink()
    (folder / name).mkdir()
    assert places(refused(folder), "rehearsal.no-file") == [name]
    (folder / name).rmdir()
    (folder / name).symlink_to(folder / "nothing.txt")
    assert places(refused(folder), "rehearsal.no-file") == [name]
    (folder / name).unlink()
    (folder / name).symlink_to(folder / name)
    assert places(refused(folder), "rehearsal.unreadable-file") == [name]


def test_a_link_within_the_folder_is_a_file_of_it(folder):
    (folder / "gold.csv").rename(folder / "pairs.txt")
    (folder / "gold.csv").symlink_to(folder / "pairs.txt")
    read, problems = read_folder(folder)
    assert read is not None
    assert problems == ()


@pytest.mark.parametrize("name", TABLES)
def test_what_no_table_is_is_named(folder, name):
    for text in ("just words\nand more words\n", "<html><body>no list</body></html>", "{}", '"'):
        (folder / name).write_text(text)
        assert of(refused(folder), name)


@pytest.mark.parametrize("name", TABLES)
def test_a_cell_that_never_ends_is_named(folder, name):
    rewrite(folder, name, add('z,"' + "long " * 60_000))
    assert of(refused(folder), name)


# ---------------------------------------------------------------- what the texts say

HERE = r":\d+"
ROW = r":row \d+"
CASES: list[tuple[str, Edit, str, str]] = [
    # stages: sums, splits and counting
    ("stages.yaml", swap("civilian: 120", "civilian: 121"), "terms.sum-mismatch", HERE),
    (
        "stages.yaml",
        swap("military: 270, civilian: 120", "military: 271, civilian: 119"),
        "terms.split-unequal",
        HERE,
    ),
    (
        "stages.yaml",
        lambda d: swap(SIZES, "total: 195", 2)(swap("counting: each", "counting: in_total")(d)),
        "terms.counting-differs",
        HERE,
    ),
    ("stages.yaml", swap("military: 270", "military: 1270", 2), "terms.excess", HERE),
    ("stages.yaml", swap("military: 270", "military: -1"), "terms.wrong-type", HERE),
    ("stages.yaml", swap("military: 270", "military: 1_0"), "terms.wrong-type", HERE),
    ("stages.yaml", swap("military: 270", "sailors: 270"), "terms.category-unknown", HERE),
    ("stages.yaml", swap("to: south", "to: west"), "terms.move-unknown", HERE),
    ("stages.yaml", swap("to: south", "to: north"), "terms.move-unknown", HERE),
    ("stages.yaml", swap("proposed_by: north", "proposed_by: west"), "terms.party-unknown", HERE),
    ("stages.yaml", swap("crossing: K1", "crossing: K9"), "rehearsal.unknown-resource", HERE),
    (
        "stages.yaml",
        swap("crossing: K1", "crossing: K1\n    sites: [N1, X9]"),
        "terms.site-unknown",
        HERE,
    ),
    ("stages.yaml", swap("stage: 1", "stage: 0"), "terms.out-of-range", HERE),
    ("stages.yaml", swap("stage: 1", "stage: 2"), "terms.stage-twice", HERE),
    ("stages.yaml", swap("stage: 1", "stage: 3"), "terms.stage-order", HERE),
    # times
    ("stages.yaml", swap("2031-05-03T06", "2031-04-31T06"), "terms.no-such-date", HERE),
    ("stages.yaml", swap("2031-05-03T06", "2031-02-29T06"), "terms.no-such-date", HERE),
    ("stages.yaml", swap("T06:00:00+02:00", "T06:00:00"), "terms.no-such-date", HERE),
    ("stages.yaml", swap("T06:00:00+02:00", "T25:00:00+02:00"), "terms.no-such-date", HERE),
    ("stages.yaml", swap("2031-05-03T06", "2031-05-03T23"), "terms.window-reversed", HERE),
    ("stages.yaml", swap("2031-05-03T22", "2031-05-04T22"), "terms.window-overlap", HERE),
    ("stages.yaml", swap("2031-05-02T18", "2031-05-03T07"), "rehearsal.agreed-late", HERE),
    ("stages.yaml", swap("2031-05-02T18:00", "0001-05-02T18:00"), "terms.no-such-date", HERE),
    ("stages.yaml", swap("2031-05-02T18", "2031-05-01T07"), "rehearsal.clock-late", HERE),
    (
        "stages.yaml",
        swap("2031-05-02T18:00:00+02:00", "2031-03-30T02:30:00+01:00"),
        "rehearsal.no-such-time",
        HERE,
    ),
    (
        "exchange.yaml",
        swap("2031-05-01T09:00:00+02:00", "2031-03-30T02:30:00+02:00"),
        "rehearsal.no-such-time",
        HERE,
    ),
    ("exchange.yaml", swap("2031-05-01T", "2031-06-31T"), "rehearsal.no-such-date", HERE),
    ("exchange.yaml", swap("2031-05-01T09", "9999-12-31T23"), "rehearsal.no-such-date", HERE),
    ("exchange.yaml", swap("Europe/Oslo", "Europe"), "rehearsal.no-such-date", HERE),
    ("exchange.yaml", swap("Europe/Oslo", "../../etc/passwd"), "rehearsal.no-such-date", HERE),
    ("terms.yaml", swap("date: 2031-05-01", "date: 2031-02-30"), "terms.no-such-date", HERE),
    ("statements.yaml", swap("2031-05-03T07", "2031-05-33T07"), "claims.no-such-date", HERE),
    ("statements.yaml", swap('"2031-05-03"', '"2031-13-03"'), "claims.no-such-date", HERE),
    ("expected.yaml", swap("2031-05-06T", "2031-05-00T"), "rehearsal.no-such-date", HERE),
    # who, to whom, where
    ("exchange.yaml", swap("[north, south]", "[north, north]"), "rehearsal.gives-to-itself", HERE),
    (
        "terms.yaml",
        swap("between: [north, south]", "between: [north, north]"),
        "terms.gives-to-itself",
        HERE,
    ),
    ("exchange.yaml", swap("[north, south]", "[north, west]"), "rehearsal.unknown-side", HERE),
    ("exchange.yaml", swap("[north, south]", "[north]"), "rehearsal.wrong-length", HERE),
    ("exchange.yaml", swap("seats: 60", "seats: some"), "plan.bad-resource", HERE),
    ("exchange.yaml", swap("holder: north", "holder: west"), "rehearsal.unknown-side", HERE),
    ("exchange.yaml", swap("resources:", "resources: 5\nrest:"), "plan.bad-resource", HERE),
    ("exchange.yaml", swap("heads: 400", "? [a, b] : 4"), "rehearsal.wrong-type", HERE),
    ("exchange.yaml", swap("heads: 400", "heads: 2031-13-45"), "rehearsal.wrong-type", HERE),
    ("exchange.yaml", swap("seed: 7", "seed: -7"), "rehearsal.wrong-type", HERE),
    ("exchange.yaml", swap("seed: 7", "seed:"), "rehearsal.no-value", HERE),
    (
        "exchange.yaml",
        swap("events: []", "events: [{stage: 1, step: 0, kind: bus_lost, side: north}]"),
        "rehearsal.out-of-range",
        HERE,
    ),
    (
        "exchange.yaml",
        swap("events: []", "events: [{stage: 1, kind: unfit, who: {pick: 1, pick: 2}}]"),
        "rehearsal.key-twice",
        HERE,
    ),
    ("terms.yaml", swap("step: 30", "step: 0"), "terms.out-of-range", HERE),
    (
        "terms.yaml",
        swap("order: [military, civilian]", "order: [sailors]"),
        "terms.category-unknown",
        HERE,
    ),
    ("terms.yaml", swap("exact: 1000", "exact: 1000, at_least: 9"), "terms.one-of", HERE),
    ("statements.yaml", swap("party: north", "party: west"), "claims.unknown-side", HERE),
    ("statements.yaml", swap("to: north", "to: west"), "claims.unknown-side", HERE),
    ("statements.yaml", swap("id: own-count", "id: outsider"), "claims.id-twice", HERE),
    ("statements.yaml", swap("{n: 10,", "{n: ten,"), "claims.wrong-type", HERE),
    ("expected.yaml", swap("{north: 30}", "{west: 30}"), "rehearsal.unknown-side", HERE),
    ("expected.yaml", swap("to: south", "to: west"), "rehearsal.unknown-move", HERE),
    ("expected.yaml", swap("military: 540", "sailors: 540"), "rehearsal.unknown-category", HERE),
    ("expected.yaml", swap("outsider.1", "outsider.7"), "rehearsal.unknown-claim", HERE),
    # tables
    ("north/held.csv", swap("nh-001", "nh-000"), "people.id-twice", ROW),
    ("south/sought.csv", swap("ss-001", "ss-000"), "people.id-twice", ROW),
    ("north/held.csv", swap("nh-001,", ","), "people.id-missing", ROW),
    ("north/held.csv", swap("-01-01,", "-01-32,"), "people.date-unreadable", ROW),
    ("north/held.csv", swap("id,", "number of,"), "people.column-missing", ROW),
    ("north/held.csv", swap(",N1", ",Z9"), "rehearsal.unknown-site", ROW),
    ("north/held.csv", swap(",N1", ",S1"), "rehearsal.unknown-site", ROW),
    ("north/held.csv", swap(",N1", ",N1,,,more"), "people.row-too-long", ROW),
    ("gold.csv", swap("sought_side,", "side,"), "rehearsal.gold-columns", ROW),
    ("gold.csv", swap("south,ss-001", "south,ss-000"), "rehearsal.gold-twice", ROW),
    ("gold.csv", swap("nh-001", "nh-000"), "rehearsal.gold-twice", ROW),
    ("gold.csv", swap("nh-001", "nh-901"), "rehearsal.gold-id", ROW),
    ("gold.csv", swap("ss-001,north", "ss-001,south"), "rehearsal.gold-move", ROW),
    ("gold.csv", swap("ss-001,north", "ss-001"), "rehearsal.gold-row", ROW),
]


@pytest.mark.parametrize(("name", "edit", "code", "where"), CASES)
def test_what_makes_no_sense_is_named_with_its_place(folder, name, edit, code, where):
    rewrite(folder, name, edit)
    found = refused(folder)
    assert any(re.match(re.escape(name) + where, place) for place in places(found, code)), found


def test_a_sum_and_a_split_are_told_apart(folder):
    """270 + 121 is no 390; 271 + 119 is, and yet not what the other side gives."""
    rewrite(folder, "stages.yaml", swap("civilian: 120", "civilian: 121"))
    sums = [p for p in refused(folder) if p.code == "terms.sum-mismatch"]
    assert [(p.value, p.expected) for p in sums] == [("390", "270 + 121 = 391")]
    rewrite(folder, "stages.yaml", swap("270, civilian: 121", "271, civilian: 119"))
    found = refused(folder)
    assert {p.code for p in found} == {"terms.split-unequal"}
    assert sorted(p.value.split(":")[0] for p in found) == ["civilian", "military"]


def test_a_number_of_each_is_not_a_number_in_all(folder):
    """195 from each is 390 in all: the same three digits, and half of the people."""
    half = swap(
        "military: 270, civilian: 120, total: 390", "military: 135, civilian: 60, total: 195", 2
    )
    rewrite(folder, "stages.yaml", half)
    rewrite(folder, "stages.yaml", swap("counting: each", "counting: each\n    total: 390"))
    found = [p for p in refused(folder) if p.code == "terms.sum-mismatch"]
    assert {(p.value, p.expected) for p in found} == {("390", "195 each")}
    rewrite(folder, "stages.yaml", swap("counting: each", "counting: in_total"))
    assert {p.code for p in refused(folder)} == {"terms.counting-differs"}


def test_a_ring_in_which_a_side_gives_to_itself_is_named_in_both_texts(tmp_path):
    ring = (("east", "north"), ("north", "south"), ("south", "east"))
    path = small_folder(tmp_path / "folder", moves=ring, statements=False)
    rewrite(path, "exchange.yaml", swap("[south, east]", "[south, south]"))
    rewrite(path, "terms.yaml", swap("from: south, to: east", "from: south, to: south"))
    found = refused(path)
    assert [p.split(":")[0] for p in places(found, "rehearsal.gives-to-itself")] == [
        "exchange.yaml"
    ]
    assert [p.split(":")[0] for p in places(found, "terms.gives-to-itself")] == ["terms.yaml"]


def test_numbers_that_are_open_need_stages(folder):
    (folder / "stages.yaml").unlink()
    rewrite(folder, "terms.yaml", swap("exact: 1000", "at_least: 1000"))
    found = places(refused(folder), "rehearsal.stages-needed")
    assert len(found) == 1
    assert re.fullmatch(r"terms\.yaml:\d+", found[0])


# ---------------------------------------------------------------- many things at once


def test_one_thing_wrong_in_every_file_is_said_of_every_file(folder):
    for name in YAMLS:
        rewrite(folder, name, add("\nfleld: 1\n"))
    rewrite(folder, "stages.yaml", swap("civilian: 120", "civilian: 121"))
    rewrite(folder, "exchange.yaml", swap("seed: 7", "sead: 7"))
    for side in ("north", "south"):
        rewrite(folder, f"{side}/held.csv", swap(f"{side[0]}h-001", f"{side[0]}h-000"))
        rewrite(folder, f"{side}/sought.csv", swap("prisoner_of_war", "prisoner_of_war,,,9"))
    rewrite(folder, "gold.csv", swap("ss-001,north", "ss-001"))
    found = refused(folder)
    assert {name for name in FILES if not of(errors(found), name)} == set()
    fields = {p.place.split(":")[0] for p in found if p.code.endswith(".unknown-field")}
    assert fields == set(YAMLS)
    assert places(found, "terms.sum-mismatch")


@pytest.mark.parametrize("broken", FILES)
def test_one_file_that_cannot_be_read_hides_nothing_in_the_others(folder, broken):
    rewrite(folder, "stages.yaml", swap("civilian: 120", "civilian: 121"))
    rewrite(folder, "statements.yaml", swap("{n: 10,", "{n: ten,"))
    rewrite(folder, "expected.yaml", swap("complete: false", "complete: almost"))
    rewrite(folder, "north/held.csv", swap("nh-001", "nh-000"))
    rewrite(folder, "gold.csv", swap("ss-001,north", "ss-001"))
    wrong = {"stages.yaml", "statements.yaml", "expected.yaml", "north/held.csv", "gold.csv"}
    (folder / broken).write_bytes(b"\xff\xfe\xfa: [")
    found = refused(folder)
    assert {p.place.split(":")[0] for p in errors(found)} == wrong | {broken}


# ---------------------------------------------------------------- as real programs


@pytest.mark.parametrize("how", ["plain", "json"])
def test_the_program_itself_ends_with_one_and_leaves_nothing(folder, tmp_path, how):
    rewrite(folder, "stages.yaml", swap("civilian: 120", "civilian: 121"))
    rewrite(folder, "south/held.csv", lambda data: data.decode().encode("utf-16"))
    words = [sys.executable, "-m", "homeward", "rehearse", str(folder)]
    done = subprocess.run(
        [*words, *(["--json"] if how == "json" else [])],
        capture_output=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert re.search(rb"^stages.yaml:\d+: error terms.sum-mismatch; ", done.stderr, re.M)
    assert re.search(rb"^south/held.csv:row 1: error rehearsal.encoding; ", done.stderr, re.M)
    assert bool(done.stdout) == (how == "json")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder"]


def test_planning_the_folder_names_the_same_problems(folder):
    rewrite(folder, "exchange.yaml", swap("seed: 7", "sead: 7"))
    rewrite(folder, "north/held.csv", swap("nh-001", "nh-000"))
    out = folder.parent / "plan"
    asked = homeward("plan", folder, "--out", out)
    assert asked.exit_code == 1
    assert {"rehearsal.unknown-field", "people.id-twice"} <= set(
        re.findall(r"error ([a-z.-]+)", asked.stderr)
    )
    assert not out.exists()


LINES = "handle,holder,claimant,category,state,medical,held_since,site,seats,group_code\n"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "rehearsal.empty-file"),
        (b"one,two\n", "plan.column-missing"),
        ("Київ".encode("cp1251"), "plan.not-utf8"),
        (LINES.encode("utf-16"), "plan.not-utf8"),
        (f"{LINES}a,north,north,military,living,0,,,1,\n".encode(), "plan.same-side"),
        (f"{LINES}a,north,south,military,living,9,,,1,\n".encode(), "plan.bad-number"),
        (
            f"{LINES}a,north,south,military,living,0,,,1,\n".encode()
            + b"a,north,south,military,living,0,,,1,\n",
            "plan.handle-twice",
        ),
    ],
)
def test_lines_to_plan_with_that_cannot_be_read_are_named(folder, data, code):
    (folder / "lines.csv").write_bytes(data)
    rewrite(folder, "exchange.yaml", swap("seed: 7", "sead: 7"))
    asked = homeward("plan", folder, "--out", folder.parent / "plan")
    assert (asked.exit_code, type(asked.exception)) == (1, SystemExit)
    assert {code, "rehearsal.unknown-field"} <= set(
        re.findall(r"error ([a-z0-9.-]+)", asked.stderr)
    )
    assert not (folder.parent / "plan").exists()


# ---------------------------------------------------------------- whatever comes

SCRAPS = st.sampled_from(
    [b"", b"\0", b"\xff", b"&a ", b"*a", b"!x ", b"---\n", b"\t", b'"', b"'", b"{", b"]", b": ",
     b",", b"~", b"0", b"-1", b"1e9", b"9" * 5000, b"2031-02-30", b"2031-05-03T02:30:00+02:00",
     b"null", b"north", b"\xef\xbb\xbf", b"\r", b"<<: ", b"=", b"? ", b"\xc2\xb2", b"#", b"|\n"]
)  # fmt: skip
KINDS = st.sampled_from(["bytes", "drop line", "twice", "swap lines", "scrap", "value", "cut"])


def mutated(data: bytes, kind: str, at: float, to: float, scrap: bytes) -> bytes:
    """``data`` with one thing done to it; ``at`` and ``to`` say where, from 0 to 1."""
    first, second = int(at * len(data)), int(to * len(data))
    if kind == "bytes":
        return data[:first] + scrap + data[first + len(scrap) :]
    if kind == "scrap":
        return data[:first] + scrap + data[first:]
    if kind == "cut":
        return data[: min(first, second)] + data[max(first, second) :]
    if kind == "value":
        words = list(re.finditer(rb"[^\s,:{}\[\]\"]+", data)) or [re.match(b"", data)]
        word = words[min(int(at * len(words)), len(words) - 1)]
        assert word is not None
        return data[: word.start()] + scrap + data[word.end() :]
    lines = data.splitlines(keepends=True) or [b""]
    one, two = (min(int(x * len(lines)), len(lines) - 1) for x in (at, to))
    if kind == "drop line":
        del lines[one]
    elif kind == "twice":
        lines.insert(two, lines[one])
    else:
        lines[one], lines[two] = lines[two], lines[one]
    return b"".join(lines)


CHANGE = st.tuples(st.sampled_from(FILES), KINDS, st.floats(0, 0.999), st.floats(0, 0.999), SCRAPS)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(CHANGE, min_size=1, max_size=3))
def test_no_change_of_a_file_makes_the_reader_fail(whole, tmp_path_factory, changes):
    path = tmp_path_factory.mktemp("changed") / "folder"
    shutil.copytree(whole, path)
    for name, *how in changes:
        (path / name).write_bytes(mutated((path / name).read_bytes(), *how))
    read, problems = read_folder(path)
    assert (read is None) == bool(errors(problems))
    if read is None:
        assert {p.code for p in refused(path)} == {p.code for p in problems}
    shutil.rmtree(path.parent)
