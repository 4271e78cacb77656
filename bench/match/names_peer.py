"""Scores of nomenklatura's logic-v2 for pairs on standard input; run by its own interpreter.

Its requirements (an older DuckDB) do not go with ours, so it lives in an environment of its own
(`make peers`). A line holds two people: surname, given name, patronymic, birth date and sex of
each, separated by tabs, names in the script they were written in. One score a line comes back.
"""

import sys
from itertools import count
from typing import Any

from followthemoney import model
from nomenklatura.matching import LogicV2

SEX = {"m": "male", "f": "female"}


def main() -> None:
    """Score every line."""
    config, numbers = LogicV2.default_config(), count()
    for line in sys.stdin:
        cells = line.rstrip("\n").split("\t")
        # It remembers names by entity id, so no id is ever used twice.
        pair = (person(f"p{next(numbers)}", *cells[at : at + 5]) for at in (0, 5))
        print(LogicV2.compare(*pair, config).score)


def person(number: str, surname: str, given: str, father: str, born: str, sex: str) -> Any:
    """One person as followthemoney has it."""
    found = model.make_entity("Person")
    found.id = number
    parts = {"firstName": given, "fatherName": father, "lastName": surname}
    for name, value in {**parts, "birthDate": born, "gender": SEX.get(sex)}.items():
        found.add(name, value or None)
    found.add("name", " ".join(filter(None, parts.values())))
    return found


if __name__ == "__main__":
    main()
