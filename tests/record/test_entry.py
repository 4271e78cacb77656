"""A header has one form, and everything else is refused by a named reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeward.problem import Refused
from homeward.record import Draft, read_entry
from homeward.record.entry import MOST_HEADER_BYTES, SIGNED_PREFIX, PartRef, Sighting, sign_entry
from homeward.record.kinds import FIELDS, rules
from tests.record.parties import codes, keys_of, order

EXCHANGE = "ab" * 32
PREV = "cd" * 32
SEEN = (Sighting("observer.office.1", 3, "11" * 32), Sighting("south.office.1", 7, "22" * 32))
PARTS = (PartRef("33" * 32, "44" * 32),)


def signed(draft, seen=SEEN, parts=()):
    keys = keys_of("north")
    return sign_entry(
        draft,
        exchange=EXCHANGE,
        log="north.office.1",
        seq=12,
        prev=PREV,
        seen=seen,
        parts=parts,
        keys=(keys.entry, keys.officers),
    )


def header_of(draft, **more):
    return signed(draft, **more).leaf[64:]


def reason(header):
    with pytest.raises(Refused) as refused:
        read_entry(bytes(64) + header)
    return codes(refused.value.problems)[0]


ORDER = header_of(order(5))


def swapped(header, one, other):
    lines = header.split(b"\n")
    at = {line.split(b" ")[0]: number for number, line in enumerate(lines)}
    lines[at[one]], lines[at[other]] = lines[at[other]], lines[at[one]]
    return b"\n".join(lines)


def without(header, name):
    lines = header.split(b"\n")
    return b"\n".join(line for line in lines if line.split(b" ")[0] != name)


def test_what_is_signed_is_what_is_read():
    entry = signed(order(5))
    assert (entry.author, entry.writer, entry.epoch, entry.seq) == ("north", "office", 1, 12)
    assert (entry.kind, entry.stage, entry.step) == ("release-ordered", 1, 1)
    assert (entry.sender, entry.to, entry.cls) == ("north", "south", "military/living/inside")
    assert (entry.prev, entry.exchange, entry.seen) == (PREV, EXCHANGE, SEEN)
    assert entry.is_signed(keys_of("north").entry.public)
    assert read_entry(entry.leaf) == entry


HOSTILE = {
    "header-format": ORDER.replace(b"homeward-entry/v1", b"homeward-entry/v2"),
    "header-cut": ORDER[:-1],
    "header-not-ascii": ORDER.replace(b"north", "nоrth".encode()),
    "header-too-long": ORDER + b"a" * MOST_HEADER_BYTES,
    "header-line-unknown": ORDER.replace(b"kind ", b"note hello\nkind "),
    "header-line-order": swapped(ORDER, b"author", b"writer"),
    "header-line-twice": ORDER.replace(b"seq 12\n", b"seq 12\nseq 12\n"),
    "header-line-missing": without(ORDER, b"prev"),
    "header-value-malformed": ORDER.replace(b"seq 12", b"seq 012"),
    "kind-unknown": ORDER.replace(b"release-ordered", b"release-blessed"),
    "field-forbidden": ORDER + b"part " + b"33" * 32 + b" " + b"44" * 32 + b"\n",
    "field-missing": without(ORDER, b"handle"),
    "field-contradicts": ORDER.replace(b"to south", b"to north"),
    "seen-malformed": ORDER.replace(b"observer.office.1", b"tango.office.1"),
    "officers-number": ORDER.replace(b"release-ordered", b"conceded"),
}


@pytest.mark.parametrize("expected", HOSTILE)
def test_a_hostile_header_is_refused_by_its_reason(expected):
    assert reason(HOSTILE[expected]) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"seq 12", b"seq -1"),
        (b"seq 12", b"seq 9999999999999999"),
        (b"seq 12", b"seq 12 "),
        (b"seq 12", b"seq  12"),
        (b"seq 12", b"seq\t12"),
        (b"epoch 1", b"epoch 0"),
        (b"stage 1", b"stage 0"),
        (b"author north", b"author North"),
        (b"author north", b"author 9north"),
        (b"author north", b"author " + b"n" * 33),
        (b"class military/living/inside", b"class military/living"),
        (b"class military/living/inside", b"class military/living/inside/more"),
        (PREV.encode(), PREV.upper().encode()),
        (PREV.encode(), PREV.encode()[:-1]),
        (b"\n", b"\r\n"),
        (b"seen observer.office.1 3", b"seen observer.office.1 0"),
        (b"seen observer.office.1", b"seen south.office.1"),
        (b"seen observer.office.1", b"seen north.office.1"),
        (b"kind release-ordered\n", b"kind release-ordered\n\n"),
    ],
)
def test_another_spelling_of_a_value_is_refused(old, new):
    assert old in ORDER
    assert reason(ORDER.replace(old, new))


def test_sums_are_sorted_and_each_stands_once():
    closing = header_of(Draft("step-closed", stage=1, step=1, sums={"b": 2, "a": 1}))
    assert b"sums a=1 b=2\n" in closing
    assert read_entry(bytes(64) + closing).sums == {"a": 1, "b": 2}
    assert reason(closing.replace(b"a=1 b=2", b"b=2 a=1")) == "sums-malformed"
    assert reason(closing.replace(b"a=1 b=2", b"a=1 a=2")) == "sums-malformed"
    assert reason(closing.replace(b"a=1 b=2", b"a=01 b=2")) == "header-value-malformed"


def test_two_officers_sign_the_header_without_their_own_lines():
    entry = signed(
        Draft(
            "conceded",
            stage=1,
            step=1,
            sender="south",
            to="north",
            cls="military/living/inside",
            handle="0" * 32,
            officers=("birch", "alder"),
        )
    )
    assert [each for each, _ in entry.officers] == ["alder", "birch"]
    header = entry.leaf[64:]
    assert entry.officer_message() == (
        b"homeward-entry/v1 officer\n" + header[: header.index(b"officer alder")]
    )
    swapped_officers = header.replace(b"officer alder", b"officer zebra")
    assert reason(swapped_officers) == "officers-malformed"


def test_one_officer_twice_is_not_two_officers():
    with pytest.raises(Refused) as refused:
        signed(Draft("erased", prior=PREV, officers=("alder", "alder")))
    assert codes(refused.value.problems) == ["officers-malformed"]


def test_an_officer_the_office_does_not_have_cannot_sign():
    with pytest.raises(Refused) as refused:
        signed(Draft("erased", prior=PREV, officers=("alder", "nobody")))
    assert codes(refused.value.problems) == ["officer-unknown"]


def test_another_office_s_key_is_noticed():
    assert not signed(order(5)).is_signed(keys_of("south").entry.public)


@pytest.mark.parametrize("kind", rules())
def test_every_kind_takes_what_it_requires_and_refuses_the_rest(kind):
    rule = rules()[kind]
    values = {
        "stage": 1,
        "step": 2,
        "from": "north",
        "to": "south",
        "class": "military/living/inside",
        "handle": "0" * 32,
        "digest": "ab" * 32,
        "sums": {"heads": 3},
        "prior": "cd" * 32,
    }
    names = {"from": "sender", "class": "cls"}

    def draft(fields):
        chosen = {names.get(name, name): values[name] for name in fields if name != "part"}
        officers = ("alder", "birch")[: rule.officers]
        return signed(
            Draft(kind, officers=officers, **chosen), parts=PARTS if "part" in fields else ()
        )

    assert draft(rule.required).kind == kind
    assert draft(rule.allowed).kind == kind
    for name in rule.required:
        with pytest.raises(Refused):
            draft(rule.required - {name})
    for name in set(FIELDS) - rule.allowed:
        with pytest.raises(Refused):
            draft(rule.required | {name})


WORD = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
HEX64 = st.binary(min_size=32, max_size=32).map(bytes.hex)


@given(
    st.builds(
        Draft,
        kind=st.just("correction"),
        stage=st.none() | st.integers(1, 10**15 - 1),
        step=st.none() | st.integers(1, 10**15 - 1),
        digest=st.none() | HEX64,
        sums=st.none() | st.dictionaries(WORD, st.integers(0, 10**15 - 1), min_size=1, max_size=5),
        prior=HEX64,
    ),
    st.lists(st.builds(PartRef, HEX64, HEX64), max_size=4),
)
def test_any_draft_comes_back_from_its_header(draft, parts):
    entry = signed(draft, parts=parts)
    for name in ("stage", "step", "digest", "sums", "prior"):
        assert getattr(entry, name) == getattr(draft, name)
    assert entry.parts == tuple(parts)


LEAF = signed(order(5)).leaf


@given(st.integers(0, len(LEAF) - 1), st.integers(1, 255))
def test_a_damaged_entry_is_never_accepted(at, change):
    damaged = bytearray(LEAF)
    damaged[at] ^= change
    try:
        entry = read_entry(bytes(damaged))
    except Refused:
        return
    assert not entry.is_signed(keys_of("north").entry.public)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_and_nothing_else(data):
    with pytest.raises(Refused):
        read_entry(data)


def test_no_clock_place_or_person_can_stand_in_a_header():
    for name in (b"time 9", b"site K1", b"rank captain", b"health poor", b"name x"):
        assert reason(ORDER.replace(b"kind ", name + b"\nkind ")) == "header-line-unknown"


def test_a_header_signed_without_the_prefix_is_no_entry():
    key, header = keys_of("north").entry, signed(order(5)).leaf[64:]
    assert read_entry(key.sign(SIGNED_PREFIX + header) + header).is_signed(key.public)
    assert not read_entry(key.sign(header) + header).is_signed(key.public)
