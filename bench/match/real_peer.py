"""Names as other tools see them, for bench.match.real; run by the interpreter of .venv-peers.

A line on standard input is one name (answered with ICU's Any-Latin spelling, as normality has it)
or two with a tab between them (answered with nomenklatura's logic-v2 score for two people).
"""

import sys
from itertools import count
from typing import Any

from followthemoney import model
from nomenklatura.matching import LogicV2
from normality import ascii_text


def main() -> None:
    """Answer every line."""
    config, numbers = LogicV2.default_config(), count()
    for line in sys.stdin:
        names = line.rstrip("\n").split("\t")
        if len(names) == 1:
            print(" ".join((ascii_text(names[0]) or "").casefold().split()))
            continue
        # It remembers names by entity id, so no id is ever used twice.
        one, other = (person(f"p{next(numbers)}", name) for name in names)
        print(LogicV2.compare(one, other, config).score)


def person(number: str, name: str) -> Any:
    """A person of whom nothing but the name is known."""
    found = model.make_entity("Person")
    found.id = number
    found.add("name", name)
    return found


if __name__ == "__main__":
    main()
