"""What a value may look like: one description reads it strictly and writes its JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import yaml

from homeward.dates import PartialDate, parse_instant
from homeward.terms.document import Document, Path, looks_like_something_else, pairs

ID_PATTERN = r"[a-z0-9][a-z0-9_.-]{0,63}"
_WHOLE = re.compile(r"(0|[1-9][0-9]{0,14})\Z")
_KINDS = {
    yaml.ScalarNode: "one value",
    yaml.SequenceNode: "a list",
    yaml.MappingNode: "a table",
}


class Wrong:
    """The only value that stands for something that could not be read."""


WRONG = Wrong()


class Shape(Protocol):
    """Reads a node into a plain value, or notes why not and returns WRONG."""

    def read(self, node: yaml.Node, path: Path, document: Document) -> Any: ...

    def schema(self) -> dict[str, Any]: ...


def _scalar(node: yaml.Node, path: Path, document: Document, expected: str) -> str | None:
    document.lines.setdefault(path, node.start_mark.line + 1)
    if not isinstance(node, yaml.ScalarNode):
        document.say("wrong-type", path, _KINDS[type(node)], expected)
        return None
    if not node.value.strip():
        document.say("no-value", path, "", expected)
        return None
    return str(node.value)


@dataclass(frozen=True, slots=True)
class Text:
    """Words, an identifier (``pattern``), or one word of a closed list (``choices``)."""

    choices: tuple[str, ...] = ()
    pattern: str = ""

    def read(self, node: yaml.Node, path: Path, document: Document) -> Any:
        wanted = ("one of " + ", ".join(self.choices)) if self.choices else "text"
        value = _scalar(node, path, document, wanted)
        if value is None:
            return WRONG
        assert isinstance(node, yaml.ScalarNode)
        if self.choices:
            if value not in self.choices:
                document.say("unknown-word", path, value, wanted)
                return WRONG
        elif self.pattern:
            if not re.fullmatch(self.pattern, value):
                document.say("bad-id", path, value, "small letters, digits, - _ . (64 at most)")
                return WRONG
        elif looks_like_something_else(node):
            document.say("wrong-type", path, value, "text", "put it in quotation marks")
            return WRONG
        return value

    def schema(self) -> dict[str, Any]:
        if self.choices:
            return {"enum": list(self.choices)}
        if self.pattern:
            return {"type": "string", "pattern": f"^{self.pattern}$"}
        return {"type": "string", "minLength": 1}


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number, written in plain digits."""

    least: int = 0
    most: int | None = None

    def read(self, node: yaml.Node, path: Path, document: Document) -> Any:
        wanted = f"a whole number from {self.least}" + (f" to {self.most}" if self.most else "")
        value = _scalar(node, path, document, wanted)
        if value is None:
            return WRONG
        assert isinstance(node, yaml.ScalarNode)
        if node.style or not _WHOLE.match(value):
            document.say("wrong-type", path, value, wanted, "plain digits, without separators")
            return WRONG
        number = int(value)
        if number < self.least or (self.most is not None and number > self.most):
            document.say("out-of-range", path, value, wanted)
            return WRONG
        return number

    def schema(self) -> dict[str, Any]:
        most = {} if self.most is None else {"maximum": self.most}
        return {"type": "integer", "minimum": self.least, **most}


@dataclass(frozen=True, slots=True)
class Truth:
    """``true`` or ``false``."""

    only: bool | None = None

    def read(self, node: yaml.Node, path: Path, document: Document) -> Any:
        allowed = ("true", "false") if self.only is None else (str(self.only).lower(),)
        value = _scalar(node, path, document, " or ".join(allowed))
        if value is None:
            return WRONG
        assert isinstance(node, yaml.ScalarNode)
        if node.style or value not in allowed:
            document.say("wrong-type", path, value, " or ".join(allowed))
            return WRONG
        return value == "true"

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"} if self.only is None else {"const": self.only}


@dataclass(frozen=True, slots=True)
class Written:
    """A text that a parser reads: a date, an instant, a span of dates."""

    what: str
    parse: Callable[[str], Any]
    pattern: str = ""

    def read(self, node: yaml.Node, path: Path, document: Document) -> Any:
        value = _scalar(node, path, document, self.what)
        if value is None:
            return WRONG
        try:
            return self.parse(value)
        except ValueError:
            document.say("no-such-date", path, value, self.what)
            return WRONG

    def schema(self) -> dict[str, Any]:
        pattern = {"pattern": self.pattern} if self.pattern else {}
        return {"type": "string", **pattern, "description": self.what}


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of one shape, ``least`` to ``most`` entries long.

    ``single``: a value alone is a list of one. ``gaps``: an entry that could not be read stays
    as WRONG, so that the others keep their number.
    """

    of: Shape
    least: int = 1
    most: int | None = None
    single: bool = False
    gaps: bool = False

    def read(self, node: yaml.Node, path: Path, document: Document) -> Any:
        document.lines.setdefault(path, node.start_mark.line + 1)
        if self.single and not isinstance(node, yaml.SequenceNode):
            value = self.of.read(node, path, document)
            return value if value is WRONG else (value,)
        if not isinstance(node, yaml.SequenceNode):
            document.say("wrong-type", path, _KINDS[type(node)], "a list")
            return WRONG
        count = len(node.value)
        if count < self.least or (self.most is not None and count > self.most):
            wanted = f"{self.least}" if self.least == self.most else f"at least {self.least}"
            document.say("wrong-length", path, count, f"{wanted} entries")
            return WRONG
        read = [self.of.read(item, (*path, n), document) for n, item in enumerate(node.value)]
        if self.least == self.most and WRONG in read:
            return WRONG
        return tuple(value for value in read if self.gaps or value is not WRONG)

    def schema(self) -> dict[str, Any]:
        many: dict[str, Any] = {
            "type": "array",
            "items": self.of.schema(),
            "minItems": self.least,
        }
        if self.most is not None:
            many["maxItems"] = self.most
        return {"anyOf": [self.of.schema(), many]} if self.single else many


@dataclass(frozen=True, slots=True)
class Table:
    """Any keys of one pattern, each with a value of one shape."""

    of: Shape
    key: str = ID_PATTERN
    least: int = 1

    def read(self, node: yaml.Node, path: Path, document: Document) -> Any:
        document.lines.setdefault(path, node.start_mark.line + 1)
        if not isinstance(node, yaml.MappingNode):
            document.say("wrong-type", path, _KINDS[type(node)], "a table")
            return WRONG
        if len(node.value) < self.least:
            document.say("wrong-length", path, len(node.value), f"at least {self.least} entries")
            return WRONG
        read = {
            name: self.of.read(value, (*path, name), document)
            for name, value in pairs(node, path, document, self.key)
        }
        return {name: value for name, value in read.items() if value is not WRONG}

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "propertyNames": {"pattern": f"^{self.key}$"},
            "additionalProperties": self.of.schema(),
            "minProperties": self.least,
        }


@dataclass(frozen=True, slots=True)
class Fields:
    """Named fields, some required; exactly one of ``one_of`` when given; the rest unknown.

    ``partial``: what could be read is returned even where something required could not.
    """

    required: Mapping[str, Shape] = field(default_factory=dict)
    optional: Mapping[str, Shape] = field(default_factory=dict)
    one_of: tuple[str, ...] = ()
    rest: Shape | None = None
    rest_key: str = ID_PATTERN
    partial: bool = False

    def read(self, node: yaml.Node, path: Path, document: Document) -> Any:
        document.lines.setdefault(path, node.start_mark.line + 1)
        if not isinstance(node, yaml.MappingNode):
            document.say("wrong-type", path, _KINDS[type(node)], "a table")
            return WRONG
        read: dict[str, Any] = {}
        seen: set[str] = set()
        document.around.append((path, self.known))
        for name, value in pairs(node, path, document, r"[^\n]{1,120}"):
            seen.add(name)
            shape = self.known.get(name) or self._other(name)
            if shape is None:
                wanted = "one of " + ", ".join(sorted(self.known))
                document.say("unknown-field", (*path, name), name, wanted, _home(name, document))
                continue
            read[name] = shape.read(value, (*path, name), document)
        document.around.pop()
        wrong = any(read.get(name) is WRONG for name in (*self.required, *self.one_of))
        missing = [name for name in self.required if name not in seen]
        for name in missing:
            document.say("missing-field", path, "", name)
        if (not self._one(seen, path, document) or wrong or missing) and not self.partial:
            return WRONG
        return {name: value for name, value in read.items() if value is not WRONG}

    @property
    def known(self) -> dict[str, Shape]:
        """Every field that has a name of its own."""
        return {**self.required, **self.optional}

    def _other(self, name: str) -> Shape | None:
        return self.rest if self.rest and re.fullmatch(self.rest_key, name) else None

    def _one(self, seen: set[str], path: Path, document: Document) -> bool:
        found = [name for name in self.one_of if name in seen]
        if self.one_of and len(found) != 1:
            wanted = "exactly one of " + ", ".join(self.one_of)
            document.say("one-of", path, ", ".join(found), wanted)
            return False
        return True

    def schema(self) -> dict[str, Any]:
        made: dict[str, Any] = {
            "type": "object",
            "properties": {name: shape.schema() for name, shape in self.known.items()},
            "additionalProperties": False,
        }
        if self.required:
            made["required"] = sorted(self.required)
        if self.rest:
            made["patternProperties"] = {f"^{self.rest_key}$": self.rest.schema()}
        if self.one_of:
            made["oneOf"] = [{"required": [name]} for name in self.one_of]
        return made


def _home(name: str, document: Document) -> str:
    """Where a field stands that was written one table too far out or in; else nothing."""
    here, known = document.around[-1]
    inside = sorted(field for field, shape in known.items() if name in _fields(shape))
    if inside:
        return f"it stands inside {' or '.join(inside)}"
    for outer, names in reversed(document.around[:-1]):
        if name in names:
            return f"it stands beside {here[len(outer)]}, not inside it"
    return ""


def _fields(shape: Shape) -> Mapping[str, Shape]:
    """The named fields of the table that a shape may be, or a list of such."""
    if isinstance(shape, Named | Listing):
        return _fields(shape.of)
    if isinstance(shape, Either):
        return _fields(shape.table) if shape.table else {}
    return shape.known if isinstance(shape, Fields) else {}


@dataclass(frozen=True, slots=True)
class Either:
    """One shape for a single value, one for a list, one for a table: the node decides."""

    value: Shape | None = None
    many: Shape | None = None
    table: Shape | None = None

    def read(self, node: yaml.Node, path: Path, document: Document) -> Any:
        document.lines.setdefault(path, node.start_mark.line + 1)
        by_kind: Sequence[tuple[type[yaml.Node], Shape | None]] = (
            (yaml.ScalarNode, self.value),
            (yaml.SequenceNode, self.many),
            (yaml.MappingNode, self.table),
        )
        for kind, shape in by_kind:
            if isinstance(node, kind) and shape is not None:
                return shape.read(node, path, document)
        wanted = " or ".join(_KINDS[kind] for kind, shape in by_kind if shape is not None)
        document.say("wrong-type", path, _KINDS[type(node)], wanted)
        return WRONG

    def schema(self) -> dict[str, Any]:
        shapes = [shape for shape in (self.value, self.many, self.table) if shape is not None]
        return {"anyOf": [shape.schema() for shape in shapes]}


@dataclass(frozen=True, slots=True)
class Named:
    """A shape that the JSON Schema writes once, under ``$defs``, and refers to by name."""

    name: str
    of: Shape

    def read(self, node: yaml.Node, path: Path, document: Document) -> Any:
        return self.of.read(node, path, document)

    def schema(self) -> dict[str, Any]:
        return {"$ref": f"#/$defs/{self.name}"}


def definitions(*named: Named) -> dict[str, Any]:
    """What stands under ``$defs``."""
    return {one.name: one.of.schema() for one in named}


def _span(text: str) -> tuple[PartialDate, PartialDate]:
    first, _, last = text.partition("/")
    start, end = PartialDate.parse(first), PartialDate.parse(last or first)
    if end.last() < start.first():
        raise ValueError(text)
    return start, end


ID = Text(pattern=ID_PATTERN)
# An obligation of a clause in both directions is named clause:from-to.
REFERENCE_PATTERN = ID_PATTERN + r"(:[a-z0-9_.+-]{1,130})?"
REFERENCE = Text(pattern=REFERENCE_PATTERN)
WORDS = Text()
_DATE = r"\d{4}(-\d{2}(-\d{2})?)?"
DATE = Written("a date that exists: 1987, 1987-03 or 1987-03-09", PartialDate.parse, f"^{_DATE}$")
SPAN = Written("a date, or two with / between", _span, f"^{_DATE}(/{_DATE})?$")
INSTANT = Written(
    "a time with its zone: 2031-05-09T08:00:00+03:00",
    parse_instant,
    r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$",
)
LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
NAMES = Named("words", Either(value=WORDS, table=Table(WORDS, key=LANGUAGE)))
