"""A YAML text as nodes with lines; what YAML allows and an agreement must not is named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from homeward.problem import Problem
from homeward.terms.hints import HINTS

LONGEST = 2_000_000
DEEPEST = 24
# Thousands of aliases are one mistake; naming the first of them is enough.
MOST_REFUSED = 100
# A problem is one line: of a whole paragraph in a field its beginning is shown.
LONGEST_VALUE = 200
# The C reader is ten times faster; both give nodes with marks.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Path = tuple[str | int, ...]

_NOT_TEXT = re.compile(
    r"[-+]?(\d[\d_]*)?\.?\d+([eE][-+]?\d+)?\Z|0[xo][0-9a-fA-F]+\Z|(true|false|null|~|yes|no|on|off)\Z",
    re.IGNORECASE,
)


@dataclass
class Document:
    """The place of every value in one text, and what was found wrong while reading it."""

    name: str
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    # While reading: each table from the whole text down to this one, with the fields it may have.
    around: list[tuple[Path, Mapping[str, Any]]] = field(default_factory=list)

    def place(self, *path: str | int) -> str:
        """``name:line`` of the value at ``path``, or of the nearest value that holds it."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return f"{self.name}:{self.lines[path[:end]]}"
        return f"{self.name}:1"

    def say(
        self, code: str, path: Path, value: object = "", expected: str = "", hint: str = ""
    ) -> None:
        """Note one error at ``path``."""
        self.problems.append(self._problem(code, path, value, expected, hint))

    def warn(
        self, code: str, path: Path, value: object = "", expected: str = "", hint: str = ""
    ) -> None:
        """Note one warning at ``path``: the text is usable, but somebody will quarrel over it."""
        problem = self._problem(code, path, value, expected, hint)
        self.problems.append(replace(problem, level="warning"))

    def _problem(self, code: str, path: Path, value: object, expected: str, hint: str) -> Problem:
        found = str(value)
        if len(found) > LONGEST_VALUE:
            found = f"{found[:LONGEST_VALUE]}..."
        hint = hint or HINTS.get(code, "")
        return Problem(f"terms.{code}", self.place(*path), found, expected, hint)


def compose(text: str | bytes, document: Document) -> yaml.Node | None:
    """The root node of the only YAML document in ``text``; None after noting why there is none."""
    decoded = _decode(text, document)
    if decoded is None:
        return None
    try:
        if not _plain(decoded, document):
            return None
        root = yaml.compose(decoded, Loader=_LOADER)
        if root is None:
            document.say("empty", (), "", "an agreement", "the file holds nothing but remarks")
        return root
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        document.lines[("syntax",)] = line
        words = str(error.problem or error.context or "").removeprefix("found ")
        document.say("yaml-syntax", ("syntax",), words)
    except yaml.reader.ReaderError as error:
        line = decoded[: error.position].count("\n") + 1
        document.lines[("syntax",)] = line
        document.say("yaml-syntax", ("syntax",), f"position {error.position}")
    return None


def _decode(text: str | bytes, document: Document) -> str | None:
    if len(text) > LONGEST:
        document.say("too-long", (), len(text), f"at most {LONGEST} bytes")
        return None
    try:
        text = text.decode("utf-8") if isinstance(text, bytes) else text
    except UnicodeDecodeError as error:
        document.lines[("encoding",)] = error.object[: error.start].count(b"\n") + 1
        value = f"byte 0x{error.object[error.start]:02x}"
        document.say("encoding", ("encoding",), value, "a text in UTF-8")
        return None
    text = text.removeprefix("\ufeff")
    if not text.strip():
        document.say("empty", (), "", "an agreement", "the file has no content")
        return None
    return text


def _plain(text: str, document: Document) -> bool:
    """Whether the text is one document without aliases, tags or needless depth."""
    depth, documents, sound = 0, 0, True
    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                sound = _refuse(document, line, "second-document", "---")
        elif isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            sound = _refuse(document, line, "alias", "an anchor or alias")
        elif getattr(event, "tag", None):
            sound = _refuse(document, line, "tag", "a tag")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            return _refuse(document, line, "too-deep", str(depth))
        if len(document.problems) >= MOST_REFUSED:
            return False
    return sound


def _refuse(document: Document, line: int, code: str, value: str) -> bool:
    document.lines[("plain", line, code)] = line
    document.say(code, ("plain", line, code), value, "plain values, each written where it stands")
    return False


def looks_like_something_else(node: yaml.ScalarNode) -> bool:
    """Whether other readers would take an unquoted scalar for a number, a truth or nothing."""
    return not node.style and bool(not node.value or _NOT_TEXT.match(node.value))


def pairs(
    node: yaml.MappingNode, path: Path, document: Document, key: str
) -> list[tuple[str, yaml.Node]]:
    """Keys and values of a table in order; keys that repeat or are no identifiers are noted."""
    found: dict[str, yaml.Node] = {}
    for key_node, value in node.value:
        name = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
        here = (*path, str(name))
        line = key_node.start_mark.line + 1
        if not isinstance(name, str) or not re.fullmatch(key, name):
            document.lines[here] = line
            document.say("bad-id", here, str(name), "a key of small letters, digits, - _ .")
        elif name in found:
            document.lines[(*here, "again")] = line
            document.say(
                "key-twice", (*here, "again"), name, f"once; first on line {document.lines[here]}"
            )
        else:
            document.lines[here] = line
            found[name] = value
    return list(found.items())
