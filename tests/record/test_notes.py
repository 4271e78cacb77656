"""Notes and checkpoints in the exact forms that other C2SP tools read and write."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeward.problem import Refused
from homeward.record.notes import (
    COSIGNATURE,
    PLAIN,
    Checkpoint,
    Cosignature,
    cosignature_line,
    key_id,
    note_of,
    read_checkpoint,
    read_cosignature,
    read_note,
    sign_note,
    verifier_key,
)
from homeward.record.signing import SigningKey, is_signed
from homeward.record.tiles import check_tiles, read_bundles, tile_path, write_tiles
from homeward.record.tree import Tree, leaf_hash
from tests.record.parties import codes

VECTORS = Path(__file__).parent / "vectors"
KEY = SigningKey(b"\x07" * 32)
WITNESS = SigningKey(b"\x08" * 32)
NAME = "record.example/log"
CHECKPOINT = Checkpoint(NAME, 12, b"\x05" * 32)
NOTE = note_of(CHECKPOINT.text, [sign_note(CHECKPOINT.text, NAME, KEY)])


def vkey(text):
    name, identity, material = text.split("+", 2)
    raw = base64.b64decode(material)
    return name, bytes.fromhex(identity), raw[0], raw[1:]


def checkpoint_in(data):
    return read_checkpoint(read_note(data, "note").text, "note")


def reasons(data):
    with pytest.raises(Refused) as refused:
        checkpoint_in(data)
    return codes(refused.value.problems)


def test_notes_made_by_go_open_and_their_key_is_spelt_alike():
    known = json.loads((VECTORS / "go-xmod" / "go-xmod-tlog-vectors.json").read_text())
    name, identity, kind, public = vkey(known["vkey"])
    assert key_id(name, kind, public) == identity
    assert verifier_key(name, kind, public) == known["vkey"]
    for text in known["notes"]:
        note = read_note(text.encode(), "note")
        signature = note.by_key(name, PLAIN, public)
        assert is_signed(note.text.encode(), signature, public)
        assert note.to_bytes() == text.encode()
        size = read_checkpoint(note.text, "note").size
        assert (
            base64.b64encode(read_checkpoint(note.text, "note").root).decode()
            == (known["roots"][size - 1])
        )


def test_a_real_tiled_log_reads_and_its_tiles_are_the_ones_we_write():
    folder = VECTORS / "tessera-log" / "testdata" / "log"
    files = {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }
    files = {f"log/{name}": data for name, data in files.items()}
    name, _, _, public = vkey(
        "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
    )
    for size in range(1, 16):
        note = read_note(files[f"log/checkpoint.{size}"], "note")
        checkpoint = read_checkpoint(note.text, "note")
        assert checkpoint.is_signed(note.by_key(name, PLAIN, public), public)
        leaves = list(read_bundles(files, checkpoint.size, "log"))
        tree = Tree(leaf_hash(leaf) for leaf in leaves)
        assert tree.root() == checkpoint.root
        check_tiles(files, tree, checkpoint.size, "log")
        for tile, data in write_tiles(tree, leaves, "entries"):
            assert files[f"log/{tile}"] == data


def test_tile_paths_are_spelt_as_the_text_has_them():
    assert tile_path(0, 1234067) == "tile/0/x001/x234/067"
    assert tile_path("entries", 273, 112) == "tile/entries/273.p/112"
    assert tile_path(1, 1000) == "tile/1/x001/000"


def test_a_tree_of_70000_has_the_tiles_the_text_counts():
    leaves = [number.to_bytes(3, "big") for number in range(70_000)]
    names = [name for name, _ in write_tiles(Tree(map(leaf_hash, leaves)), leaves, "entries")]
    full = [name for name in names if name.startswith("tile/0/") and ".p/" not in name]
    assert len(full) == 273
    assert {"tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"} <= set(names)


def test_a_countersignature_covers_the_time_and_the_checkpoint():
    line = cosignature_line(
        "w.example", WITNESS.public, Cosignature(12, "w", 99, CHECKPOINT.cosign(WITNESS, 99))
    )
    note = read_note(note_of(CHECKPOINT.text, [line]), "note")
    at, signature = read_cosignature(note.by_key("w.example", COSIGNATURE, WITNESS.public), "note")
    assert CHECKPOINT.is_cosigned(at, signature, WITNESS.public)
    message = b"cosignature/v1\ntime 99\n" + CHECKPOINT.text.encode()
    assert is_signed(message, signature, WITNESS.public)
    assert not CHECKPOINT.is_cosigned(98, signature, WITNESS.public)
    assert not Checkpoint(NAME, 13, CHECKPOINT.root).is_cosigned(99, signature, WITNESS.public)


@pytest.mark.parametrize("value", [bytes(71), bytes(73), b"\x80" + bytes(71), b""])
def test_a_countersignature_of_another_length_or_beyond_all_time_is_refused(value):
    with pytest.raises(Refused) as refused:
        read_cosignature(value, "note")
    assert codes(refused.value.problems) == ["cosignature-malformed"]


def test_a_key_that_is_not_known_is_not_mistaken_for_one_that_is():
    note = read_note(NOTE, "note")
    assert note.by_key(NAME, PLAIN, KEY.public) is not None
    assert note.by_key(NAME, COSIGNATURE, KEY.public) is None
    assert note.by_key("another", PLAIN, KEY.public) is None
    assert note.by_key(NAME, PLAIN, WITNESS.public) is None


TEXT, LINE = NOTE.decode().split("\n\n")
ENCODED = LINE.split(" ")[2].strip()
HOSTILE = {
    "note-too-long": b"a" * 70_000,
    "note-not-utf8": b"\xff" + NOTE,
    "note-control-character": NOTE.replace(b"\n12\n", b"\n12\r\n"),
    "note-malformed": NOTE[:-1],
    "note-signature-twice": NOTE + LINE.encode(),
    "note-too-many-signatures": NOTE + LINE.encode() * 100,
    "base64-malformed": NOTE.replace(ENCODED.encode(), ENCODED[:-2].encode() + b"!="),
    "checkpoint-malformed": NOTE.replace(b"\n12\n", b"\n012\n"),
}


@pytest.mark.parametrize("reason", HOSTILE)
def test_a_hostile_note_is_refused_by_its_reason(reason):
    assert reasons(HOSTILE[reason]) == [reason]


@pytest.mark.parametrize(
    "text",
    [
        TEXT + "\n",  # no signatures at all
        f"{TEXT}\nextension\n\n{LINE}",
        f"{TEXT}\n\n- {NAME} {ENCODED}\n",
        f"{TEXT}\n\n— {NAME} {ENCODED} {ENCODED}\n",
        f"{TEXT}\n\n— a+b {ENCODED}\n",
        f"{TEXT}\n\n— {NAME} AAAA\n",
        f"\n{TEXT}\n\n{LINE}",
        TEXT.replace("\n12\n", "\n١٢\n") + "\n\n" + LINE,
        TEXT.replace("\n12\n", "\n-1\n") + "\n\n" + LINE,
        TEXT.replace("\n12\n", "\n9999999999999999\n") + "\n\n" + LINE,
    ],
)
def test_other_spellings_of_a_note_are_refused(text):
    assert reasons(text.encode())


def test_base64_has_one_spelling():
    # The last character of 32 bytes in base64 has two bits to spare.
    stray = TEXT[:-2] + chr(ord(TEXT[-2]) + 1) + "="
    assert base64.b64decode(stray.split("\n")[2]) == CHECKPOINT.root
    assert reasons((stray + "\n\n" + LINE).encode()) == ["base64-malformed"]


@given(st.integers(0, len(NOTE) - 1), st.integers(1, 255))
def test_a_damaged_note_is_never_another_checkpoint_of_that_key(at, change):
    damaged = bytearray(NOTE)
    damaged[at] ^= change
    try:
        note = read_note(bytes(damaged), "note")
        checkpoint = read_checkpoint(note.text, "note")
    except Refused:
        return
    signature = note.by_key(NAME, PLAIN, KEY.public)
    assert signature is None or not checkpoint.is_signed(signature, KEY.public)
