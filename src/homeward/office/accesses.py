"""The log of looks at people's data: every one is written down, none with a name."""

from __future__ import annotations

from datetime import datetime

from homeward.office.accountmodels import Access
from homeward.office.roles import Officer


def note_access(
    officer: Officer,
    what: str,
    now: datetime,
    *,
    subject: int | None = None,
    count: int = 1,
    reason: str = "",
) -> None:
    """Write down that somebody saw or took out data about ``count`` persons."""
    Access.objects.create(
        at=now,
        account=officer.name,
        role=officer.role,
        what=what,
        subject=subject,
        count=count,
        reason=reason,
    )
