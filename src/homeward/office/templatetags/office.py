"""What the office's templates say and show: sentences, times with their zone, forms sent once."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from django import template
from django.middleware.csrf import get_token
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from homeward.office.pages.standing import names_of
from homeward.office.pages.tongue import Tongue, clock_zone, language
from homeward.office.process import AT_THE_DESK, desk
from homeward.words import number

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: Any, key: str, *parts: Any, **values: Any) -> str:
    """The office's sentence ``key`` in the page's language; further parts are joined to the key."""
    tongue: Tongue = context["words"]
    return tongue.say(".".join([key, *map(str, parts)]), **values)


@register.simple_tag(takes_context=True)
def spoken(context: Any, key: str, last: str) -> str:
    """A sentence of another room in the page's language, such as a verdict."""
    tongue: Tongue = context["words"]
    return tongue.spoken(f"{key}.{last}")


@register.simple_tag(takes_context=True)
def meant(context: Any, column: str, value: str) -> SafeString | str:
    """A list's value in words where it is one of the closed ones, else as it is written."""
    tongue: Tongue = context["words"]
    return tongue.word(f"value.{column}", value)


@register.simple_tag(takes_context=True)
def why(context: Any, problem: Any) -> SafeString:
    """One problem: its code, what to do in the page's language where it has words, the facts."""
    tongue: Tongue = context["words"]
    told = problem if isinstance(problem, dict) else problem.to_json()
    key = f"hint.{told['code']}"
    advice = tongue.word("hint", told["code"]) if tongue.has(key) else ""
    facts = [told["value"], told["expected"], "" if advice else told["hint"]]
    return format_html(
        '<code dir="ltr">{}</code> {}{}',
        told["code"],
        format_html("<strong><bdi>{}</bdi></strong> ", advice) if advice else "",
        format_html(
            '<span lang="en" dir="ltr" class="why">{}</span>',
            format_html_join(" ", "<bdi>{}</bdi>", [(fact,) for fact in facts if fact]),
        ),
    )


@register.simple_tag(takes_context=True)
def party(context: Any, name: str) -> SafeString:
    """A party by its name in the page's language; by its id while no terms name it."""
    if "party names" not in context.render_context:
        with AT_THE_DESK:
            names = names_of(desk(), language()) if desk().exchange else {}
        context.render_context["party names"] = names
    return format_html("<bdi>{}</bdi>", context.render_context["party names"].get(name, name))


@register.filter
def when(instant: datetime | None) -> SafeString | str:
    """An instant in the office's zone, with the zone named."""
    if instant is None:
        return ""
    here = instant.astimezone(clock_zone())
    shown = here.strftime("%Y-%m-%d %H:%M %Z")
    return format_html('<time datetime="{}" dir="ltr">{}</time>', here.isoformat(), shown)


@register.simple_tag(takes_context=True)
def waited(context: Any, instant: datetime | None) -> str:
    """For how long something has waited since an instant; nothing where none is known."""
    if instant is None:
        return ""
    hours = int((datetime.now(UTC) - instant).total_seconds() // 3600)
    tongue: Tongue = context["words"]
    if hours < 1:
        return tongue.say("overview.waited.new")
    whole = ("days", hours // 24) if hours >= 48 else ("hours", hours)
    return tongue.say(f"overview.waited.{whole[0]}", n=whole[1])


@register.filter
def grouped(count: int | None) -> SafeString | str:
    """A count with the grouping of the page's language; a dash where there is none."""
    if count is None:
        return "–"
    if count < 0:  # its sign stands before it whichever way the page runs
        return format_html('<bdi dir="ltr">−{}</bdi>', number(-count, language()))
    return number(count, language())


@register.filter
def code(text: object, length: int = 12) -> SafeString:
    """A handle, hash or digest, short on the page and whole on hover and for copying."""
    whole = str(text or "")
    short = whole[: int(length)] + ("…" if len(whole) > int(length) else "")
    return format_html('<code dir="ltr" title="{}">{}</code>', whole, short)


@register.simple_tag(takes_context=True)
def once(context: Any) -> SafeString:
    """The hidden fields of every form: against other sites, and against being sent twice."""
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="once" value="{}">',
        get_token(context["request"]),
        secrets.token_urlsafe(18),
    )


@register.filter
def item(table: Any, key: Any) -> Any:
    """A value of a mapping by a key that is itself a value."""
    return table.get(key, "") if hasattr(table, "get") else ""


@register.inclusion_tag("office/problems.html", takes_context=True)
def problems(context: Any, found: Any) -> dict[str, Any]:
    """Problems listed on top of a page: code, place, value, expected, what to do."""
    return {"found": found, "words": context["words"]}
