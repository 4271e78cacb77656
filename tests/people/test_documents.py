"""What the pages say about lists and matching is what happens."""

import gzip
import re
from pathlib import Path

from homeward.people import propose, read_list, write_pairs

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "reference"
ROOM = ROOT / "src" / "homeward" / "people"


def blocks(page, kind):
    return re.findall(rf"```{kind}\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.S)


def test_the_example_list_has_the_problems_that_the_page_shows():
    (text,), (shown,) = blocks("lists.md", "csv"), blocks("lists.md", "text")
    result = read_list("list.csv", text.encode())
    assert [str(problem) for problem in result.problems] == shown.splitlines()
    assert (result.rows, len(result.lines)) == (5, 3)


def test_the_example_lists_give_the_pairs_that_the_page_shows():
    sought, held, shown = blocks("matching.md", "csv")
    lists = [read_list("list.csv", text.encode()).lines for text in (sought, held)]
    found = propose(*lists)
    assert write_pairs((*found.same, *found.review)) == shown


def test_every_problem_code_has_its_line_and_no_line_is_stale():
    used = set()
    for path in (*ROOM.glob("*.py"), *(ROOM.parent / "cli").glob("*.py")):
        used |= set(re.findall(r'"(people\.[a-z0-9-]+)"', path.read_text(encoding="utf-8")))
    page = (DOCS / "problems-people.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`(people\.[a-z0-9-]+)`", page)) == used


def test_every_reason_that_holds_back_is_explained():
    used = re.findall(
        r'"([a-z-]+-(?:open|contradicted|fact))"', (ROOM / "competing.py").read_text()
    )
    page = (DOCS / "matching.md").read_text(encoding="utf-8")
    assert used
    assert all(f"held-back:{reason}" in page for reason in used)


def test_every_row_of_every_table_says_where_it_is_from():
    origin = (ROOM / "data" / "ORIGIN.md").read_text(encoding="utf-8")
    known = set(re.findall(r"^\| `([\w. -]+)` \|", origin, re.MULTILINE))
    used = set()
    for path in (ROOM / "data").glob("*.tsv*"):
        data = path.read_bytes()
        text = gzip.decompress(data) if path.suffix == ".gz" else data
        rows = [row for row in text.decode().splitlines() if not row.startswith("#")]
        used |= {source for row in rows for source in row.split("\t")[-1].split("; ")}
    assert used == known


def test_the_tables_of_words_name_each_word_once():
    for table, columns in (("headers.tsv", 1), ("values.tsv", 2)):
        seen = {}
        for row in (ROOM / "data" / table).read_text(encoding="utf-8").splitlines():
            if row.startswith("#"):
                continue
            *key, words, _ = row.split("\t")
            for word in words.split("|"):
                plain = re.sub(r"[\W_]+", "", word.casefold()) or word
                where = tuple(key[:columns])
                place = (where[0], plain) if columns == 2 else plain
                assert seen.setdefault(place, where) == where, word
