"""The child process of an import: a whole file is read here, so that pages stay small and free.

How far it is stands in the upload's own row; what ended it early is answered to whoever asked.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime

import django


def main() -> None:
    """Read from stdin what to do, do it, and write the problems that stand against it."""
    os.nice(5)  # pages and the line go first
    asked = json.load(sys.stdin)
    django.setup()
    from homeward.office import imports
    from homeward.office.faults import note_fault
    from homeward.office.personmodels import Upload
    from homeward.problem import Refused

    problems = []
    try:
        upload = Upload.objects.get(pk=asked["upload"])
        if asked["step"] == "check":
            imports.check(upload)
        else:
            imports.keep(upload, asked["officer"], datetime.fromisoformat(asked["at"]))
    except Refused as refused:
        problems = [problem.to_json() for problem in refused.problems]
    except Exception as error:
        problems = [note_fault(error, "import").to_json()]
    json.dump(problems, sys.stdout)


if __name__ == "__main__":
    main()
