"""A copy is checked with nothing but the copy, and no edit of it goes unseen."""

import base64
from datetime import timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeward.problem import Refused
from homeward.record import Draft, Part, compare, prove, read_copy, read_entry, verify
from homeward.record.certificate import certify, read_certificate
from homeward.record.entry import SIGNED_PREFIX
from homeward.record.notes import Checkpoint, Cosignature, note_of, sign_note
from homeward.record.proving import check_proof
from homeward.record.signing import SigningKey
from homeward.record.tiles import read_bundles, write_tiles
from homeward.record.tree import Tree, leaf_hash
from tests.record.parties import (
    MORNING,
    codes,
    copy_of,
    exchange_of,
    keys_of,
    later,
    office,
    offices,
    order,
    orders,
    settle,
)

NORTH, SOUTH = "north.office.1", "south.office.1"
EXCHANGE = exchange_of("north", "south", neutrals=("observer",))


@cache
def world():
    """Three offices, three rounds, a sealed list, a closing with sums; all synced."""
    stores = offices(EXCHANGE)
    north, south = stores["north"], stores["south"]
    body = Part("list", b"who is sought", ["south"])
    north.append([Draft("list-submitted", digest="0" * 64, parts=[body])], MORNING)
    for number in range(3):
        at = later(10 * number)
        north.append(orders(4, 10 * number), at)
        settle(stores.values(), at)
        south.append([order(900 + number, "south", "north")], at)
        settle(stores.values(), later(10 * number + 1))
    closing = Draft("stage-closed", stage=1, sums=north.closing_sums() | {"proposal": 1})
    north.append([closing], later(40))
    settle(stores.values(), later(41))
    return stores


def copied(**options):
    return copy_of(world()["south"], **options)


def reason(files, **options):
    verdict = verify(files, **options)
    assert verdict.sound is (verdict.reason is None)
    return None if verdict.reason is None else verdict.reason.code.removeprefix("record.")


def bundle(files, log=NORTH):
    return next(name for name in files if name.startswith(f"{log}/tile/entries/"))


def leaves_of(files, log=NORTH):
    size = int(files[f"{log}/checkpoint"].split(b"\n")[1])
    return list(read_bundles(files, size, log))


def rewritten(files, change, log=NORTH):
    """Root access to the copy: entries changed, tiles and bundles made anew to fit."""
    leaves = change(leaves_of(files, log))
    kept = {name: data for name, data in files.items() if not name.startswith(f"{log}/tile/")}
    tree = Tree(leaf_hash(leaf) for leaf in leaves)
    return kept | {f"{log}/{name}": data for name, data in write_tiles(tree, leaves, "entries")}


def test_an_honest_copy_is_sound():
    verdict = verify(copied(bodies=True))
    assert verdict.sound
    assert verdict.problems == ()
    assert verdict.entries == 17
    assert [(log.name, log.size) for log in verdict.logs] == [(NORTH, 14), (SOUTH, 3)]
    assert verdict.logs[0].cosigned["south"] == (14, later(41))
    assert [note.code for note in verdict.notes] == ["record.log-absent"]
    assert verdict.to_json()["sound"] is True


def test_every_office_s_copy_tells_the_same():
    copies = [copy_of(store) for store in world().values()]
    for one in copies:
        assert verify(one, against=copies).sound
        assert all(compare(one, other).same for other in copies)


def flip(leaf, at=70):
    return leaf[:at] + bytes([leaf[at] ^ 1]) + leaf[at + 1 :]


def signed_again(leaf, old, new):
    header = leaf[64:].replace(old, new)
    assert header != leaf[64:]
    return keys_of("north").entry.sign(SIGNED_PREFIX + header) + header


EDITS = {
    "altered": (
        lambda leaves: [*leaves[:5], flip(leaves[5], 3), *leaves[6:]],
        "entry-signature-wrong",
    ),
    "dropped in the middle": (lambda leaves: [*leaves[:5], *leaves[6:]], "bundle-missing"),
    "swapped": (lambda leaves: [*leaves[:5], leaves[6], leaves[5], *leaves[7:]], "seq-gap"),
    "doubled": (lambda leaves: [*leaves[:5], leaves[4], *leaves[6:]], "seq-gap"),
    "signed again with other words": (
        lambda leaves: [
            *leaves[:5],
            signed_again(leaves[5], b"inside", b"beside"),
            *leaves[6:],
        ],
        "prev-differs",
    ),
    "last one signed again": (
        lambda leaves: [*leaves[:-1], signed_again(leaves[-1], b"proposal=1", b"proposal=2")],
        "root-differs",
    ),
    "last one dropped": (lambda leaves: leaves[:-1], "bundle-missing"),
    "one added": (lambda leaves: [*leaves, leaves[-1]], "bundle-missing"),
    "emptied": (lambda _: [], "bundle-missing"),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_of_the_entries_is_seen_though_all_tiles_fit(name):
    change, expected = EDITS[name]
    assert reason(rewritten(copied(), change)) == expected


def test_the_first_fault_is_named_with_its_file_and_entry():
    files = rewritten(copied(), EDITS["altered"][0])
    verdict = verify(files)
    assert verdict.entry == f"{NORTH}/5"
    assert verdict.file == f"{NORTH}/tile/entries/000.p/14"
    assert verdict.file in files
    assert verdict.to_json()["reason"]["file"] == verdict.file


def test_a_cut_tail_is_seen_by_the_older_checkpoint_put_in_its_place():
    files = cut_back(copied(), keep=9, leave=True)
    assert reason(files) == "tail-cut"


def cut_back(files, keep, leave=False):
    """The tail cut and an older countersigned checkpoint shown as the newest."""
    files = dict(files)
    newest = files[f"{NORTH}/checkpoint"]
    files[f"{NORTH}/checkpoint"] = files[f"{NORTH}/checkpoints/{keep}"]
    for name in [each for each in files if each.startswith(f"{NORTH}/checkpoints/")]:
        if int(name.rpartition("/")[2]) >= keep:
            del files[name]
    if leave:
        files[f"{NORTH}/checkpoints/14"] = newest
    leaves = leaves_of(copied())[:keep]
    return rewritten_to(files, leaves)


def rewritten_to(files, leaves):
    kept = {name: data for name, data in files.items() if not name.startswith(f"{NORTH}/tile/")}
    tree = Tree(leaf_hash(leaf) for leaf in leaves)
    return kept | {f"{NORTH}/{name}": data for name, data in write_tiles(tree, leaves, "entries")}


def test_a_cut_tail_is_seen_by_what_another_log_has_seen():
    files = cut_back(copied(), keep=9)
    verdict = verify(files)
    assert (verdict.reason.code, verdict.file) == ("record.tail-cut", f"{NORTH}/checkpoint")
    assert SOUTH in verdict.reason.value


def test_a_cut_tail_is_seen_against_a_checkpoint_held_elsewhere():
    whole = copied()
    files = {name: data for name, data in cut_back(whole, keep=9).items() if SOUTH not in name}
    assert reason(files) is None
    assert reason(files, against=[whole]) == "tail-cut"
    assert reason(files, against=[whole[f"{NORTH}/checkpoint"]]) == "tail-cut"
    assert reason(files, against=[whole[f"{NORTH}/checkpoints/5"]]) is None
    assert reason(whole, against=[files]) is None


def test_a_log_that_goes_on_under_the_same_key_cannot_leave_out_what_was_countersigned():
    """North itself, with all its keys, tries to show a shorter past."""
    twin = office(EXCHANGE, "north")
    twin.append(orders(20), MORNING)
    files = copied() | {name: data for name, data in twin.copy() if name.startswith(f"{NORTH}/")}
    assert reason(files) == "root-differs"
    stale = {name for name in files if f"{NORTH}/checkpoints/" in name}
    clean = {name: data for name, data in files.items() if name not in stale}
    assert reason(clean) == "seen-differs"


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        ("exchange.txt", None, "exchange-missing"),
        ("exchange.txt", lambda data: data.replace(b"days 30", b"days 31"), "exchange-other"),
        (
            "exchange.txt",
            lambda data: data.replace(b"name north", b"name nord"),
            "card-proof-wrong",
        ),
        (f"{NORTH}/checkpoint", None, "checkpoint-missing"),
        (f"{NORTH}/checkpoint", lambda data: data[:-30] + b"\n", "base64-malformed"),
        (
            f"{NORTH}/checkpoints/5",
            lambda data: data.replace(b"\n5\n", b"\n6\n"),
            "checkpoint-signature-wrong",
        ),
        (f"{NORTH}/tile/0/000.p/14", None, "tile-missing"),
        (f"{NORTH}/tile/0/000.p/14", lambda data: flip(data, 40), "tile-differs"),
        (f"{NORTH}/tile/entries/000.p/14", None, "bundle-missing"),
        (f"{NORTH}/tile/entries/000.p/14", lambda data: data[:-1], "bundle-malformed"),
        (f"{NORTH}/tile/entries/000.p/14", lambda data: data + b"\x00\x00", "bundle-malformed"),
    ],
)
def test_a_file_taken_away_or_changed_is_named(name, change, expected):
    files = copied()
    data = files.pop(name)
    if change is not None:
        files[name] = change(data)
    assert reason(files) == expected


def test_a_checkpoint_under_another_number_is_seen():
    files = copied()
    files[f"{NORTH}/checkpoints/4"] = files[f"{NORTH}/checkpoints/5"]
    assert reason(files) == "checkpoint-misnamed"


def test_a_forged_countersignature_is_seen():
    files = copied()
    lines = files[f"{NORTH}/checkpoint"].decode().split("\n")
    others = files[f"{NORTH}/checkpoints/5"].decode().split("\n")
    at = next(n for n, line in enumerate(lines) if line.endswith("=") and "south/witness" in line)
    lines[at] = next(line for line in others if "south/witness" in line)
    files[f"{NORTH}/checkpoint"] = "\n".join(lines).encode()
    assert reason(files) == "cosignature-wrong"


def test_a_countersignature_taken_away_lowers_the_level_and_nothing_else():
    files = copied()
    lines = files[f"{NORTH}/checkpoint"].decode().split("\n")
    kept = [line for line in lines if "south/witness" not in line]
    files[f"{NORTH}/checkpoint"] = "\n".join(kept).encode()
    verdict = verify(files)
    assert verdict.sound
    assert verdict.logs[0].cosigned["south"][0] < 14


def test_unknown_keys_on_a_checkpoint_are_passed_over():
    files = copied()
    stranger = "— stranger.example AAAAAAAAAAAAAAAAAAAAAAAAAAA=\n".encode()
    files[f"{NORTH}/checkpoint"] += stranger
    assert verify(files).sound


def test_bodies_may_be_absent_but_never_others():
    files = copied(bodies=True)
    name = next(each for each in files if each.startswith("bodies/"))
    assert verify({each: data for each, data in files.items() if each != name}).sound
    assert reason(files | {name: b"another"}) == "body-digest-differs"
    assert reason(files | {"bodies/x": b""}) == "body-digest-differs"
    lonely = "bodies/" + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    verdict = verify(files | {lonely: b""})
    assert verdict.sound
    assert "record.body-unknown" in [note.code for note in verdict.notes]


def test_the_policy_file_is_the_one_of_the_exchange():
    files = copied()
    lines = files[f"{NORTH}/policy"].decode().split("\n")
    assert [line.split(" ")[0] for line in lines[:-1]] == [
        "log",
        "witness",
        "witness",
        "group",
        "quorum",
    ]
    assert lines[3] == "group held all south"
    assert reason(files | {f"{NORTH}/policy": b"quorum none\n"}) == "policy-differs"
    without = {name: data for name, data in files.items() if not name.endswith("/policy")}
    assert reason(without) is None


def test_a_later_countersignature_with_an_earlier_time_is_noted():
    north = office(EXCHANGE, "north")
    log = north._shelf.log(NORTH)
    for number, minutes in enumerate((50, 10)):
        north.append(orders(1, number), MORNING)
        at = int(later(minutes).timestamp())
        signature = log.checkpoint(number + 1).cosign(keys_of("south").witness, at)
        with north._shelf.writing():
            cosignature = Cosignature(number + 1, "south", at, signature)
            north._shelf.add_cosignature(log, cosignature)
    verdict = verify(copy_of(north))
    assert verdict.sound
    assert "record.cosignature-times" in [note.code for note in verdict.notes]


def test_a_missing_log_is_a_note_and_no_fault():
    files = {name: data for name, data in copied().items() if not name.startswith(SOUTH)}
    verdict = verify(files)
    assert verdict.sound
    assert SOUTH in [note.place for note in verdict.notes]


def test_strange_files_are_noted():
    verdict = verify(copied() | {"notes.txt": b"", "north.office.7/x": b""})
    assert "record.file-unknown" in [note.code for note in verdict.notes]
    assert codes(verdict.problems) == ["log-unknown"]


def test_a_log_no_card_or_certificate_opens_is_refused():
    files = copied()
    files["north.office.2/checkpoint"] = files[f"{NORTH}/checkpoint"]
    assert reason(files) == "log-unknown"


def test_certified_logs_are_verified_too():
    stores = offices(EXCHANGE)
    north, south = stores["north"], stores["south"]
    forgetful = office(EXCHANGE, "north")
    for store in (north, forgetful):
        store.append(orders(2), MORNING)
    north.begin_log(["alder", "birch"], MORNING)
    north.append(orders(2, 5), MORNING)
    forgetful.append(orders(1, 9), MORNING)
    for store in (north, forgetful):
        south.take(store.package_for("south", MORNING), MORNING)
    files = copy_of(south)
    verdict = verify(files)
    assert verdict.sound
    assert [(log.name, log.size) for log in verdict.logs] == [(NORTH, 3), ("north.office.2", 3)]
    assert "record.beyond-certificate" in [note.code for note in verdict.notes]
    certificate = "north.office.2/certificate"
    assert reason(files | {certificate: files[certificate].replace(b"after", b"aftar")})
    without = {name: data for name, data in files.items() if name != certificate}
    assert reason(without) == "log-unknown"
    assert verify(files, checked_until=files["north.office.2/checkpoint"]).sound


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"officer alder", b"officer aldar", "certificate-signature-wrong"),
        (b"homeward-writer/v1", b"homeward-writer/v2", "certificate-malformed"),
        (b"proof entry 0", b"proof entry 1", None),
        (b"log north.office.2", b"log north.office.3", "certificate-proof-wrong"),
        (b"log north.office.2", b"log north.office.1", "certificate-malformed"),
        (b"log north.office.2", b"log west.office.2", "party-unknown"),
    ],
)
def test_a_certificate_out_of_form_is_refused(old, new, expected):
    north = offices(EXCHANGE)["north"]
    north.append(orders(2), MORNING)
    north.begin_log(["alder", "birch"], MORNING)
    files = copy_of(north)
    name = "north.office.2/certificate"
    if old in files[name]:
        verdict = verify(files | {name: files[name].replace(old, new)})
        assert not verdict.sound
        assert expected is None or codes(verdict.problems)[0] == expected


def test_a_certificate_that_names_another_history_is_seen():
    def with_orders(first):
        store = office(EXCHANGE, "north")
        store.append(orders(2, first), MORNING)
        store.begin_log(["alder", "birch"], MORNING)
        return copy_of(store)

    files, other = with_orders(0), with_orders(50)
    mixed = {name: data for name, data in files.items() if not name.startswith(NORTH)}
    mixed |= {name: data for name, data in other.items() if name.startswith(NORTH)}
    verdict = verify(mixed)
    assert codes(verdict.problems)[0] == "seen-differs"
    assert "north.office.2/certificate" in verdict.reason.place
    shorter = {name: data for name, data in files.items() if not name.startswith(NORTH)}
    one = office(EXCHANGE, "north")
    one.append(orders(1), MORNING)
    shorter |= {name: data for name, data in one.copy() if name.startswith(NORTH)}
    assert reason(shorter) == "tail-cut"


def test_a_certificate_needs_two_officers_and_the_identity_key():
    keys = keys_of("north")
    pair = (SigningKey(b"\x01" * 32), SigningKey(b"\x02" * 32))

    def text(officers):
        return certify(EXCHANGE, keys, "north.office.2", pair, [], officers).text

    good = text(["alder", "birch"])
    assert read_certificate(EXCHANGE, good).log == "north.office.2"
    with pytest.raises(Refused) as refused:
        text(["alder"])
    assert codes(refused.value.problems) == ["officers-number"]
    for name in ("officer alder", "officer birch", "identity"):
        line = next(each for each in good.split("\n") if each.startswith(name))
        forged = good.replace(line, f"{name} {'00' * 64}")
        with pytest.raises(Refused) as refused:
            read_certificate(EXCHANGE, forged)
        assert codes(refused.value.problems) == ["certificate-signature-wrong"]
    crossed = good.replace("officer birch", "officer cedar")
    with pytest.raises(Refused) as refused:
        read_certificate(EXCHANGE, crossed)
    assert codes(refused.value.problems) == ["certificate-signature-wrong"]


def test_signatures_checked_before_need_not_be_checked_again(monkeypatch):
    files = copied()
    seen = []
    honest = type(read_entry(leaves_of(files)[0])).is_signed

    def counted(entry, key):
        seen.append(entry.seq)
        return honest(entry, key)

    monkeypatch.setattr("homeward.record.entry.Entry.is_signed", counted)
    assert verify(files, checked_until=files[f"{NORTH}/checkpoints/9"]).sound
    assert len(seen) == 5 + 3


def test_a_checkpoint_checked_before_must_be_of_this_history():
    files = copied()
    twin = office(EXCHANGE, "north")
    twin.append(orders(9), MORNING)
    other = copy_of(twin)[f"{NORTH}/checkpoint"]
    assert reason(files, checked_until=other) == "checked-until-differs"
    assert reason(files, checked_until=b"not a note") == "note-malformed"


def test_progress_is_told():
    told = []
    verify(copied(), progress=told.append)
    assert told == [14, 17]  # one log after the other


def test_what_was_known_when():
    copy = read_copy(copied())
    sizes = {
        minute: len([e for e in copy.as_of(later(minute)) if e.log == NORTH])
        for minute in (-1, 0, 1, 9, 10, 20, 40, 41, 99)
    }
    assert sizes == {-1: 0, 0: 5, 1: 5, 9: 5, 10: 9, 20: 13, 40: 13, 41: 14, 99: 14}
    assert set(copy.as_of(later(99))) == set(copy.entries)
    assert copy.times()[0] == MORNING
    for entry in copy.entries:
        first = copy.seen_at(entry)
        assert entry in copy.as_of(first)
        assert entry not in copy.as_of(first - timedelta(seconds=1))


def test_one_s_own_signature_makes_nothing_known():
    north = office(EXCHANGE, "north")
    north.append(orders(2), MORNING)
    copy = read_copy(copy_of(north))
    assert len(copy.entries) == 2
    assert copy.as_of(later(9999)) == ()
    assert copy.seen_at(copy.entries[0]) is None


def test_an_unsound_copy_is_not_read():
    with pytest.raises(Refused) as refused:
        read_copy(rewritten(copied(), EDITS["altered"][0]))
    assert codes(refused.value.problems)[0] == "entry-signature-wrong"


def test_a_public_copy_has_the_same_roots_and_counts_and_no_other_header():
    south = world()["south"]
    files = dict(south.copy(show=lambda entry: entry.public))
    verdict = verify(files)
    assert verdict.sound
    assert [(log.size, log.withheld) for log in verdict.logs] == [(14, 1), (3, 0)]
    assert [log.root for log in verdict.logs] == [log.root for log in verify(copied()).logs]
    assert all(b"list-submitted" not in data for data in files.values())
    assert compare(files, copied()).same
    assert not any("tile/entries" in name for name in files)


def test_a_public_header_left_out_shows_in_the_closing():
    south = world()["south"]
    hidden = list(south.entries(NORTH))[6]
    files = dict(south.copy(show=lambda entry: entry.public and entry != hidden))
    verdict = verify(files)
    assert verdict.sound
    [note] = [note for note in verdict.notes if note.code == "record.headers-withheld"]
    assert note.value == "own/release-ordered"


def test_a_closing_that_counts_wrong_is_seen():
    stores = offices(EXCHANGE)
    north = stores["north"]
    north.append(orders(3), MORNING)
    sums = {"own/release-ordered": 4}
    north.append([Draft("step-closed", stage=1, step=1, sums=sums)], MORNING)
    assert reason(copy_of(north)) == "sums-differ"


def test_a_closing_that_names_a_longer_log_shows_the_cut():
    stores = offices(EXCHANGE)
    north = stores["north"]
    north.append([order(1)], MORNING)
    settle(stores.values())
    south = stores["south"]
    south.append([Draft("step-closed", stage=1, step=1, sums={f"size/{NORTH}": 2})], MORNING)
    settle(stores.values())
    assert reason(copy_of(south)) == "tail-cut"


def test_the_proof_of_one_entry_stands_alone():
    files = copied()
    proof = prove(files, NORTH, 6)
    proven = check_proof(EXCHANGE, proof)
    assert (proven.entry.seq, proven.entry.log) == (6, NORTH)
    assert {each.party for each in proven.head.cosignatures} == {"south", "observer"}


def test_a_proof_says_nothing_twice():
    proof = prove(copied(), NORTH, 6)
    extra = base64.b64decode(proof.split(b"\n")[1].removeprefix(b"extra "))
    assert EXCHANGE.id.encode() not in extra
    assert extra[64:].startswith(b"prev ")
    assert check_proof(EXCHANGE, proof).entry.leaf == read_copy(copied()).entries[6].leaf


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"index 6", b"index 7", "entry-signature-wrong"),
        (b"index 6\n", b"index 6\n" + base64.b64encode(bytes(32)) + b"\n", "proof-wrong"),
        (b"index 6", b"index 06", "proof-malformed"),
        (b"tlog-proof@v1", b"tlog-proof@v2", "proof-malformed"),
        (b"\n14\n", b"\n13\n", "checkpoint-signature-wrong"),
    ],
)
def test_a_changed_proof_proves_nothing(old, new, expected):
    proof = prove(copied(), NORTH, 6)
    assert old in proof
    with pytest.raises(Refused) as refused:
        check_proof(EXCHANGE, proof.replace(old, new))
    assert codes(refused.value.problems) == [expected]


def test_what_is_not_there_cannot_be_proven():
    for log, seq in ((NORTH, 99), ("west.office.1", 0)):
        with pytest.raises(Refused):
            prove(copied(), log, seq)
    with pytest.raises(Refused):
        check_proof(exchange_of("north", "south"), prove(copied(), NORTH, 6))


def proof_of_one(leaf):
    """A proof file by North's own checkpoint key over a log of this single leaf."""
    root = Tree([leaf_hash(leaf)]).root()
    checkpoint = Checkpoint(EXCHANGE.origin(NORTH), 1, root)
    line = sign_note(checkpoint.text, checkpoint.origin, keys_of("north").checkpoint)
    extra = base64.b64encode(leaf[:64] + leaf[leaf.index(b"prev ") :]).decode()
    head = f"c2sp.org/tlog-proof@v1\nextra {extra}\nindex 0\n\n"
    return head.encode() + note_of(checkpoint.text, [line])


def test_a_proof_needs_the_entry_signed_and_in_its_place():
    first, second = leaves_of(copied())[:2]
    assert check_proof(EXCHANGE, proof_of_one(first)).entry.seq == 0
    for leaf, expected in (
        (bytes(64) + first[64:], "entry-signature-wrong"),
        (second, "entry-signature-wrong"),
    ):
        with pytest.raises(Refused) as refused:
            check_proof(EXCHANGE, proof_of_one(leaf))
        assert codes(refused.value.problems) == [expected]


def test_every_proof_of_every_entry_convinces():
    files = copied()
    for seq in range(14):
        assert check_proof(EXCHANGE, prove(files, NORTH, seq)).entry.seq == seq


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_damage_to_any_file_makes_another_record(data):
    """A damaged copy is unsound, or says exactly what the whole one says."""
    files = copied(bodies=True)
    name = data.draw(st.sampled_from(sorted(files)))
    damaged = bytearray(files[name])
    at = data.draw(st.integers(0, len(damaged) - 1))
    damaged[at] ^= data.draw(st.integers(1, 255))
    files[name] = bytes(damaged)
    verdict = verify(files)
    if verdict.sound:
        assert set(read_copy(files).entries) == set(read_copy(copied()).entries)
        assert name.endswith("checkpoint") or "/checkpoints/" in name


def test_a_key_of_another_party_cannot_write_in_a_log():
    files = copied()
    leaves = leaves_of(files)
    forged = SigningKey(keys_of("south").entry.seed).sign(SIGNED_PREFIX + leaves[5][64:])
    leaves[5] = forged + leaves[5][64:]
    assert reason(rewritten_to(files, leaves)) == "entry-signature-wrong"
