"""Cards, exchanges and certificates that are wrong, each with the reason for it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace as with_changes
from functools import cache

from homeward.record.signing import SigningKey
from tests.record.parties import keys_of
from tests.verifier.bad_files import SECOND, gone
from tests.verifier.good import basis, restored
from tests.verifier.surgery import NORTH, SOUTH, Files, exchange_id, officers, put_back, signed


@cache
def _cards() -> dict[str, str]:
    return {name: keys_of(name).card.text for name in ("north", "south")}


def _text(*cards: str, head: str = "") -> bytes:
    terms = hashlib.sha256(b"terms").hexdigest()
    start = head or f"homeward-exchange/v1\nterms {terms}\npolicy dispute-days 30\n"
    return (start + "".join("\n" + card for card in cards)).encode("latin-1")


def _card(old: str, new: str) -> bytes:
    """South's card changed as it stands, its proofs with it."""
    north, south = _cards()["north"], _cards()["south"]
    assert old in south, (old, south)
    return _text(north, south.replace(old, new, 1))


def _of(name: str) -> str:
    """A line of South's card without its newline."""
    return next(x for x in _cards()["south"].split("\n") if x.startswith(name + " "))


def _after(name: str, new: str) -> bytes:
    return _card(_of(name), _of(name) + "\n" + new)


def _both(**changes: object) -> bytes:
    """South with keys of North's, which it can prove to hold."""
    south = with_changes(keys_of("south"), **changes)
    return _text(_cards()["north"], south.card.text)


MIXED = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"
MANY = "\n".join(f"officer z{n:02d} {n:064x}" for n in range(40))
TERMS_LINE = "terms " + "0" * 64

EXCHANGES: list[tuple[str, str, Callable[[], bytes]]] = [
    ("an empty exchange", "exchange-malformed", lambda: b""),
    ("an exchange that is not ASCII", "exchange-malformed", lambda: _text("\xe9\n")),
    ("an exchange without its last newline", "exchange-malformed", lambda: _text(
        *_cards().values())[:-1]),
    ("an exchange over 1 MiB", "exchange-malformed", lambda: _text("x" * 1048576 + "\n")),
    ("another version of exchange", "exchange-malformed", lambda: _text(
        head="homeward-exchange/v2\n")),
    ("no terms", "exchange-malformed", lambda: _text(head="homeward-exchange/v1\npolicy a b\n")),
    ("terms in capitals", "exchange-malformed", lambda: _text(
        head=f"homeward-exchange/v1\nterms {'A' * 64}\n")),
    ("policies out of order", "policy-malformed", lambda: _text(
        head=f"homeward-exchange/v1\n{TERMS_LINE}\npolicy b 1\npolicy a 1\n")),
    ("a policy twice", "policy-malformed", lambda: _text(
        head=f"homeward-exchange/v1\n{TERMS_LINE}\npolicy a 1\npolicy a 1\n")),
    ("a policy without a value", "policy-malformed", lambda: _text(
        head=f"homeward-exchange/v1\n{TERMS_LINE}\npolicy a\n")),
    ("a policy that ends in a space", "policy-malformed", lambda: _text(
        head=f"homeward-exchange/v1\n{TERMS_LINE}\npolicy a b \n")),
    ("a line that is no policy", "policy-malformed", lambda: _text(
        head=f"homeward-exchange/v1\n{TERMS_LINE}\nrule a b\n")),
    ("no cards", "parties-malformed", _text),
    ("one side", "parties-malformed", lambda: _text(_cards()["north"])),
    ("cards out of order", "parties-malformed", lambda: _text(*reversed(_cards().values()))),
    ("a card twice", "parties-malformed", lambda: _text(
        _cards()["north"], _cards()["north"], _cards()["south"])),
    ("a side and a neutral", "parties-malformed", lambda: _text(
        _cards()["north"], keys_of("observer", "neutral").card.text)),
    ("a key of two parties", "key-used-twice", lambda: _both(entry=keys_of("north").entry)),
    ("a key for two purposes of two parties", "key-used-twice", lambda: _both(
        witness=keys_of("north").identity)),
    ("one age recipient of two parties", "key-used-twice", lambda: _both(
        age=keys_of("north").age)),
    ("one nonce of two parties", "nonce-used-twice", lambda: _both(
        nonce=keys_of("north").nonce)),
    ("a card over 16 KiB", "card-malformed", lambda: _text(
        _cards()["north"], _cards()["south"] + "x" * 16384 + "\n")),
    ("a card of another version", "card-malformed", lambda: _card("card/v1", "card/v2")),
    ("a name in capitals", "card-malformed", lambda: _card("name south", "name South")),
    ("another role", "card-malformed", lambda: _card("role side", "role guest")),
    ("a short nonce", "card-malformed", lambda: _card(_of("nonce"), _of("nonce")[:-1])),
    ("a key in capitals", "card-malformed", lambda: _card(_of("entry"), "entry " + "A" * 64)),
    ("no witness key", "card-malformed", lambda: _card(_of("witness") + "\n", "")),
    ("no age recipient", "card-malformed", lambda: _card(_of("age") + "\n", "")),
    ("an age recipient of another checksum", "card-malformed", lambda: _card(
        _of("age"), _of("age")[:-1] + ("q" if _of("age")[-1] != "q" else "p"))),
    ("an age recipient in capitals", "card-malformed", lambda: _card(
        _of("age"), "age " + _of("age")[4:].upper())),
    ("officers out of order", "card-malformed", lambda: _after(
        "officer cedar", "officer bear " + "1" * 64)),
    ("an officer twice", "card-malformed", lambda: _after("officer cedar", _of("officer cedar"))),
    ("an officer's odd name", "card-malformed", lambda: _after(
        "officer cedar", "officer Dear " + "1" * 64)),
    ("an officer without a key", "card-malformed", lambda: _after(
        "officer cedar", "officer dear")),
    ("43 officers", "officers-malformed", lambda: _after("officer cedar", MANY)),
    ("a key of small order", "key-not-proper", lambda: _card(
        _of("witness"), "witness 01" + "0" * 62)),
    ("a key with a part of small order", "key-not-proper", lambda: _card(
        _of("witness"), "witness " + MIXED)),
    ("a key that is no point", "key-not-proper", lambda: _card(
        _of("entry"), "entry 02" + "0" * 62)),
    ("a key that is not canonical", "key-not-proper", lambda: _card(
        _of("entry"), "entry ee" + "f" * 60 + "7f")),
    ("a key for two purposes", "key-used-twice", lambda: _card(
        _of("entry"), "entry " + _of("witness")[8:])),
    ("a short ML-DSA-44 key", "card-malformed", lambda: _after(
        "witness", "witness-mldsa44 " + "1" * 64)),
    ("a proof by another key", "card-proof-wrong", lambda: _card(
        _of("proof entry"), "proof entry " + _of("proof witness")[14:])),
    ("a name that was not signed", "card-proof-wrong", lambda: _card("name south", "name sound")),
    ("no proofs", "card-malformed", lambda: _text(_cards()["north"], _cards()["south"].partition(
        "proof")[0])),
    ("an officer's proof left out", "card-malformed", lambda: _card(
        _of("proof officer cedar") + "\n", "")),
    ("a line behind the proofs", "card-malformed", lambda: _text(
        _cards()["north"], _cards()["south"] + "more\n")),
    ("an empty line behind the last card", "card-malformed", lambda: _text(
        *_cards().values()) + b"\n"),
]  # fmt: skip


def certificate(
    exchange: str,
    log: str = SECOND,
    after: tuple[str, ...] = (),
    by: tuple[str, ...] = ("alder", "birch"),
    signer: str = "north",
    without: tuple[str, ...] = (),
) -> str:
    """A certificate with right signatures over whatever it says."""
    entry, checkpoint = SigningKey(b"e" * 32), SigningKey(b"c" * 32)
    lines = ["homeward-writer/v1", f"exchange {exchange}", f"log {log}"]
    lines += [f"entry {entry.public.hex()}", f"checkpoint {checkpoint.public.hex()}"]
    lines += [f"after {row}" for row in after] + [f"without {each}" for each in without]
    text = "\n".join(lines) + "\n"
    message = b"homeward-writer/v1 signature\n" + text.encode()
    keys = keys_of(signer)
    text += f"proof entry {entry.sign(message).hex()}\n"
    text += f"proof checkpoint {checkpoint.sign(message).hex()}\n"
    for each in by:
        text += f"officer {each} {keys.officers[each].sign(message).hex()}\n"
    return text + f"identity {keys.identity.sign(message).hex()}\n"


def _opened(text: str, kind: bytes = b"key-change", digest: str = "") -> Files:
    """The basis with a log that this certificate opens."""
    files = basis()
    named = digest or hashlib.sha256(text.encode()).hexdigest()
    header = b"\n".join(
        [
            b"homeward-entry/v1",
            b"exchange " + exchange_id(files).encode(),
            b"author north\nwriter office\nepoch 2\nseq 0\nprev " + b"0" * 64,
            b"kind " + kind,
            b"digest " + named.encode() + b"\n",
        ]
    )
    signed_header = officers(header) if kind == b"key-change" else header
    leaf = signed(signed_header, SigningKey(b"e" * 32))
    made = put_back(files, [leaf], SECOND, key=SigningKey(b"c" * 32))
    return {**made, f"{SECOND}/certificate": text.encode()}


def _cert(**changes: object) -> str:
    return certificate(exchange_id(basis()), **changes)  # type: ignore[arg-type]


def _edited(old: str, new: str) -> str:
    text = _cert()
    assert old in text, (old, text)
    return text.replace(old, new, 1)


def _row(name: str) -> str:
    return next(x for x in _cert().split("\n") if x.startswith(name + " "))


ROW = f"{NORTH} 1 {'1' * 64}"

CERTIFICATES: list[tuple[str, str, Callable[[], Files]]] = [
    ("another version of certificate", "certificate-malformed", lambda: _opened(
        _edited("writer/v1", "writer/v2"))),
    ("a certificate of another exchange", "certificate-malformed", lambda: _opened(
        certificate("1" * 64))),
    ("an empty certificate", "certificate-malformed", lambda: _opened("")),
    ("a certificate without its newline", "certificate-malformed", lambda: _opened(_cert()[:-1])),
    ("a certificate over 8 KiB", "certificate-malformed", lambda: _opened(
        _cert() + "x" * 8192 + "\n")),
    ("a certificate's log out of form", "certificate-malformed", lambda: _opened(
        _edited(SECOND, "north.office"))),
    ("a certificate of a stranger", "party-unknown", lambda: _opened(_cert(log="west.office.2"))),
    ("a certificate of the first log", "certificate-malformed", lambda: _opened(_cert(log=NORTH))),
    ("a certificate of another log", "certificate-other", lambda: _opened(
        _cert(log="north.bus.1"))),
    ("an after line out of form", "certificate-malformed", lambda: _opened(
        _cert(after=(f"{NORTH} 0 {'1' * 64}",)))),
    ("an after line of another party", "certificate-malformed", lambda: _opened(
        _cert(after=(f"{SOUTH} 1 {'1' * 64}",)))),
    ("an after line of its own log", "certificate-malformed", lambda: _opened(
        _cert(after=(f"{SECOND} 1 {'1' * 64}",)))),
    ("after lines out of order", "certificate-malformed", lambda: _opened(
        _cert(after=(ROW, f"north.bus.1 1 {'1' * 64}")))),
    ("33 after lines", "certificate-malformed", lambda: _opened(
        _cert(after=tuple(f"north.a{n:02d}.1 1 {'1' * 64}" for n in range(33))))),
    ("an after line of another root", "seen-differs", lambda: _opened(_cert(after=(ROW,)))),
    ("an after line of a longer log", "tail-cut", lambda: _opened(
        _cert(after=(ROW.replace(" 1 ", " 99 "),)))),
    ("a certificate that its entry key did not sign", "certificate-proof-wrong", lambda: _opened(
        _edited(_row("proof entry"), "proof entry " + "1" * 128))),
    ("a certificate that its checkpoint key did not sign", "certificate-proof-wrong",
        lambda: _opened(_edited(_row("proof checkpoint"), "proof checkpoint " + "1" * 128))),
    ("a certificate with a key of small order", "certificate-proof-wrong", lambda: _opened(
        _edited(_row("entry"), "entry 01" + "0" * 62))),
    ("a certificate without proofs", "certificate-malformed", lambda: _opened(
        _edited(_row("proof entry") + "\n", ""))),
    ("a certificate of one officer", "officers-number", lambda: _opened(
        _cert(by=("alder",)))),
    ("a certificate of three officers", "officers-number", lambda: _opened(
        _cert(by=("alder", "birch", "cedar")))),
    ("a certificate of one officer twice", "officers-number", lambda: _opened(
        _cert(by=("alder", "alder")))),
    ("a certificate's officers out of order", "officers-number", lambda: _opened(
        _cert(by=("birch", "alder")))),
    ("a certificate by the other side", "certificate-signature-wrong", lambda: _opened(
        _cert(signer="south"))),
    ("a certificate's officer nobody knows", "certificate-signature-wrong", lambda: _opened(
        _edited("officer birch", "officer zelda"))),
    ("a certificate without identity", "certificate-malformed", lambda: _opened(
        _edited(_row("identity"), "identity 11"))),
    ("a certificate that ends with its proofs", "certificate-malformed", lambda: _opened(
        _cert().partition("officer")[0])),
    ("a certificate with a line behind", "certificate-malformed", lambda: _opened(
        _cert() + "more\n")),
    ("a without line out of form", "certificate-malformed", lambda: _opened(
        _cert(without=("Cedar",)))),
    ("a without line of nobody's", "certificate-malformed", lambda: _opened(
        _cert(without=("zelda",)))),
    ("a without line twice", "certificate-malformed", lambda: _opened(
        _cert(without=("cedar", "cedar")))),
    ("without lines out of order", "certificate-malformed", lambda: _opened(
        _cert(by=("alder", "birch"), without=("cedar", "birch")))),
    ("a certificate by an officer it is without", "officer-revoked", lambda: _opened(
        _cert(without=("birch",)))),
    ("an entry by an officer the log is without", "officer-revoked", lambda: _opened(
        _cert(by=("birch", "cedar"), without=("alder",)))),
    ("a first entry of another kind", "certificate-not-named", lambda: _opened(
        _cert(), b"terms-accepted")),
    ("a first entry that names another certificate", "certificate-not-named", lambda: _opened(
        _cert(), digest="1" * 64)),
    ("the certificate of a log left out", "log-unknown", lambda: gone(
        f"{SECOND}/certificate")(restored())),
]  # fmt: skip
