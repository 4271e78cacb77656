"""One wrong number, unit, side, date or category at a time, in terms or in events."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

import yaml

from homeward.problem import errors
from homeward.terms import check, read_done, read_terms

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NUMBER = re.compile(r"(0|[1-9]\d*)\Z")
DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?(/\d{4}(-\d{2}(-\d{2})?)?)?\Z")
UNITS = {"counting": ("each", "in_total"), "unit": ("hours", "days", "weeks", "months", "years")}
SIDES = ("from", "to", "between", "under")
KINDS = ("category", "part", "state", "group")
STATES = ("living", "remains")
GROUPS = ("inside", "beside")
# Words of the agreement itself, and numbers that are part of a name: nothing follows from them.
WORDS = frozenset(
    {"title", "name", "note", "notes", "sources", "what", "place", "why", "id", "with"}
)


@dataclass(frozen=True)
class Mutant:
    """One changed value: in which text, on which line, of which field, from what to what."""

    where: str
    kind: str
    field: str
    line: int
    before: str
    after: str
    text: str


def mutants_of(where, text, choice):
    """Every mutant of one text; ``choice`` is a seeded random.Random."""
    found = []
    root = yaml.compose(text, Loader=LOADER)
    names = _names(root)
    for path, node in _scalars(root):
        for kind, after in _changes(path, node, names, choice):
            if after == node.value:
                continue
            start, end = node.start_mark.index, node.end_mark.index
            quoted = f'"{after}"' if node.style else after
            changed = text[:start] + quoted + text[end:]
            line, before = node.start_mark.line + 1, node.value
            field = ".".join(str(step) for step in path if isinstance(step, str))
            found.append(Mutant(where, kind, field, line, before, after, changed))
    return found


def _scalars(node, path=()):
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value not in WORDS or (key.value == "what" and path[:1] == ("events",)):
                yield from _scalars(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _scalars(value, (*path, number))
    elif path and path[-1] != "what":
        yield path, node


def _names(root):
    """What sides, categories and parts the text itself speaks of."""
    names = {"side": set(), "category": set(), "part": set(), "under": set()}
    for path, node in _walk(root):
        keys = [step for step in path if isinstance(step, str)]
        if keys[-1:] == ["categories"] or keys[-1:] == ["parts"] or keys[-1:] == ["parties"]:
            group = {"categories": "category", "parts": "part", "parties": "side"}[keys[-1]]
            names[group] |= {key.value for key, _ in node.value}
        elif isinstance(node, yaml.ScalarNode) and keys:
            field = keys[-1]
            group = {"from": "side", "to": "side", "between": "side"}.get(field, field)
            if group in names:
                names[group].add(node.value)
    return {group: sorted(found) for group, found in names.items()}


def _walk(node, path=()):
    yield path, node
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _walk(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _walk(value, (*path, number))


def _changes(path, node, names, choice):
    keys = [step for step in path if isinstance(step, str)]
    field, value = keys[-1], node.value
    if field in UNITS and value in UNITS[field]:
        yield "unit", choice.choice([one for one in UNITS[field] if one != value])
    elif field in SIDES and not _is_term(path, field):
        yield "side", _other_side(field, value, names, choice)
    elif field in KINDS:
        pool = {"state": STATES, "group": GROUPS}.get(field) or names[field]
        others = [one for one in pool if one != value]
        if others:
            yield "category", choice.choice(others)
    elif not node.style and NUMBER.match(value) and not _is_year(keys):
        yield "number", _other_number(int(value), choice)
    elif DATE.match(value) and _is_date(keys):
        yield "date", _other_date(value, choice)


def _is_term(path, field):
    """``from`` in a predicate is a limit of dates; ``under`` of an agreement is its frame."""
    return any(step in ("when", "captured_on", "all") for step in path) or path == ("under",)


def _is_date(keys):
    return keys[-1] in (
        "date",
        "as_of",
        "until",
        "start",
        "known_until",
        "window",
        "from",
        "before",
    )


def _is_year(keys):
    return _is_date(keys) or "facts" in keys


def _other_side(field, value, names, choice):
    if field == "under" and ":" in value:
        clause = value.partition(":")[0]
        mirrored = [n for n in names["under"] if n.startswith(f"{clause}:") and n != value]
        return choice.choice(mirrored) if mirrored else clause
    others = [one for one in names["under" if field == "under" else "side"] if one != value]
    return choice.choice(others) if others else value


def _other_number(n, choice):
    swapped = int(str(n)[::-1]) if n > 9 else n
    slips = [n + 1, max(n - 1, 0), n * 10, swapped]
    return str(choice.choice([slip for slip in slips if slip != n]))


def _other_date(value, choice):
    first, slash, last = value.partition("/")
    if slash:
        return choice.choice([f"{first}/{_moved(last, choice)}", f"{_moved(first, choice)}/{last}"])
    return _moved(value, choice)


def _moved(value, choice):
    """A day, a month or a year away: what a slip of the pen does to a date."""
    numbers = [int(number) for number in value.split("-")]
    if len(numbers) == 1:
        return str(numbers[0] + choice.choice([-1, 1]))
    if len(numbers) == 2:
        month = numbers[0] * 12 + numbers[1] - 1 + choice.choice([-12, -1, 1, 12])
        return f"{month // 12:04d}-{month % 12 + 1:02d}"
    days = choice.choice([-1, 1, -30, 30, -365, 365])
    return (date(*numbers) + timedelta(days=days)).isoformat()


def judged(terms_text, done_text):
    """What a reader of the two texts would see: (verdict and problems, all that was reckoned)."""
    terms, problems = read_terms(terms_text)
    if terms is None:
        return ("refused", _shown(problems)), ()
    said, more = read_done(done_text, terms)
    if said is None:
        return ("refused", _shown(errors(more))), ()
    judgement = check(terms, done=said)
    shown = judgement.to_json()
    strict = (
        judgement.verdict,
        _shown((*problems, *more, *check(terms).problems, *judgement.problems)),
    )
    rest = tuple(str(shown[name]) for name in ("owed", "done", "left", "reckoned"))
    return strict, rest


def _shown(problems):
    return tuple(sorted((p.code, p.value, p.expected, p.place, p.hint) for p in problems))
