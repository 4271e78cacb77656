"""The rules of the house: what keeps it small, honest about its rooms, and free of one machine."""

import ast
import doctest
import importlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "homeward"
ROOMS = sorted(path.parent.name for path in SRC.glob("*/__init__.py"))
THINKING = {"record", "people", "terms", "plan", "crossing", "claims"}

LONGEST_MODULE = 400
LONGEST_FUNCTION = 40
MOST_EXPORTS = 12
EMPTY_NAMES = {"base", "common", "core", "helpers", "misc", "utils"}

DOORS = {
    "cryptography": "record",
    "duckdb": "people",
    "nacl": "record",
    "ortools": "plan",
    "pyrage": "record",
    "segno": "paper",
    "splink": "people",
    "typst": "paper",
}
CLOCKS = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "time.time",
    "time.time_ns",
}
CODE = {".css", ".html", ".js", ".py", ".sh", ".toml", ".typ", ".yaml", ".yml"}

# Written in pieces, so that this file keeps its own rules.
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME)\b")
MACHINE_PATHS = re.compile(
    r"(?<![\w.+/<-])/(wo" + r"rk(?![\w-])|(ho" + r"me|ro" + r"ot|Us" + r"ers)/(?=\w))"
)
REGISTRY_HOSTS = re.compile(
    "|".join(
        re.escape(name + end)
        for name, end in (
            ("py" + "pi", ".org"),
            ("python" + "hosted", ".org"),
            ("registry.np" + "mjs", ".org"),
            ("registry.yarn" + "pkg", ".com"),
            ("proxy.go" + "lang", ".org"),
            ("crates" + ".io", ""),
        )
    )
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources() -> list[Path]:
    return sorted(path for path in SRC.rglob("*.py") if "migrations" not in path.parts)


def place(path: Path, line: int | None = None) -> str:
    where = path.relative_to(ROOT).as_posix()
    return where if line is None else f"{where}:{line}"


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def kept_texts() -> Iterator[tuple[Path, str]]:
    """Every text file that git keeps or is about to keep."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git working copy")
    for name in filter(None, listed.stdout.decode("utf-8").split("\0")):
        path = ROOT / name
        if path.is_file():
            try:
                yield path, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def hits(pattern: re.Pattern[str], suffixes: set[str] | None = None) -> list[str]:
    return [
        f"{place(path, number)}: {found.group()}"
        for path, text in kept_texts()
        if suffixes is None or path.suffix in suffixes or path.name == "Makefile"
        for number, line in enumerate(text.splitlines(), start=1)
        if (found := pattern.search(line))
    ]


def body_lines(function: Function) -> int:
    """Lines from `def` to the end, the docstring left out."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """The outermost package of every import, with its line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0], node.lineno


def room_of(path: Path) -> str:
    return path.relative_to(SRC).parts[0]


def module_name(path: Path) -> str:
    parts = path.relative_to(SRC.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def has_example(path: Path) -> bool:
    return ">>> " in path.read_text(encoding="utf-8")


def test_every_python_file_parses():
    for folder in ("src", "tests", "bench", "docs", "examples"):
        for path in (ROOT / folder).rglob("*.py"):
            tree(path)


def test_no_module_is_longer_than_a_reader_can_hold():
    sizes = {place(p): len(p.read_text(encoding="utf-8").splitlines()) for p in sources()}
    assert {p: n for p, n in sizes.items() if n > LONGEST_MODULE} == {}


def test_no_function_is_longer_than_a_screen():
    long = {
        f"{place(path, node.lineno)} {node.name}": body_lines(node)
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, Function) and body_lines(node) > LONGEST_FUNCTION
    }
    assert long == {}


def test_no_module_has_a_name_that_says_nothing():
    names = {place(p) for p in SRC.rglob("*") if p.suffix in {".py", ""} and p.stem in EMPTY_NAMES}
    assert names == set()


def test_nothing_unfinished_is_left_in_the_tree():
    assert hits(UNFINISHED, CODE) == []


def test_no_path_of_one_machine_is_kept():
    assert hits(MACHINE_PATHS) == []


def test_no_package_registry_is_named():
    assert hits(REGISTRY_HOSTS) == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_opens_with_its_map(room):
    module = importlib.import_module(f"homeward.{room}")
    assert module.__doc__, "the first thing in a room is its docstring"
    assert len(module.__all__) <= MOST_EXPORTS
    assert len(set(module.__all__)) == len(module.__all__)
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


@pytest.mark.parametrize("name", [module_name(p) for p in sources() if has_example(p)])
def test_the_examples_in_a_module_run(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_a_heavy_library_has_one_door():
    elsewhere = [
        f"{place(path, line)}: {library}"
        for path in sources()
        for library, line in imported(path)
        if library in DOORS and room_of(path) != DOORS[library]
    ]
    assert elsewhere == []


def test_the_rooms_that_think_are_told_the_time():
    looked = [
        f"{place(path, node.lineno)}: {ast.unparse(node.func)}"
        for path in sources()
        if room_of(path) in THINKING
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ".".join(ast.unparse(node.func).split(".")[-2:]) in CLOCKS
    ]
    assert looked == []
