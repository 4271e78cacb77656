"""What is compared, and the levels of agreement of each field, as SQL over prepared columns.

Levels go from the strongest to the weakest; the first that holds is taken. A field that one of
the lines does not have is *omitted* and says nothing; a field that both have and that differs is
*contradicted* and speaks against. The weights of the levels stand in ``data/weights.tsv``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Level:
    """One degree of agreement: its code in reasons, its condition, and how far the frequency of
    the value (column ``frequency``) changes its weight: 1 fully, 0 not at all. A level ``across``
    scripts is asked for only where such scripts occur."""

    code: str
    sql: str
    frequency: str = ""
    share: float = 1.0
    across: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One comparison: where it says nothing, then its levels; the last one is contradiction."""

    name: str
    omitted: str
    levels: tuple[Level, ...]


def _both(column: str) -> str:
    return f"k_{column}_l is null or k_{column}_r is null"


def _meet(left: str, right: str) -> str:
    return f"list_has_any(k_{left}_l, k_{right}_r)"


def _near(column: str, shortest: int, edits: int) -> str:
    """At most ``edits`` letters changed, dropped, added or exchanged, in a word long enough."""
    return (
        f"least(length(k_{column}_l), length(k_{column}_r)) >= {shortest} and "
        f"damerau_levenshtein(k_{column}_l, k_{column}_r) <= {edits}"
    )


def _alike(column: str, least: float) -> str:
    """Jaro-Winkler similarity of at least ``least``."""
    return f"jaro_winkler_similarity(k_{column}_l, k_{column}_r) >= {least}"


# One of the two is written in Arabic or Hebrew letters: nothing but skeletons can be compared.
_SCRIPTS_APART = (
    "k_script_l <> k_script_r and "
    "(k_script_l in ('arab', 'hebr') or k_script_r in ('arab', 'hebr'))"
)


def _by_sound(part: str) -> tuple[Level, ...]:
    """The levels of a part of the name by skeletons, which are prepared only where such scripts
    occur; two lines in scripts with vowels may share their likeliest skeleton as well."""
    likeliest, skeletons, near = f"k_{part}sk1", f"{part}sk", f"{part}near"
    apart = f"{_SCRIPTS_APART} and "
    exchanged = f"{_meet('ssk', 'gsk')} and {_meet('gsk', 'ssk')}"
    levels = (
        Level("sounds-alike", f"{likeliest}_l = {likeliest}_r", likeliest),
        Level("sounds-as-read", _meet(skeletons, skeletons), likeliest),
        Level("sounds-exchanged", exchanged),
        Level("sounds-near", apart + _meet(near, near)),
        Level("sounds-apart", _SCRIPTS_APART),
    )
    return tuple(
        replace(level, across=True)
        for level in levels
        if part != "f" or level.code != "sounds-exchanged"
    )


def _unread(part: str, initials: str) -> str:
    """Where a part says nothing: not written, or an initial in another such script."""
    only = f"k_{part}_l is null or k_{part}_r is null"
    missing = " or ".join(f"(k_{part}_{at} is null and k_{initials}_{at} is null)" for at in "lr")
    return f"{missing} or (({only}) and {_SCRIPTS_APART})"


_SURNAME = Field(
    "surname",
    _both("sur"),
    (
        Level("same", "k_sur_l = k_sur_r", "k_sur"),
        Level("same-reading", _meet("surs", "surs"), "k_sur"),
        Level("by-ear", "k_loose_l = k_loose_r", "k_sur", 0.8),
        Level("part", _meet("parts", "parts")),
        Level("near", _near("sur", 5, 1), "k_sur", 0.7),
        Level("exchanged", "k_sur_l = k_xsur_r or k_xsur_l = k_sur_r"),
        *_by_sound("s"),
        Level(
            "close", f"({_near('sur', 7, 2)}) or jaro_winkler_similarity(k_sur_l, k_sur_r) >= 0.93"
        ),
        Level("skeleton", "k_skel_l = k_skel_r and length(k_skel_l) >= 3"),
        Level(
            "distant", f"{_alike('sur', 0.85)} or ({_near('sur', 5, 2)}) or ({_near('sur', 7, 3)})"
        ),
        Level("differs", ""),
    ),
)

# The given name of one is the surname of the other; the surnames must then be exchanged as well, or
# one word in common would speak for both.
_EXCHANGED = " or ".join(
    f"(k_giv_{one} = k_xgiv_{other} and damerau_levenshtein(k_sur_{one}, k_xsur_{other}) <= 1)"
    for one, other in ("lr", "rl")
)

_GIVEN = Field(
    "given_name",
    _unread("giv", "ginit"),
    (
        Level("short-form", "(k_short_l or k_short_r) and " + _meet("givs", "givs"), "k_giv", 0.5),
        Level("same", "k_giv_l = k_giv_r", "k_giv"),
        Level("same-reading", _meet("givs", "givs"), "k_giv"),
        Level(
            "initial",
            "(k_giv_l is null or k_giv_r is null) and list_has_any(k_ginit_l, k_ginit_r)",
        ),
        Level("initial-differs", "k_giv_l is null or k_giv_r is null"),
        Level("exchanged", _EXCHANGED),
        *_by_sound("g")[:2],
        # Of several names, or a chain of forefathers, one line leaves some out.
        Level("part", f"{_meet('gwhole', 'gpart')} or {_meet('gpart', 'gwhole')}"),
        *_by_sound("g")[2:],
        Level(
            "near",
            f"({_near('givw', 4, 1)}) or ({_near('giv', 4, 1)}) or {_alike('givw', 0.92)}",
        ),
        Level("close", f"({_near('givw', 5, 2)}) or ({_near('giv', 5, 2)})"),
        Level("differs", ""),
    ),
)

_FATHER = Field(
    "patronymic",
    _unread("fat", "finit"),
    (
        Level("same", "k_fat_l = k_fat_r", "k_fat"),
        Level(
            "initial",
            "(k_fat_l is null or k_fat_r is null) and list_has_any(k_finit_l, k_finit_r)",
        ),
        Level("initial-differs", "k_fat_l is null or k_fat_r is null"),
        *_by_sound("f")[:2],
        Level("part", f"{_meet('fwhole', 'fpart')} or {_meet('fpart', 'fwhole')}"),
        *_by_sound("f")[2:],
        Level("near", f"({_near('fatw', 6, 1)}) or ({_near('fat', 4, 1)})"),
        Level("close", f"({_near('fatw', 8, 2)}) or ({_near('fat', 6, 2)})"),
        Level("differs", ""),
    ),
)

_DATE = Field(
    "birth_date",
    _both("year"),
    (
        Level("same", "k_date_l = k_date_r and not k_default_l"),
        Level("same-first-of-january", "k_date_l = k_date_r"),
        Level("day-month-exchanged", "k_date_l = k_swapped_r"),
        Level(
            "one-digit",
            "k_date_l is not null and k_date_r is not null and "
            "damerau_levenshtein(k_date_l, k_date_r) = 1",
        ),
        Level("same-day-and-month", "k_monthday_l = k_monthday_r and not k_default_l"),
        Level("first-of-january", "k_year_l = k_year_r and (k_default_l or k_default_r)"),
        Level(
            "next-day",
            "abs(k_days_l - k_days_r) <= 1",
        ),
        Level("same-month", "k_year_l = k_year_r and k_month_l = k_month_r"),
        Level("year-only", "k_year_l = k_year_r and (k_date_l is null or k_date_r is null)"),
        Level(
            "two-digits",
            "k_date_l is not null and k_date_r is not null and "
            "damerau_levenshtein(k_date_l, k_date_r) = 2",
        ),
        Level("same-year", "k_year_l = k_year_r"),
        # A year alone was often reckoned from an age, and is one off half the time.
        Level(
            "year-only-near",
            "abs(k_year_l - k_year_r) = 1 and (k_date_l is null or k_date_r is null)",
        ),
        Level("year-near", "abs(k_year_l - k_year_r) <= 1"),
        Level("differs", ""),
    ),
)

_UNIT = Field(
    "unit",
    _both("unit"),
    (
        Level("same", "k_unit_l = k_unit_r"),
        Level("near", _near("unit", 4, 1)),
        Level("differs", ""),
    ),
)

# Somebody is promoted, or his rank is told in another army's words: one grade apart says little.
_RANK = Field(
    "rank",
    _both("rank"),
    (
        Level("same", "k_rank_l = k_rank_r"),
        Level("near", "abs(k_rank_l - k_rank_r) = 1"),
        Level("differs", ""),
    ),
)

_SERVICE = Field(
    "service_number",
    _both("svc"),
    (
        Level("same", "k_svc_l = k_svc_r"),
        Level("near", _near("svc", 5, 1)),
        Level("differs", ""),
    ),
)

_PLACE = Field(
    "birth_place",
    _both("place"),
    (
        Level("same", "k_place_l = k_place_r"),
        Level("near", _alike("place", 0.88)),
        Level("differs", ""),
    ),
)

_SEX = Field("sex", _both("sex"), (Level("same", "k_sex_l = k_sex_r"), Level("differs", "")))

FIELDS = (_SURNAME, _GIVEN, _FATHER, _DATE, _UNIT, _RANK, _SERVICE, _PLACE, _SEX)
