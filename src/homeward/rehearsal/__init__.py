"""Plays an exchange between several offices: one program each, packages and HTTP between them.

``read_folder`` reads an exchange folder and says everything that is wrong with it; ``rehearse``
plays it into a result folder, which ``homeward verify`` and anyone else can check.

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> from homeward.rehearsal import read_folder
>>> with TemporaryDirectory() as empty:
...     folder, problems = read_folder(Path(empty))
>>> folder, [problem.place for problem in problems]
(None, ['exchange.yaml', 'terms.yaml'])

Not here: anything of an office. The rehearsal starts offices as programs, speaks to each over that
office's own address as its officers would, and carries packages between them as a courier would.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from homeward.rehearsal.copies import FolderCopy, Union, read_union
    from homeward.rehearsal.folder import Folder, read_folder
    from homeward.rehearsal.outcome import Findings
    from homeward.rehearsal.outfolder import Outcome
    from homeward.rehearsal.playing import Until, rehearse

__all__ = [
    "Findings",
    "Folder",
    "FolderCopy",
    "Outcome",
    "Union",
    "Until",
    "read_folder",
    "read_union",
    "rehearse",
]

# Each is loaded when it is asked for: whoever verifies a copy needs no lists, plans or claims.
_HOMES = {
    "Findings": "outcome",
    "Folder": "folder",
    "FolderCopy": "copies",
    "Outcome": "outfolder",
    "Union": "copies",
    "Until": "playing",
    "read_folder": "folder",
    "read_union": "copies",
    "rehearse": "playing",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"homeward.rehearsal.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
