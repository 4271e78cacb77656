"""The pages of the record are true: their examples run, their tables are the program's."""

import base64
import hashlib
import io
import re
import zipfile
from pathlib import Path

from homeward.record import Store, read_exchange, verify
from homeward.record.bodies import commitment, open_body
from homeward.record.entry import PartRef, read_entry
from homeward.record.kinds import FIELDS, rules
from homeward.record.log import new_log
from homeward.record.tiles import write_tiles
from homeward.record.tree import Tree, leaf_hash
from tests.record import worked_example
from tests.record.parties import MORNING

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "reference"
ROOM = ROOT / "src" / "homeward" / "record"
CODES = re.compile(
    r'(?:refuse|_fault|note|_add)\(\s*(?:reading,\s*)?"([a-z0-9-]+)"'
    r'|"record\.([a-z0-9-]+)"'
    r'|code = "([a-z-]+)" if name in \w+ else "([a-z-]+)"'
)


def page(name):
    return (PAGES / name).read_text(encoding="utf-8")


def blocks(name):
    return dict(re.findall(r"```text (.+)\n((?:.*\n)*?)```", page(name)))


def leaves():
    found = blocks("record.md")
    return [
        bytes.fromhex(found[f"signature {number}"]) + found[f"header {number}"].encode()
        for number in (0, 1)
    ]


def test_the_blocks_on_the_pages_are_what_the_program_writes_today():
    shown = blocks("record.md") | blocks("packages.md")
    assert shown.keys() - worked_example.blocks().keys() == {"body"}
    for name, text in worked_example.blocks().items():
        assert shown[name] == text, name


def test_the_example_of_the_record_page_is_a_sound_copy():
    found = blocks("record.md")
    tree = Tree(leaf_hash(leaf) for leaf in leaves())
    files = {
        "exchange.txt": found["exchange.txt"].encode(),
        "north.office.1/checkpoint": found["checkpoint"].encode(),
    }
    tiles = write_tiles(tree, leaves(), "entries")
    verdict = verify(files | {f"north.office.1/{name}": data for name, data in tiles})
    assert verdict.sound
    assert verdict.entries == 2
    assert set(verdict.logs[0].cosigned) == {"south"}
    for value in (read_exchange(found["exchange.txt"]).id, tree.root().hex()):
        assert f"`{value}`" in page("record.md")
    for leaf in leaves():
        assert f"`{read_entry(leaf).hash}`" in page("record.md")


def test_the_signed_bytes_are_those_the_page_names():
    from tests.record.plain_ed25519 import accepts

    exchange = read_exchange(blocks("record.md")["exchange.txt"])
    key = new_log(exchange, "north.office.1").entry_key
    for leaf in leaves():
        assert accepts(key, b"homeward-entry/v1 signature\n" + leaf[64:], leaf[:64])


def test_the_sealed_body_on_the_page_opens():
    found = blocks("record.md")
    ciphertext = base64.b64decode(found["body"])
    shown = commitment(worked_example.SALT, "list", b"two names")
    assert shown in page("record.md")
    ref = PartRef(shown, hashlib.sha256(ciphertext).hexdigest())
    opened = open_body(ciphertext, ref, found["age key"].strip(), "page")
    assert opened == ("list", b"two names")


def test_the_example_of_the_packages_page_is_taken():
    found = blocks("packages.md")
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as target:
        for name in ("manifest", "north.office.1.checkpoint"):
            target.writestr(name, found[name])
        target.writestr("north.office.1.entries", base64.b64decode(found["north.office.1.entries"]))
    south: Store = worked_example.stores()[1]
    taken = south.take(whole.getvalue(), MORNING)
    assert taken.problems == ()
    assert [entry.leaf for entry in taken.entries] == leaves()


def test_the_table_of_kinds_on_the_page_is_the_program_s():
    rows = {row[0].strip("`"): row[1:] for row in table("record.md", "kind")}
    assert rows.keys() == rules().keys()
    for kind, rule in rules().items():
        public, officers, author, required, allowed = rows[kind]
        assert (public == "yes", int(officers), author) == (rule.public, rule.officers, rule.author)
        assert names(required) == rule.required
        assert names(allowed) == rule.allowed - rule.required


def table(name, first):
    lines = page(name).split("\n")
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {first} |")) + 2
    for line in lines[start:]:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]


def names(cell):
    return set(re.findall(r"`(\w+)`", cell)) & set(FIELDS)


def test_every_reason_has_its_line_and_every_line_its_reason():
    used = {
        code
        for path in ROOM.glob("*.py")
        for found in CODES.findall(path.read_text(encoding="utf-8"))
        for code in found
        if code
    }
    explained = re.findall(r"^\| `record\.([a-z0-9-]+)` \|", page("problems-record.md"), re.M)
    assert len(explained) == len(set(explained))
    assert set(explained) == used


def test_every_test_that_the_page_of_threats_names_is_there():
    text = (ROOT / "docs" / "explanation" / "threats.md").read_text(encoding="utf-8")
    named = re.findall(r"`(record/test_[a-z_]+\.py): (test_[a-z0-9_]+)`", text)
    assert len(named) >= 30
    for file, test in named:
        assert f"def {test}(" in (ROOT / "tests" / file).read_text(encoding="utf-8"), test
    rows = re.findall(r"^\| (\d+) \|", text, re.M)
    assert rows == [str(number) for number in range(1, 21)]
