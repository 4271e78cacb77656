"""What may follow what: a party that signs with its right keys still cannot write just anything."""

import base64
from dataclasses import replace
from hashlib import sha256

import pytest

from homeward.problem import Refused
from homeward.record import Draft, verify
from homeward.record.archive import read_archive, write_archive
from homeward.record.entry import ZEROS, Sighting, sign_entry
from homeward.record.log import check_next, new_log
from homeward.record.manifest import read_manifest_text, sign_manifest
from homeward.record.notes import Checkpoint, Cosignature, cosignature_line, read_note, sign_note
from tests.record.parties import (
    MORNING,
    codes,
    copy_of,
    exchange_of,
    held,
    keys_of,
    offices,
    order,
    orders,
)

EXCHANGE = exchange_of("north", "south", neutrals=("observer",))
NORTH = "north.office.1"


def entry(draft=None, *, exchange=EXCHANGE.id, log=NORTH, seq=0, prev=ZEROS, seen=(), signer=None):
    keys = keys_of("north")
    return sign_entry(
        draft or order(1),
        exchange=exchange,
        log=log,
        seq=seq,
        prev=prev,
        seen=seen,
        parts=(),
        keys=(signer or keys.entry, keys.officers),
    )


def reason(after, candidate):
    log = new_log(EXCHANGE, NORTH)
    for each in after:
        assert check_next(log, each) is None
        log.add(each)
    problem = check_next(log, candidate)
    return None if problem is None else problem.code.removeprefix("record.")


def conceded(officers=("alder", "birch")):
    return replace(order(1), kind="conceded", officers=officers)


FIRST = entry()
FORGED = replace(entry(conceded()), officers=(("alder", "00" * 64), entry(conceded()).officers[1]))
STRANGER = replace(entry(conceded()), officers=(("zoe", "00" * 64), *entry(conceded()).officers))

FAULTS = {
    "exchange-other": ([], entry(exchange="ab" * 32)),
    "log-other": ([], entry(log="north.bus.1")),
    "entry-signature-wrong": ([], entry(signer=keys_of("south").entry)),
    "seq-gap": ([], entry(seq=1)),
    "prev-differs": ([FIRST], entry(seq=1, prev="ab" * 32)),
    "party-unknown": ([], entry(order(1, to="west"))),
    "author-not-allowed": ([], entry(Draft("counted", stage=1, sums={"heads": 1}))),
    "officer-signature-wrong": ([], FORGED),
    "officer-unknown": ([], STRANGER),
}


@pytest.mark.parametrize("expected", FAULTS)
def test_an_entry_that_may_not_follow_is_refused_by_its_reason(expected):
    after, candidate = FAULTS[expected]
    assert reason(after, candidate) == expected


def test_what_may_follow_does():
    assert reason([], FIRST) is None
    assert reason([FIRST], entry(seq=1, prev=FIRST.hash)) is None
    assert reason([], entry(conceded())) is None


def seen(size, root="11", log="south.office.1"):
    return (Sighting(log, size, root * 32),)


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (seen(6), None),
        (seen(5), None),  # the same line again
        (seen(4), "seen-goes-down"),
        (seen(5, "22"), "seen-goes-down"),
        (seen(1, log="observer.office.1"), None),
        (seen(1, log="west.office.1"), "party-unknown"),
        ((), None),
    ],
)
def test_what_was_seen_never_goes_down(later, expected):
    first = entry(seen=seen(5))
    assert reason([first], entry(seq=1, prev=first.hash, seen=later)) == expected


def test_what_was_seen_is_remembered_over_entries_that_say_nothing():
    first = entry(seen=seen(5))
    second = entry(seq=1, prev=first.hash)
    third = entry(seq=2, prev=second.hash, seen=seen(4))
    assert reason([first, second], third) == "seen-goes-down"


def test_a_certified_log_begins_by_naming_its_certificate():
    north = offices(EXCHANGE)["north"]
    north.append(orders(1), MORNING)
    north.begin_log(["alder", "birch"], MORNING)
    [certificate] = north.certificates()
    log = new_log(EXCHANGE, certificate.log, certificate)
    [key] = {north._writer_keys(certificate.log)[0]}
    for draft in (
        order(1),
        Draft("key-change", digest="ab" * 32, officers=("alder", "birch")),
    ):
        problem = check_next(log, entry(draft, log=certificate.log, signer=key))
        assert problem.code == "record.certificate-not-named"
    assert new_log(EXCHANGE, certificate.log) is None
    assert new_log(EXCHANGE, "north.office.3", certificate) is None


def package_with_checkpoint(change):
    """North's package with the checkpoint note made anew by North's own checkpoint key."""
    stores = offices(EXCHANGE)
    north, south = stores["north"], stores["south"]
    north.append(orders(3), MORNING)
    files = read_archive(north.package_for("south", MORNING))
    manifest = read_manifest_text(read_note(files.pop("manifest"), "m", 10**7).text)
    files[f"{NORTH}.checkpoint"] = change(files[f"{NORTH}.checkpoint"])
    sums = {name: (len(data), sha256(data).hexdigest()) for name, data in files.items()}
    manifest = replace(manifest, files=sums)
    files["manifest"] = sign_manifest(manifest, EXCHANGE, keys_of("north").witness)
    return write_archive(files), south


def test_a_root_that_its_own_log_signed_wrongly_is_refused():
    def other_root(_):
        checkpoint = Checkpoint(EXCHANGE.origin(NORTH), 3, sha256(b"other").digest())
        line = sign_note(checkpoint.text, checkpoint.origin, keys_of("north").checkpoint)
        return (checkpoint.text + "\n" + line.line()).encode()

    package, south = package_with_checkpoint(other_root)
    taken = south.take(package, MORNING)
    assert codes(taken.problems) == ["root-differs"]
    assert held(south) == {}


def test_a_wrong_countersignature_in_a_package_is_refused():
    def with_false_line(data):
        card = EXCHANGE.cards["observer"]
        false = Cosignature(3, "observer", 99, bytes(64))
        line = cosignature_line(EXCHANGE.witness("observer"), card.witness, false)
        return data + line.line().encode()

    package, south = package_with_checkpoint(with_false_line)
    assert codes(south.take(package, MORNING).problems) == ["cosignature-wrong"]


def own_line(data):
    """North countersigns North's own checkpoint."""
    text = read_note(data, "note").text
    size, root = text.split("\n")[1:3]
    checkpoint = Checkpoint(EXCHANGE.origin(NORTH), int(size), base64.b64decode(root))
    signature = checkpoint.cosign(keys_of("north").witness, 99)
    own = Cosignature(int(size), "north", 99, signature)
    card = EXCHANGE.cards["north"]
    return data + cosignature_line(EXCHANGE.witness("north"), card.witness, own).line().encode()


def test_a_party_is_no_witness_of_itself():
    package, south = package_with_checkpoint(own_line)
    [*entries] = south.take(package, MORNING).entries
    assert set(south.cosigned(NORTH, 1)) == {"south"}
    files = copy_of(south)
    files[f"{NORTH}/checkpoint"] = own_line(files[f"{NORTH}/checkpoint"])
    verdict = verify(files)
    assert verdict.sound
    assert set(verdict.logs[0].cosigned) == {"south"}
    assert len(entries) == 3


def test_keys_sealed_under_a_passphrase_open_with_it_alone():
    keys = keys_of("north")
    sealed = keys.seal("seven quiet rivers")
    assert b"AGE-SECRET" not in sealed
    assert keys.entry.seed.hex().encode() not in sealed
    assert type(keys).unseal(sealed, "seven quiet rivers").card == keys.card
    for data, words in ((sealed, "seven loud rivers"), (sealed[:-1], "seven quiet rivers")):
        with pytest.raises(Refused) as refused:
            type(keys).unseal(data, words)
        assert codes(refused.value.problems) == ["passphrase-wrong"]
