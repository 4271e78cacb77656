"""What every page stands in: who sits there, what they may, and a form that counts once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from homeward.office.accountmodels import Sent, Waiting
from homeward.office.pages.tongue import Tongue, direction, language
from homeward.office.process import AT_THE_DESK, desk
from homeward.office.roles import Officer
from homeward.office.seconding import ask_for
from homeward.problem import Problem, Refused

View = Callable[..., HttpResponseBase]

# The rooms with a door in the navigation, in the order of an exchange.
DOORS = (
    ("overview", "overview"),
    ("people", "people"),
    ("matching", "matching"),
    ("terms", "terms"),
    ("lists", "lists"),
    ("plan", "plan"),
    ("fitness", "fitness"),
    ("crossing", "crossing"),
    ("record", "record"),
    ("claims", "claims"),
    ("promises", "promises"),
    ("administration", "administration"),
    ("accesses", "accesses"),
)


def now() -> datetime:
    """The office's clock."""
    return datetime.now(UTC)


def officer_of(request: HttpRequest) -> Officer:
    """Who sits at this page; the entrance has made sure that somebody does."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    return officer


def shared(request: HttpRequest) -> dict[str, Any]:
    """What every template needs: language, direction, who sits here and which doors are open."""
    tongue = language()
    officer = getattr(request, "officer", None)
    shown: dict[str, Any] = {
        "language": "en" if tongue == "xx" else tongue,
        "direction": direction(tongue),
        "office_name": desk().name,
        "words": Tongue(tongue),
        "officer": officer,
        "rehearsed": desk().note("rehearsed"),
        "here": here(request),
    }
    if officer is not None:
        shown["doors"] = [(room, url) for room, url in DOORS if officer.may(room)]
        shown["waiting_count"] = sum(
            officer.may(room, "sign") and by != officer.name
            for room, by in Waiting.objects.filter(state="open").values_list("room", "asked_by")
        )
        shown["may_see_terms"] = officer.may("terms")
        shown["told"] = request.session.pop("told", [])
    return shown


def here(request: HttpRequest) -> str:
    """The room that this page belongs to, for the navigation."""
    view = request.resolver_match.func if request.resolver_match else None
    return str(getattr(view, "room", ""))


def tell(request: HttpRequest, key: str, **values: Any) -> None:
    """Say one sentence on the next page this session sees."""
    request.session["told"] = [
        *request.session.get("told", []),
        Tongue(language()).say(key, **values),
    ]


def page(
    room: str, level: str = "act", *, at_desk: bool = True, counts: bool = True
) -> Callable[[View], View]:
    """A view of a room: closed to other roles; its forms want ``level`` and count once.

    One desk, one lock: a view that looks at the record waits its turn (``at_desk``). A search
    changes nothing, and may be sent as often as one likes (``counts``).
    """

    def door(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            officer = officer_of(request)
            wanted = level if request.method == "POST" else "see"
            if room and not officer.may(room, wanted):
                problem = Problem(
                    "office.role-too-small", room, officer.role, f"{wanted} in {room}"
                )
                return refusal(request, [problem], status=403)
            if counts and request.method == "POST" and not _first_time(request):
                tell(request, "told.once")
                return redirect(request.path)
            try:
                with AT_THE_DESK if at_desk else nullcontext():
                    return view(request, *args, **kwargs)
            except Refused as refused:
                return refusal(request, refused.problems)

        guarded.room = room  # type: ignore[attr-defined]
        return guarded

    return door


def _first_time(request: HttpRequest) -> bool:
    token = request.POST.get("once", "")[:40]
    if not token:
        return False
    try:
        with transaction.atomic():
            Sent.objects.create(token=token, at=now())
    except IntegrityError:
        return False
    return True


def refusal(request: HttpRequest, problems: Any, status: int = 422) -> HttpResponse:
    """A page of problems, with the way back."""
    back = request.path if request.method == "POST" else "/"
    return render(request, "office/refusal.html", {"found": problems, "back": back}, status=status)


def asked_for(digest: str) -> Waiting | None:
    """What somebody has asked for about a text or a plan, where it waits for a second officer."""
    return Waiting.objects.filter(state="open", body__contains=digest).first()


def do(request: HttpRequest, name: str, said: str = "told.done", **body: Any) -> dict[str, Any]:
    """Ask for a verb and tell what came of it; raises Refused with every problem.

    What binds is not done yet: it waits for a second officer, and the answer is empty.
    """
    answer = ask_for(officer_of(request), name, now(), body)
    tell(request, "told.waiting" if answer.waiting else said)
    return answer.done or {}
