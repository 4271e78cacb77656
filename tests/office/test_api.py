"""The API answers whatever it is asked, and only as its own description says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.office.at_the_line import copied
from tests.office.offices import NOW, Office, ask, offices

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]
OPERATIONS = ["POST do", "GET status", "GET position", "POST package", "POST add-checkpoint"]
BOUNDED = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office that has met nobody yet."""
    with offices(tmp_path_factory.mktemp("alone"), ["north"]) as (office,):
        yield office


@pytest.fixture(scope="module")
def busy(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office in the middle of an exchange, with its first step before it."""
    with copied(prepared, tmp_path_factory.mktemp("busy")) as (office, *_):
        yield office


def described(office: Office) -> dict[str, Any]:
    """The API's own description."""
    status, text, _ = ask(office.port, "GET", "/api/openapi.json")
    assert status == 200
    found: dict[str, Any] = json.loads(text)
    return found


@cache
def fields() -> tuple[str, ...]:
    """Every field that a verb reads from its request."""
    read = re.compile(r"(?:body(?:\.get\(|\[)|call\.(?:text|number)\()\"(\w+)\"")
    sources = (ROOT / "src/homeward/office").glob("*.py")
    return tuple(sorted({n for p in sources for n in read.findall(p.read_text("utf-8"))}))


def operation(office: Office, name: str) -> Any:
    method, _, place = name.partition(" ")
    schema = schemathesis.openapi.from_dict(described(office))
    schema.config.update(base_url=f"http://127.0.0.1:{office.port}")
    (found,) = [
        one.ok()
        for one in schema.get_all_operations()
        if one.ok().method.upper() == method and one.ok().path.split("/")[2] == place
    ]
    return found


def try_all(office: Office, name: str) -> None:
    """Ask one operation with what its description allows, and with fields of any kind."""
    chosen = operation(office, name)
    token = (office.folder / "officer.token").read_text(encoding="ascii")

    @BOUNDED
    @given(case=chosen.as_strategy())
    def asked(case: Any) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        case.call_and_validate(headers=headers, checks=CHECKS, timeout=60)

    asked()


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_office_that_met_nobody_answers_only_as_described(alone: Office, name: str):
    try_all(alone, name)


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_office_at_work_answers_only_as_described(busy: Office, name: str):
    try_all(busy, name)


def test_every_operation_is_tried(alone: Office):
    paths = described(alone)["paths"]
    told = [f"{m.upper()} {p.split('/')[2]}" for p, methods in paths.items() for m in methods]
    assert sorted(told) == sorted(OPERATIONS)


def test_every_closed_door_is_described_as_closed(alone: Office):
    for path, methods in described(alone)["paths"].items():
        for method, told in methods.items():
            asked = path.replace("{name}", "card")
            status, *_ = ask(alone.port, method.upper(), asked, {"now": NOW})
            assert (status == 401) == ("security" in told), path
            assert str(status) in told["responses"], path


JSON = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 3),
    st.text(max_size=8),
    st.lists(st.text(max_size=4) | st.integers(-1, 2), max_size=2),
    st.dictionaries(st.text(max_size=4), st.integers(-1, 2), max_size=2),
)


def verbs(office: Office) -> list[str]:
    """The verbs that the description names."""
    told = described(office)["paths"]["/api/do/{name}"]["post"]["parameters"][0]
    names: list[str] = told["schema"]["enum"]
    return names


def test_no_verb_falls_over_whatever_its_fields_hold(busy: Office):
    token = (busy.folder / "officer.token").read_text(encoding="ascii")
    bodies = st.fixed_dictionaries({}, optional=dict.fromkeys(fields(), JSON))

    @settings(BOUNDED, max_examples=6)
    @given(body=bodies)
    def asked(body: dict[str, Any]) -> None:
        for verb in verbs(busy):
            path = f"/api/do/{verb}"
            status, text, _ = ask(busy.port, "POST", path, {**body, "now": NOW}, token=token)
            assert status in (200, 422), (verb, body, text)

    assert len(fields()) > 20
    asked()
    assert not (busy.folder / "faults.log").exists()
