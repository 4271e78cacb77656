"""The office's pages: drawn on the server, usable without JavaScript, printable.

Each module is a room's pages; ``frame`` is what they all stand in, ``entering`` the entrance.
"""

from __future__ import annotations

from homeward.office.pages.entering import Entrance
from homeward.office.pages.frame import shared

__all__ = ["Entrance", "shared"]
