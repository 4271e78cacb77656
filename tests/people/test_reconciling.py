"""Two lists that nobody shows: both offices find the same persons, and nothing of the others."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl import bindings

from homeward.dates import PartialDate
from homeward.people import Line
from homeward.people.reconciling import (
    PER_LINE,
    commitment,
    common_of,
    compare_tokens,
    find_common,
    keyed_tokens,
    keys_of,
    make_offer,
    make_reply,
    read_offer,
)
from homeward.problem import Refused
from homeward.record import points

CONTEXT = hashlib.sha256(b"one plan of one exchange").hexdigest()
KEY = b"k" * 32
SURNAMES = ("Ткаченко", "Перебийніс", "Шевчук", "Бойко", "Гринь")
GIVEN = ("Микола", "Юрій", "Олена")
FATHERS = ("", "Андрійович", "Петрович")
DATES = (None, PartialDate(1987), PartialDate(1987, 3, 9), PartialDate(1990, 11, 20))


def dice(seed):
    """Random bytes that a test can have again."""
    counter = iter(range(10**9))
    return lambda size: hashlib.shake_128(f"{seed} {next(counter)}".encode()).digest(size)


people = st.builds(
    Line,
    id=st.just("x"),
    surname=st.sampled_from(SURNAMES),
    given_name=st.sampled_from(GIVEN),
    patronymic=st.sampled_from(FATHERS),
    birth_date=st.sampled_from(DATES),
)
short_lists = st.lists(people, max_size=6)


def person(surname="Ткаченко", given_name="Микола", father="Андрійович", born=(1987, 3, 9)):
    when = PartialDate(*born) if born else None
    return Line("x", surname, given_name, father, when)


def offers(ours, theirs):
    return (
        make_offer(ours, CONTEXT, points, dice("ours")),
        make_offer(theirs, CONTEXT, points, dice("theirs")),
    )


def told(offer, **options):
    return read_offer(
        offer.message, CONTEXT, points, committed=commitment(offer.message), **options
    )


def compared(ours, theirs):
    """What each office finds."""
    one, other = offers(ours, theirs)
    seen, shown = told(other), told(one)
    to_us = make_reply(other, shown, CONTEXT, points)
    to_them = make_reply(one, seen, CONTEXT, points)
    return (
        find_common(one, seen, to_us, CONTEXT, points),
        find_common(other, shown, to_them, CONTEXT, points),
    )


def codes(refusal):
    return [problem.code for problem in refusal.value.problems]


def truly_common(ours, theirs):
    known = {key for line in theirs for key in keys_of(line)}
    return [at for at, line in enumerate(ours) if known & set(keys_of(line))]


@settings(max_examples=25, deadline=None)
@given(ours=short_lists, theirs=short_lists)
def test_both_offices_find_exactly_the_lines_with_a_key_in_common(ours, theirs):
    mine, other = compared(ours, theirs)
    assert [one.line for one in mine] == truly_common(ours, theirs)
    assert [one.line for one in other] == truly_common(theirs, ours)


@settings(max_examples=25, deadline=None)
@given(ours=short_lists, theirs=short_lists)
def test_a_neutral_finds_the_same_lines_by_keyed_tokens(ours, theirs):
    one = keyed_tokens(ours, CONTEXT, KEY, dice("ours"))
    other = keyed_tokens(theirs, CONTEXT, KEY, dice("theirs"))
    found = compare_tokens(one.message, other.message, CONTEXT)
    assert [at.line for at in common_of(one, found)] == truly_common(ours, theirs)
    turned = [(theirs_, ours_) for ours_, theirs_ in found]
    assert [at.line for at in common_of(other, turned)] == truly_common(theirs, ours)


@settings(max_examples=25, deadline=None)
@given(lines=short_lists, others=short_lists)
def test_a_message_tells_how_many_lines_there_are_and_nothing_else(lines, others):
    others = (others + lines)[: len(lines)]
    for first, second in (
        [make_offer(some, CONTEXT, points, dice("x")).message for some in (lines, others)],
        [keyed_tokens(some, CONTEXT, KEY, dice("x")).message for some in (lines, others)],
    ):
        assert len(first) == len(second)
    tokens = told(make_offer(lines, CONTEXT, points, dice("x")))[1:]
    assert len(tokens) == PER_LINE * len(lines)
    assert list(tokens) == sorted(tokens)
    unshrouded = {
        points.point_of(f"{CONTEXT}\0{key}".encode()) for p in lines for key in keys_of(p)
    }
    assert not unshrouded & set(tokens)


def test_another_script_or_a_missing_father_still_meets():
    mine, _ = compared(
        [person(), person("Шевчук", "Юрій", "", (1979, 1, 31))],
        [person("Tkatschenko", "Nikolaj", "Andrejewitsch"), person("Бойко")],
    )
    assert [one.line for one in mine] == [0]
    assert len(mine[0].theirs) == 4  # all but two of its six keys


@pytest.mark.parametrize(("surname", "given"), [("الخطيب", "يوسف"), ("אלח'טיב", "יוסף")])
def test_a_name_in_letters_without_vowels_meets_its_romanisation(surname, given):
    ours = [person(surname, given, ""), person("حداد", "سليم", "")]
    mine, _ = compared(ours, [person("al-Khatib", "Yusuf", ""), person("Selim", "Omar", "")])
    assert [one.line for one in mine] == [0]


def test_a_name_alone_has_no_key():
    assert keys_of(person(father="", born=None)) == ()
    assert keys_of(person(father="", born=(1987,))) == ()
    assert len(keys_of(person())) == PER_LINE


def test_the_same_list_looks_different_in_every_comparison():
    first, second = (make_offer([person()], CONTEXT, points, dice(n)) for n in (1, 2))
    assert not set(told(first)) & set(told(second))
    bodies = []
    for context in (CONTEXT, "0" * 64):
        alike = make_offer([person()], context, points, dice(1))
        keyed = keyed_tokens([person()], context, KEY, dice(1))
        bodies.append([one.message.partition(b"\n")[2][-128:] for one in (alike, keyed)])
    tokens = [{body[n : n + 32] for body in made for n in range(0, 128, 32)} for made in bodies]
    assert not tokens[0] & tokens[1]


def test_two_lines_of_one_key_are_both_found():
    mine, other = compared([person(), person()], [person()])
    assert [one.line for one in mine] == [0, 1]
    assert [one.line for one in other] == [0]


def test_an_offer_other_than_the_committed_one_is_refused():
    one, other = offers([person()], [person("Бойко")])
    with pytest.raises(Refused) as refusal:
        read_offer(other.message, CONTEXT, points, committed=commitment(one.message))
    assert codes(refusal) == ["people.common-not-committed"]


def test_an_offer_of_too_many_lines_is_refused():
    one, _ = offers([person(), person("Бойко")], [])
    with pytest.raises(Refused) as refusal:
        told(one, most_lines=1)
    assert codes(refusal) == ["people.common-too-many-lines"]


def test_an_offer_for_another_comparison_is_refused():
    other = make_offer([person()], "another", points, dice(1))
    with pytest.raises(Refused) as refusal:
        told(other)
    assert codes(refusal) == ["people.common-malformed"]


LOW = {
    "identity": b"\x01" + bytes(31),
    "order four": bytes(32),
    "order two": b"\xec" + b"\xff" * 30 + b"\x7f",
    "not canonical": b"\xee" + b"\xff" * 30 + b"\x7f",
    "off the curve": b"\x02" + bytes(31),
}
GENERATOR = points.public_of((1).to_bytes(32, "little"))
LOW["of another order"] = bindings.crypto_core_ed25519_add(GENERATOR, LOW["order two"])


@pytest.mark.parametrize("point", LOW.values(), ids=LOW)
@pytest.mark.parametrize("at", [0, 1])
def test_improper_points_are_refused_wherever_they_stand(point, at):
    one, other = offers([person()], [person()])
    head, _, body = one.message.partition(b"\n")
    tokens = [body[n : n + 32] for n in range(0, len(body), 32)]
    tokens[at] = point
    tokens[1:] = sorted(tokens[1:])
    with pytest.raises(Refused) as refusal:
        told(replace(one, message=head + b"\n" + b"".join(tokens)))
    assert codes(refusal) == ["people.common-improper-token"]
    reply = make_reply(other, told(one), CONTEXT, points)
    spoilt = reply[:-32] + point
    with pytest.raises(Refused) as refusal:
        find_common(one, told(other), spoilt, CONTEXT, points)
    assert codes(refusal) == ["people.common-improper-token"]


@pytest.mark.parametrize("turn", ["doubled", "turned"])
def test_doubled_or_unsorted_tokens_are_refused(turn):
    one, _ = offers([person()], [])
    head, _, body = one.message.partition(b"\n")
    tokens = [body[n : n + 32] for n in range(0, len(body), 32)]
    tokens[1:] = tokens[:0:-1] if turn == "turned" else [tokens[1]] * PER_LINE
    message = head + b"\n" + b"".join(tokens)
    with pytest.raises(Refused) as refusal:
        told(replace(one, message=message))
    assert codes(refusal) == ["people.common-tokens-unsorted"]
    neutral = keyed_tokens([person()], CONTEXT, KEY, dice(1)).message
    head, _, body = neutral.partition(b"\n")
    with pytest.raises(Refused) as refusal:
        compare_tokens(neutral, head + b"\n" + body[32:64] * PER_LINE, CONTEXT)
    assert codes(refusal) == ["people.common-tokens-unsorted"]


def test_a_reply_made_with_another_secret_is_refused():
    one, other = offers([person()], [person()])
    stranger = make_offer([], CONTEXT, points, dice("stranger"))
    reply = make_reply(stranger, told(one), CONTEXT, points)
    with pytest.raises(Refused) as refusal:
        find_common(one, told(other), reply, CONTEXT, points)
    assert codes(refusal) == ["people.common-not-proved"]


def test_a_reply_with_two_tokens_exchanged_is_refused():
    one, other = offers([person()], [person()])
    reply = make_reply(other, told(one), CONTEXT, points)
    spoilt = reply[:-64] + reply[-32:] + reply[-64:-32]
    with pytest.raises(Refused) as refusal:
        find_common(one, told(other), spoilt, CONTEXT, points)
    assert codes(refusal) == ["people.common-not-proved"]


def test_a_reply_to_a_shorter_offer_is_refused():
    one, other = offers([person(), person("Бойко")], [person()])
    short = make_offer([person()], CONTEXT, points, dice(3))
    reply = make_reply(other, told(short), CONTEXT, points)
    with pytest.raises(Refused) as refusal:
        find_common(one, told(other), reply, CONTEXT, points)
    assert codes(refusal) == ["people.common-other-length"]


@settings(max_examples=60, deadline=None)
@given(message=st.binary(max_size=200), cut=st.integers(0, 200))
def test_no_message_does_more_than_be_refused(message, cut):
    one, other = offers([person()], [person()])
    for bad in (message, one.message[:cut]):
        with pytest.raises(Refused):
            read_offer(bad, CONTEXT, points, committed=commitment(bad))
        with pytest.raises(Refused):
            find_common(one, told(other), bad, CONTEXT, points)
        with pytest.raises(Refused):
            compare_tokens(bad, bad, CONTEXT)


def test_a_short_key_and_an_answer_that_is_none_are_refused():
    with pytest.raises(Refused) as refusal:
        keyed_tokens([person()], CONTEXT, b"short", dice(1))
    assert codes(refusal) == ["people.common-other-length"]
    offer = keyed_tokens([person()], CONTEXT, KEY, dice(1))
    with pytest.raises(Refused) as refusal:
        common_of(offer, [(PER_LINE, 0)])
    assert codes(refusal) == ["people.common-no-such-token"]


def test_secrets_are_not_shown():
    one, _ = offers([person()], [])
    assert repr(one.secret) not in repr(one)
