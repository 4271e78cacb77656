"""The child process of an import: a whole file is read here, so that pages stay small and free.

How far it is stands in the upload's own row; what ended it early is answered to whoever asked.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from datetime import date, datetime

import django

_LOOK = 0.2  # seconds between two looks at who asked


def _end_with(office: int) -> None:
    """Stop when the office that asked is gone: the next one begins again what was cut."""
    while os.getppid() == office:
        time.sleep(_LOOK)
    os._exit(1)


def main() -> None:
    """Read from stdin what to do, do it, and write the problems that stand against it."""
    os.nice(5)  # pages and the line go first
    asked = json.load(sys.stdin)
    threading.Thread(target=_end_with, args=(asked["office"],), daemon=True).start()
    django.setup()
    from homeward.office import editions, imports
    from homeward.office.faults import note_fault
    from homeward.office.models import ListFile
    from homeward.office.personmodels import Upload
    from homeward.problem import Refused

    problems = []
    try:
        if asked["step"] == "compare":
            edition = ListFile.objects.get(pk=asked["edition"])
            editions.compare(edition, date.fromisoformat(asked["today"]))
        elif asked["step"] == "check":
            imports.check(Upload.objects.get(pk=asked["upload"]))
        else:
            upload = Upload.objects.get(pk=asked["upload"])
            imports.keep(upload, asked["officer"], datetime.fromisoformat(asked["at"]))
    except Refused as refused:
        problems = [problem.to_json() for problem in refused.problems]
    except Exception as error:
        problems = [note_fault(error, "import").to_json()]
    json.dump(problems, sys.stdout)


if __name__ == "__main__":
    main()
