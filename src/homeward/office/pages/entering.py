"""The entrance: an account's password and one-time code, or the token of the office's folder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from homeward.office.accountmodels import Account
from homeward.office.accounts import enter as open_account
from homeward.office.faults import note_fault
from homeward.office.pages.frame import now, refusal
from homeward.office.process import token_is_ours
from homeward.office.roles import Officer
from homeward.problem import Problem

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
_OPEN = ("/enter/", "/api/", "/static/", "/language/")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

Answer = Callable[[HttpRequest], HttpResponseBase]


class Entrance:
    """Middleware: who sits here, or the way to the entrance; what the browser may load."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let a request in when its session is of this hour and its account still open."""
        request.officer = seated(request)  # type: ignore[attr-defined]
        if request.officer is None and not request.path.startswith(_OPEN):  # type: ignore[attr-defined]
            return _guarded(redirect("enter"))
        return _guarded(self.get_response(request))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """A fault nobody expected is answered without a word of the request."""
        if request.path.startswith("/api/"):
            return None
        if isinstance(error, Http404):
            hint = "it was moved, or never was; the rooms are named above"
            return refusal(request, [Problem("office.no-such-page", "page", hint=hint)], status=404)
        where = request.resolver_match.url_name if request.resolver_match else "page"
        return refusal(request, [note_fault(error, str(where))], status=500)


def _guarded(response: HttpResponseBase) -> HttpResponseBase:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def seated(request: HttpRequest) -> Officer | None:
    """Who this session belongs to; None when it never began, was ended, or has grown old."""
    session = request.session
    if "since" not in session:
        return None
    at = datetime.now(UTC)
    since, seen = (datetime.fromisoformat(session[name]) for name in ("since", "seen"))
    if at - since > LONGEST or at - seen > IDLE:
        session.flush()
        return None
    if at - seen > timedelta(minutes=1):
        session["seen"] = at.isoformat()
    if session.get("keeper"):
        return Officer("keeper", "keeper")
    account = Account.objects.filter(pk=session.get("account", 0), active=True).first()
    if account is None or account.generation != session.get("generation"):
        session.flush()
        return None
    return Officer(account.name, account.role, account.officer)


def enter(request: HttpRequest) -> HttpResponseBase:
    """Name, password and one-time code; which of them was wrong is not said."""
    wrong = False
    if request.method == "POST":
        given = [request.POST.get(name, "") for name in ("name", "password", "code")]
        account = open_account(given[0].strip(), given[1], given[2].strip(), now())
        if account is not None:
            _seat(request, account=account.pk, generation=account.generation)
            return redirect("overview")
        wrong = True
    return render(request, "office/enter.html", {"wrong": wrong}, status=403 if wrong else 200)


def enter_by_token(request: HttpRequest) -> HttpResponseBase:
    """The officer token from the office's own folder: for its keeper, who makes accounts."""
    wrong = False
    if request.method == "POST":
        if token_is_ours(request.POST.get("token", "").strip()):
            _seat(request, keeper=True)
            return redirect("administration")
        wrong = True
    return render(request, "office/token.html", {"wrong": wrong}, status=403 if wrong else 200)


def _seat(request: HttpRequest, **who: object) -> None:
    request.session.flush()
    at = datetime.now(UTC).isoformat()
    request.session.update({"since": at, "seen": at, **who})


@require_POST
def leave(request: HttpRequest) -> HttpResponseBase:
    """End the session here and now."""
    request.session.flush()
    return redirect("enter")
