"""The office's own API, for its officers on this machine, and its doors for other parties.

Whatever it may answer is declared in ``/api/openapi.json``; anything else is a fault.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.security import HttpBearer

from homeward.dates import parse_instant
from homeward.office import post
from homeward.office.desk import VERBS, Call
from homeward.office.faults import note_fault
from homeward.office.pages.standing import current_position
from homeward.office.process import AT_THE_DESK, ask, desk, token_is_ours
from homeward.office.witness import REASONS, add_checkpoint
from homeward.problem import Problem, Refused

api = NinjaAPI(title="Homeward office", docs_url=None, urls_namespace="office-api")


class _Register:
    """Names every verb in the description; another one is refused by the desk, with its list."""

    def __get_pydantic_json_schema__(self, core: Any, told: Any) -> dict[str, Any]:
        return {**told(core), "enum": sorted(VERBS)}


_ANSWERS = {200: dict, 401: dict, 422: dict}
_REQUEST = {
    "type": "object",
    "required": ["now"],
    "properties": {
        "now": {"type": "string", "format": "date-time"},
        "officer": {"type": "string"},
        "send": {"type": "boolean"},
    },
}
_BYTES = {"type": "string", "format": "binary"}


def _takes(kind: str, schema: dict[str, Any]) -> dict[str, Any]:
    """What a request's body must be; it is read here, not by the framework."""
    return {"requestBody": {"required": True, "content": {kind: {"schema": schema}}}}


class OfficerToken(HttpBearer):
    """The token that ``office init`` wrote into the office's folder for its own officers."""

    def authenticate(self, request: HttpRequest, token: str) -> str | None:
        """The token when it is this office's, else None."""
        return token if token_is_ours(token) else None


@api.exception_handler(Refused)
def tell(request: HttpRequest, refusal: Refused) -> Any:
    """A refusal is an answer: every problem, none of them a crash."""
    body = {"problems": [problem.to_json() for problem in refusal.problems]}
    return api.create_response(request, body, status=422)


@api.exception_handler(Exception)
def tell_fault(request: HttpRequest, error: Exception) -> Any:
    """A fault nobody expected is answered as a problem, and no word of it is written down."""
    body = {"problems": [note_fault(error, "api").to_json()]}
    return api.create_response(request, body, status=500)


def _call(body: dict[str, Any]) -> Call:
    try:
        now = parse_instant(str(body.get("now", "")))
    except ValueError as error:
        problem = Problem("office.no-clock", "now", expected="an ISO 8601 instant with its zone")
        raise Refused([problem]) from error
    return Call(now, str(body.get("officer", "")), body)


@api.post(
    "/do/{name}",
    auth=OfficerToken(),
    response=_ANSWERS,
    openapi_extra=_takes("application/json", _REQUEST),
)
def do(request: HttpRequest, name: Annotated[str, _Register()]) -> Any:
    """One verb of the trade, asked by an officer of this office."""
    try:
        body = json.loads(request.body or b"{}")
    except ValueError as error:
        raise Refused([Problem("office.not-json", name)]) from error
    if not isinstance(body, dict):
        raise Refused([Problem("office.not-json", name, expected="an object")])
    try:
        return ask(name, _call(body))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        hint = "a field is missing or of the wrong kind; see docs/reference"
        problem = Problem("office.request-malformed", name, type(error).__name__, hint=hint)
        raise Refused([problem]) from error


@api.get("/status", auth=OfficerToken(), response=_ANSWERS)
def status(request: HttpRequest) -> Any:
    """Where this office stands: entries held, acts by kind, whose turn it is."""
    at = desk()
    return {
        "name": at.name,
        "role": at.role,
        "exchange": at.exchange.id if at.exchange else None,
        "kinds": {kind: len(entries) for kind, entries in sorted(at.by_kind.items())},
    }


@api.get("/position", auth=OfficerToken(), response=_ANSWERS)
def position(request: HttpRequest) -> Any:
    """The position as this office's copy of the record bears it out."""
    return current_position(desk()).to_json()


@api.post(
    "/package",
    response={200: dict, 422: dict},
    openapi_extra=_takes("application/octet-stream", _BYTES),
)
def package(request: HttpRequest) -> Any:
    """Take a package from another office: its signatures decide, not the sender's address.

    It is countersigned by this machine's clock; only an officer of this office may set another.
    """
    now = datetime.now(UTC)
    if request.headers.get("X-Now"):
        if not token_is_ours(request.headers.get("Authorization", "").removeprefix("Bearer ")):
            raise Refused([Problem("office.clock-not-yours", "X-Now", hint="leave it out")])
        now = _call({"now": request.headers["X-Now"]}).now
    with AT_THE_DESK:
        return post.take(desk(), request.body, Call(now, ""))


api.post(
    "/add-checkpoint",
    openapi_extra={
        **_takes("text/plain", _BYTES),
        "responses": {
            code: {"description": said, "content": {kind: {"schema": {"type": "string"}}}}
            for code, (said, kind) in REASONS.items()
        },
    },
)(add_checkpoint)
