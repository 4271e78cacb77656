"""A package is read with suspicion, taken once, and nothing unsigned gets in by it."""

import io
import struct
import zipfile
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeward.problem import Refused
from homeward.record import Draft, Part
from homeward.record.archive import read_archive, write_archive
from homeward.record.manifest import Manifest, read_manifest_text, sign_manifest
from homeward.record.notes import note_of, read_note, sign_note
from tests.record.parties import (
    MORNING,
    codes,
    exchange_of,
    held,
    keys_of,
    later,
    office,
    offices,
    order,
    orders,
    send,
    settle,
    three,
    two,
)


def refusal(data):
    with pytest.raises(Refused) as refused:
        read_archive(data)
    return codes(refused.value.problems)


def fresh():
    """A package of North's first three entries, and South who has not taken it."""
    north, south = two()
    body = Part("list", b"sealed", ["south"])
    north.append([*orders(2), Draft("list-submitted", digest="0" * 64, parts=[body])], MORNING)
    return north, south, north.package_for("south", MORNING)


def resigned(package, change, signer="north", **manifest_changes):
    """The package with files changed and the manifest signed anew by ``signer``."""
    files = read_archive(package)
    manifest = read_manifest_text(read_note(files.pop("manifest"), "m", 10**7).text)
    files = change(files)
    sums = {name: (len(data), sha256(data).hexdigest()) for name, data in files.items()}
    manifest = replace(manifest, files=sums, **manifest_changes)
    exchange = exchange_of("north", "south")
    files["manifest"] = sign_manifest(manifest, exchange, keys_of(signer).witness)
    return write_archive(files)


def same(files):
    return files


def with_file(name, data):
    return lambda files: files | {name: data}


def entries_changed(change):
    """Change the leaves of the package's entries."""

    def apply(files):
        data, leaves = files["north.office.1.entries"], []
        while data:
            length = int.from_bytes(data[:2], "big")
            leaves.append(data[2 : 2 + length])
            data = data[2 + length :]
        framed = b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in change(leaves))
        return files | {"north.office.1.entries": framed}

    return apply


def flipped(leaf, at=-3):
    return leaf[:at] + bytes([leaf[at] ^ 1]) + leaf[at + 1 :]


FAULTS = {
    "entry-signature-wrong": entries_changed(lambda leaves: [flipped(leaves[0], 3), *leaves[1:]]),
    "seq-gap": entries_changed(lambda leaves: [leaves[1], leaves[0], leaves[2]]),
    "package-section": entries_changed(lambda leaves: leaves[:2]),
    "checkpoint-signature-wrong": lambda files: (
        files
        | {
            "north.office.1.checkpoint": files["north.office.1.checkpoint"].replace(
                b"\n3\n", b"\n4\n"
            )
        }
    ),
    "package-file-missing": lambda files: {
        name: data for name, data in files.items() if not name.endswith(".entries")
    },
    "package-file-unknown": with_file("readme", b"hello"),
    "fork-malformed": with_file("fork-" + "0" * 64, b"hello"),
}


@pytest.mark.parametrize("expected", FAULTS)
def test_a_faulty_section_is_refused_by_its_reason(expected):
    _, south, package = fresh()
    taken = south.take(resigned(package, FAULTS[expected]), MORNING)
    assert expected in codes(taken.problems)
    if expected not in ("package-file-unknown", "fork-malformed"):
        assert taken.entries == ()
        assert held(south) == {}


def test_only_the_sender_can_have_signed_the_manifest():
    _, south, package = fresh()
    taken = south.take(resigned(package, same, signer="south"), MORNING)
    assert codes(taken.problems) == ["manifest-signature-wrong"]


def signed_text(text):
    """A manifest's text as a note with North's right signature."""
    name = exchange_of("north", "south").courier("north")
    return note_of(text, [sign_note(text, name, keys_of("north").witness)])


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [*lines[:5], lines[6], lines[5], *lines[7:]],
        lambda lines: [*lines[:6], lines[5], *lines[6:]],
        lambda lines: [*lines[:2], *lines[3:]],
        lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
        lambda lines: [*lines[:-1], "hello there", ""],
        lambda lines: ["homeward-package/v2", *lines[1:]],
    ],
)
def test_a_manifest_has_one_spelling(change):
    _, south, package = fresh()
    files = read_archive(package)
    wants = [f"wants {digit * 64}" for digit in "01"]
    lines = read_note(files["manifest"], "m", 10**7).text.split("\n")
    lines = [*lines[:5], *wants, *(line for line in lines[5:] if not line.startswith("holds"))]
    good = write_archive(files | {"manifest": signed_text("\n".join(lines))})
    assert south.take(good, MORNING).problems == ()
    bad = write_archive(files | {"manifest": signed_text("\n".join(change(lines)))})
    assert codes(south.take(bad, MORNING).problems) == ["manifest-malformed"]


def test_nobody_is_sent_its_own_countersignature():
    north, south = two()
    north.append(orders(2), MORNING)
    assert settle([north, south]) == []
    assert list(read_archive(north.package_for("south", MORNING, ask=True))) == ["manifest"]


def test_a_package_for_another_is_not_taken():
    north, south, observer = three()
    north.append(orders(1), MORNING)
    package = north.package_for("south", MORNING)
    assert codes(observer.take(package, MORNING).problems) == ["package-not-for-us"]
    assert codes(north.take(south.package_for("north", MORNING, ask=True), MORNING).problems) == []
    assert held(observer) == {}


def test_a_package_of_another_exchange_is_refused():
    _, _, package = fresh()
    other = office(exchange_of("north", "south", terms=b"other terms\n"), "south")
    assert codes(other.take(package, MORNING).problems) == ["exchange-other"]
    assert held(other) == {}


def test_entries_of_another_exchange_are_refused_even_under_a_right_manifest():
    """Everything is signed by North's right keys, but for another exchange."""
    other = office(exchange_of("north", "south", terms=b"other terms\n"), "north")
    other.append(orders(3), MORNING)
    files = read_archive(other.package_for("south", MORNING))
    _, south, package = fresh()
    taken = south.take(resigned(package, lambda _: files_without_manifest(files)), MORNING)
    assert codes(taken.problems) == ["exchange-other"]
    assert held(south) == {}


def files_without_manifest(files):
    return {name: data for name, data in files.items() if name != "manifest"}


def test_a_file_the_manifest_does_not_name_is_refused():
    _, south, package = fresh()
    files = read_archive(package)
    files["extra"] = b"x"
    assert codes(south.take(write_archive(files), MORNING).problems) == ["package-files-differ"]


def test_a_body_that_is_not_the_one_named_is_not_kept():
    north, south, package = fresh()
    entry = list(north.entries())[2]
    name = f"body-{entry.parts[0].ciphertext}"
    taken = south.take(resigned(package, with_file(name, b"something else")), MORNING)
    assert codes(taken.problems) == ["body-digest-differs"]
    with pytest.raises(Refused):
        south.open_part(entry, 0)
    assert settle([north, south], later(1)) == []
    assert south.open_part(entry, 0) == b"sealed"


def test_a_missing_body_is_asked_for_until_it_comes():
    north, south, package = fresh()
    entry = list(north.entries())[2]
    name = f"body-{entry.parts[0].ciphertext}"

    def drop(files):
        return {each: data for each, data in files.items() if each != name}

    assert south.take(resigned(package, drop), MORNING).problems == ()
    assert settle([north, south], later(1)) == []
    assert south.open_part(entry, 0) == b"sealed"


@pytest.mark.parametrize(("asking", "given"), [("south", False), ("observer", True)])
def test_only_a_neutral_may_carry_what_is_sealed_to_others(asking, given):
    exchange = exchange_of("north", "south", neutrals=("observer", "witness"))
    stores = offices(exchange)
    north = stores["north"]
    body = Part("reason", b"for one neutral only", ["witness"])
    [entry] = north.append([Draft("objections", digest="0" * 64, parts=[body])], MORNING)
    digest = entry.parts[0].ciphertext
    role = exchange.cards[asking].role
    wish = Manifest(exchange.id, asking, "north", int(MORNING.timestamp()), wants={digest})
    note = sign_manifest(wish, exchange, keys_of(asking, role).witness)
    assert north.take(write_archive({"manifest": note}), MORNING).problems == ()
    package = read_archive(north.package_for(asking, MORNING))
    assert (f"body-{digest}" in package) is given


def test_a_gap_is_shown_and_filled_by_the_next_package():
    north, south, package = fresh()
    send(north, south)
    send(south, north)
    north.append(orders(2, 50), later(1))
    newer = north.package_for("south", later(1))
    forgetful = offices(north.exchange)["south"]
    assert codes(forgetful.take(newer, later(1)).problems) == ["package-gap"]
    north.take(forgetful.package_for("north", later(2), ask=True), later(2))
    assert len(send(north, forgetful, later(3))) == 5
    assert forgetful.take(package, later(4)).duplicate


def test_an_old_package_arriving_late_costs_one_repetition_and_no_more():
    north, south = two()
    north.append(orders(2), MORNING)
    send(north, south, MORNING)
    old = south.package_for("north", later(1))
    north.append(orders(2, 2), later(2))
    send(north, south, later(2))
    send(south, north, later(3))
    north.take(old, later(4))
    assert south.take(north.package_for("south", later(4)), later(4)).entries == ()
    assert settle([north, south], later(5)) == []


def test_a_clock_that_ran_ahead_once_does_no_lasting_harm():
    north, south = two()
    north.append(orders(2), MORNING)
    send(north, south, MORNING)
    north.take(south.package_for("north", later(60 * 24 * 365)), later(1))
    north.append(orders(2, 2), later(2))
    send(north, south, later(2))
    send(south, north, later(3))
    assert settle([north, south], later(4)) == []


@pytest.mark.parametrize("minutes", [2, -525_600, 525_600])
def test_offices_fall_silent_though_a_clock_is_set_back_or_a_year_off(minutes):
    north, south = two()
    north.append(orders(2), later(10))
    assert settle([north, south], later(10)) == []
    south.append([order(50, "south", "north")], later(minutes))
    north.append(orders(2, 2), later(minutes))
    assert settle([north, south], later(minutes)) == []
    north.append(orders(1, 4), later(11))
    assert settle([north, south], later(11)) == []
    assert held(north) == held(south)


def test_one_faulty_log_keeps_no_other_party_s_facts_out():
    north, south, observer = three()
    north.append(orders(2), MORNING)
    south.append([order(7, "south", "north")], MORNING)
    send(south, north)
    package = north.package_for("observer", MORNING)
    files = read_archive(package)
    manifest = read_manifest_text(read_note(files.pop("manifest"), "m", 10**7).text)
    data = files["north.office.1.entries"]
    files["north.office.1.entries"] = data[:10] + bytes([data[10] ^ 1]) + data[11:]
    sums = {name: (len(data), sha256(data).hexdigest()) for name, data in files.items()}
    manifest = replace(manifest, files=sums)
    files["manifest"] = sign_manifest(manifest, north.exchange, keys_of("north").witness)
    taken = observer.take(write_archive(files), MORNING)
    assert codes(taken.problems) == ["entry-signature-wrong"]
    assert [entry.log for entry in taken.entries] == ["south.office.1"]


def test_the_same_files_give_the_same_bytes():
    files = {"b": b"2", "a": b"1"}
    assert write_archive(files) == write_archive(dict(sorted(files.items())))
    assert read_archive(write_archive(files)) == files


def zipped(*members, comment=b"", method=zipfile.ZIP_DEFLATED):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as target:
        for info, data in members:
            target.writestr(info, data)
        target.comment = comment
    return whole.getvalue()


def member(name, mode=0o100600, extra=b""):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    info.create_system = 3
    info.extra = extra
    return info


GOOD = write_archive({"a": b"1" * 100, "b": b"2" * 100})
CENTRAL = GOOD.index(b"PK\x01\x02")

HOSTILE = {
    "climbing": ("package-name", zipped((member("../a"), b"x"))),
    "absolute": ("package-name", zipped((member("/a"), b"x"))),
    "backslash": ("package-name", zipped((member("a\\b"), b"x"))),
    "folder": ("package-name", zipped((member("a/b"), b"x"))),
    "upper case": ("package-name", zipped((member("A"), b"x"))),
    "full width": ("package-name", zipped((member("\uff41"), b"x"))),
    "dots": ("package-name", zipped((member("a..b"), b"x"))),
    "link": ("package-link", zipped((member("a", 0o120777), b"/etc/passwd"))),
    "device": ("package-link", zipped((member("a", 0o060600), b""))),
    "extra field": ("package-layout", zipped((member("a", extra=b"\x99\x99\x01\x00x"), b"x"))),
    "comment": ("package-not-zip", zipped((member("a"), b"x"), comment=b"hello")),
    "other compression": (
        "package-layout",
        GOOD[: CENTRAL + 10] + struct.pack("<H", 14) + GOOD[CENTRAL + 12 :],
    ),
    "encrypted": ("package-layout", GOOD[: CENTRAL + 8] + b"\x01\x00" + GOOD[CENTRAL + 10 :]),
    "junk before": ("package-layout", b"#!/bin/sh\n" + GOOD),
    "junk after": ("package-not-zip", GOOD + b"junk"),
    "nothing": ("package-not-zip", b""),
    "two stories": ("package-layout", GOOD[:30] + b"c" + GOOD[31:]),
    "cut": ("package-not-zip", GOOD[:-5]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused_by_its_reason(name):
    expected, data = HOSTILE[name]
    assert refusal(data) == [expected]


def patched(data, *changes):
    """Bytes overwritten at given places."""
    whole = bytearray(data)
    for at, value in changes:
        whole[at : at + len(value)] = value
    return bytes(whole)


LOCALS = [GOOD.index(b"PK\x03\x04"), GOOD.index(b"PK\x03\x04", 4)]
CENTRALS = [CENTRAL, GOOD.index(b"PK\x01\x02", CENTRAL + 4)]
END = GOOD.index(b"PK\x05\x06")


def moved(data, at, junk, offsets):
    """Junk put in at a place, and every offset behind it corrected."""
    whole = bytearray(data[:at] + junk + data[at:])
    for offset in offsets:
        place = offset + (len(junk) if offset >= at else 0)
        value = struct.unpack("<L", whole[place : place + 4])[0]
        whole[place : place + 4] = struct.pack("<L", value + len(junk))
    return bytes(whole)


SUBTLE = {
    "encrypted in both headers": patched(
        GOOD, (LOCALS[0] + 6, b"\x01\x00"), (CENTRALS[0] + 8, b"\x01\x00")
    ),
    "several disks": patched(GOOD, (END + 4, b"\x01\x00"), (END + 6, b"\x01\x00")),
    "fewer members counted here": patched(GOOD, (END + 8, b"\x01\x00")),
    "an offset off by one": patched(GOOD, (CENTRALS[1] + 42, struct.pack("<L", LOCALS[1] + 1))),
    "a gap between members": moved(GOOD, LOCALS[1], b"gap", [CENTRALS[1] + 42, END + 16]),
    "a gap before the directory": moved(GOOD, CENTRAL, b"gap", [END + 16]),
    "a gap before the first member": moved(
        GOOD, 0, b"gap", [CENTRALS[0] + 42, CENTRALS[1] + 42, END + 16]
    ),
}


@pytest.mark.parametrize("name", SUBTLE)
def test_an_archive_that_could_be_read_in_two_ways_is_refused(name):
    assert len(read_archive(GOOD)) == 2
    assert refusal(SUBTLE[name]) == ["package-layout"]


def test_bytes_behind_a_deflated_stream_are_refused():
    single = write_archive({"a": b"1" * 100})
    central = single.index(b"PK\x01\x02")
    longer = moved(single, central, b"junk", [len(single) - 22 + 16])
    packed = struct.unpack("<L", single[18:22])[0] + 4
    size = struct.pack("<L", packed)
    assert refusal(patched(longer, (18, size), (central + 4 + 20, size))) == ["package-damaged"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_one_name_twice_is_refused():
    assert refusal(zipped((member("a"), b"x"), (member("a"), b"y"))) == ["package-name-twice"]


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = zipped(("a", bytes(200 * 1024 * 1024)))
    assert len(bomb) < 300_000
    assert refusal(bomb) == ["package-file-too-long"]


def test_a_bomb_that_lies_about_its_size_is_refused():
    bomb = bytearray(write_archive({"a": bytes(50 * 1024 * 1024)}))
    small = struct.pack("<L", 10)
    central = bytes(bomb).index(b"PK\x01\x02")
    bomb[22:26] = small
    bomb[central + 24 : central + 28] = small
    assert refusal(bytes(bomb)) == ["package-damaged"]


def test_many_bombs_together_are_refused():
    many = write_archive({f"a{number}": bytes(60 * 1024 * 1024) for number in range(9)})
    assert refusal(many) == ["package-too-long"]


def test_more_files_than_any_package_needs_are_refused():
    assert refusal(write_archive({f"a{n}": b"" for n in range(20_001)})) == [
        "package-too-many-files"
    ]


@given(st.binary(max_size=200))
def test_any_bytes_are_an_archive_or_refused(data):
    with pytest.raises(Refused):
        read_archive(data)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_a_damaged_package_brings_nothing_false(data):
    """Whatever is changed, cut or doubled in a package: never another entry, never a crash."""
    north, _, package = fresh_once()
    south = offices(north.exchange)["south"]
    at = data.draw(st.integers(0, len(package) - 1))
    how = data.draw(st.sampled_from(["flip", "cut", "drop", "double"]))
    damaged = {
        "flip": package[:at]
        + bytes([package[at] ^ data.draw(st.integers(1, 255))])
        + package[at + 1 :],
        "cut": package[:at],
        "drop": package[:at] + package[at + 5 :],
        "double": package[:at] + package[at : at + 9] + package[at:],
    }[how]
    taken = south.take(damaged, MORNING)
    assert set(taken.entries) <= set(north.entries())
    assert taken.entries == () or not taken.problems


FRESH = []


def fresh_once():
    if not FRESH:
        FRESH.append(fresh())
    return FRESH[0]


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_packages_in_any_order_lost_or_doubled_lead_to_one_record(data):
    """Three offices write and send; packages wait, are lost, come twice and out of order."""
    stores = list(offices(exchange_of("north", "south", neutrals=("observer",))).values())
    waiting = []
    minute = 0
    for number in range(data.draw(st.integers(5, 30))):
        minute += 1
        what = data.draw(st.sampled_from(["write", "send", "take", "take again", "lose"]))
        store = data.draw(st.sampled_from(stores))
        if what == "write":
            draft = Draft("statement-recorded", digest=f"{number:064x}")
            store.append([draft] * data.draw(st.integers(1, 3)), later(minute))
        elif what == "send":
            to = data.draw(st.sampled_from([each for each in stores if each is not store]))
            package = store.package_for(to.name, later(minute))
            waiting += [(to, package)] if package else []
        elif waiting:
            at = data.draw(st.integers(0, len(waiting) - 1))
            to, package = waiting[at] if what == "take again" else waiting.pop(at)
            if what != "lose":
                to.take(package, later(minute))
    assert settle(stores, later(minute + 1)) == []
    assert held(stores[0]) == held(stores[1]) == held(stores[2])
    for store in stores:
        assert all(store.level(entry) == "held" for entry in store.entries())
