"""No text, however broken, makes the readers raise; and every problem points to a line of it."""

from __future__ import annotations

import copy
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from homeward.problem import errors
from homeward.terms import check, read_annexes, read_done, read_terms, show
from tests.terms.texts import stage, stages, terms, written

WHOLE = Path(__file__).with_name("whole.yaml").read_text(encoding="utf-8")
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
SAID = yaml.load(WHOLE, Loader=LOADER)
STAGES = yaml.load(stages(stage(1), stage(2)), Loader=LOADER)
DONE = {
    "format": "homeward-done/1",
    "terms": "two-valleys",
    "events": [
        {"date": "2031-03-11", "what": "handover", "under": "all:north-south", "count": 5},
        {"date": "2031-03/2031-04", "what": "held", "from": "north", "between": [1, 4]},
    ],
}
JUNK = st.sampled_from(
    [
        None,
        "",
        "0",
        "x",
        "-1",
        "1.5",
        "2031-02-30",
        [],
        {},
        ["x"],
        {"x": "y"},
        [[]],
        {"a": {}},
        "a:b",
    ]
)


def places(node, path=()):
    yield path
    if isinstance(node, (dict, list)):
        children = node.items() if isinstance(node, dict) else enumerate(node)
        for key, child in children:
            yield from places(child, (*path, key))


def changed(said, path, junk):
    if not path:
        return junk
    said = copy.deepcopy(said)
    holder = said
    for key in path[:-1]:
        holder = holder[key]
    if junk is None:
        del holder[path[-1]]
    else:
        holder[path[-1]] = junk
    return said


def dumped(said):
    # Base scalars were read as text; written plain again, so that numbers are numbers.
    return written(said).replace("'", "")


@settings(max_examples=80)
@given(path=st.sampled_from(sorted(places(SAID), key=str)), junk=JUNK)
def test_one_broken_value_is_a_problem_or_an_agreement_never_an_exception(path, junk):
    text = dumped(changed(SAID, path, junk))
    read, problems = read_terms(text)
    assert (read is None) == bool(errors(problems))
    for problem in problems:
        assert 1 <= int(problem.place.rpartition(":")[2]) <= text.count("\n") + 1
    if read is not None:
        assert show(read, "ar")
        assert check(read).verdict == "not_begun"


@settings(max_examples=80)
@given(cut=st.integers(0, len(WHOLE)), put=st.binary(max_size=4))
def test_a_text_cut_anywhere_is_read_or_refused(cut, put):
    raw = WHOLE.encode("utf-8")
    read, problems = read_terms(raw[:cut] + put + raw[cut + len(put) :])
    assert (read is None) == bool(errors(problems))


@settings(max_examples=80)
@given(path=st.sampled_from(sorted(places(STAGES), key=str)), junk=JUNK)
def test_broken_annexes_never_raise(path, junk):
    annexes, problems = read_annexes(dumped(changed(STAGES, path, junk)), terms())
    assert annexes or problems


@settings(max_examples=80)
@given(path=st.sampled_from(sorted(places(DONE), key=str)), junk=JUNK)
def test_broken_events_never_raise(path, junk):
    read = terms()
    done, problems = read_done(dumped(changed(DONE, path, junk)), read)
    assert (done is None) == bool(errors(problems))
    if done is not None:
        assert check(read, done=done).verdict
