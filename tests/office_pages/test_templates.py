"""What templates and style sheets must keep to, whatever page is added next."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from homeward.words import LANGUAGES, known

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "src/homeward/office/templates/office").glob("*.html"))
SHEETS = [
    ROOT / "src/homeward/paper/homeward.css",
    ROOT / "src/homeward/office/static/office/office.css",
]
VOID = {"meta", "link", "input", "br", "progress", "rect"}

# Drawn by the program or counted by it: these can never be a person's name.
HARMLESS = re.compile(
    r"words\.|.*\|(when|code|length|floatformat)\b|forloop\.|sentence\Z|change\.said|clause\Z"
    r"|(.*_)?drawn(\.figure)?\Z|figure\Z|n\Z|(.*\.)?(number|stage|step|heads|count|lead|seq)\Z"
    r"|waiting_count|fork\.seq"
)


class Reader(HTMLParser):
    """Walks a template with its variables left in place as marks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.bare: list[str] = []
        self.forms: list[tuple[str, bool]] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.wrong += [f"{tag} {name}" for name in held if name == "style" or name[:2] == "on"]
        if tag == "script" and "src" not in held:
            self.wrong.append("script without src")
        if tag == "form":
            self.forms.append((str(held.get("method", "get")), False))
        if tag not in VOID:
            self.open.append((tag, held))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "⟪once⟫" in data and self.forms:
            self.forms[-1] = (self.forms[-1][0], True)
        for expression in re.findall(r"⟪\{(.*?)\}⟫", data):
            isolated = any(
                tag in ("bdi", "title", "option", "textarea") or "dir" in held
                for tag, held in self.open
            )
            counted = any("number" in str(held.get("class", "")) for _, held in self.open)
            if not isolated and not counted and not HARMLESS.match(expression.strip()):
                self.bare.append(expression.strip())


def read(path: Path) -> Reader:
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\{\{(.*?)\}\}", lambda found: "⟪{" + found[1] + "}⟫", text)
    text = text.replace("{% once %}", "⟪once⟫")
    text = re.sub(r"\{%.*?%\}", "", text)
    reader = Reader()
    # a mark in an attribute is no text of the page
    reader.feed(re.sub(r'="[^"]*⟪[^"]*"', '="x"', text))
    return reader


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_whatever_may_be_a_name_is_isolated_from_the_line_it_stands_in(path: Path):
    assert read(path).bare == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_no_page_holds_a_script_or_a_style_of_its_own(path: Path):
    assert read(path).wrong == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_digest_that_is_shown_whole_may_break_into_lines(path: Path):
    text = path.read_text(encoding="utf-8")
    assert "|code:64" not in text
    whole = re.findall(r"<code ([^>]*)>\{\{ [\w.]*(?:digest|exchange\.id) \}\}", text)
    assert [told for told in whole if "breaking" not in told] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_sentence_of_the_pages_own_language_runs_the_way_the_page_runs(path: Path):
    text = path.read_text(encoding="utf-8")
    own = r'dir="auto">\{\{ (?:clause|sentence|change\.said|row\.why|one\.said|may) \}\}'
    assert re.findall(own, text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_every_form_that_changes_something_counts_once(path: Path):
    assert [marked for method, marked in read(path).forms if method == "post"] == [True] * sum(
        method == "post" for method, _ in read(path).forms
    )


def one_sided(text: str) -> list[str]:
    """What a style sheet says of left and right: by name, or as four sides of which two differ."""
    rules = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    found = re.findall(r"[\w-]*\b(?:left|right)\b[\w-]*", rules)
    for whole, told in re.findall(r"((?:margin|padding|inset|border-\w+)\s*:([^;}]+))", rules):
        sides = re.findall(r"[^\s(]+(?:\([^)]*\))?", told)
        if len(sides) == 4 and sides[1] != sides[3]:
            found.append(whole)
    return found


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_no_style_sheet_knows_left_or_right(path: Path):
    assert one_sided(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "rule",
    [
        "margin-left: 1px",
        "left: 0",
        "text-align: right",
        "padding: 0 1px 0 2px",
        "inset: 0 0 0 1px",
    ],
)
def test_a_rule_for_one_side_would_be_found(rule: str):
    assert one_sided(f".x {{ color: red; {rule}; }}") != []
    assert one_sided(".x { margin: 0 1px 0 1px; inset: 0; padding-inline-start: 1px }") == []


def test_a_name_that_stands_bare_would_be_found(tmp_path: Path):
    page = tmp_path / "page.html"
    page.write_text("<p>{{ person.shown }}</p><p><bdi>{{ person.shown }}</bdi></p>", "utf-8")
    assert read(page).bare == ["person.shown"]


def keys_in(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    plain = re.findall(r"words((?:\.[\w-]+)+)", text)
    said = re.findall(r'\{% say "([\w.-]+)"(?: \w+=\S+)* %\}', text)
    return {key[1:] for key in plain} | set(said)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_a_page_is_said_in_every_language(path: Path, language: str):
    assert [key for key in keys_in(path) if not known(f"office.{key}", language)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_sentences_with_the_same_places(language: str):
    english, other = (sentences(one) for one in ("en", language))
    assert set(english) == set(other)
    for key, text in english.items():
        wanted = set(re.findall(r"\{(\w+)\}", text))
        assert set(re.findall(r"\{(\w+)\}", other[key])) <= wanted | {"n"}, key


def sentences(language: str) -> dict[str, str]:
    text = files("homeward").joinpath("languages", f"{language}.yaml").read_text(encoding="utf-8")
    found: dict[str, str] = {}

    def walk(key: str, node: object) -> None:
        if isinstance(node, dict) and "other" not in node:
            for name, child in node.items():
                walk(f"{key}.{name}", child)
        else:
            found[key] = " ".join(node.values()) if isinstance(node, dict) else str(node)

    walk("office", yaml.safe_load(text)["office"])
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_entry_has_its_word(language: str):
    table = files("homeward.record").joinpath("kinds.tsv").read_text(encoding="utf-8")
    rows = [line for line in table.splitlines() if line and not line.startswith("#")]
    kinds = [row.partition("\t")[0] for row in rows[1:]]
    assert len(kinds) > 30
    assert [kind for kind in kinds if not known(f"office.kind.{kind}", language)] == []
