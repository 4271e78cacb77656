"""The child process of a matching: two lists come in on stdin, proposals go out on stdout."""

from __future__ import annotations

import json
import os
import sys

from homeward.people import propose, read_list


def main() -> None:
    """Read ``{"sought": CSV, "held": CSV}``; write each pair as the office keeps it."""
    os.nice(5)  # pages and the line go first
    lists = json.load(sys.stdin)
    lines = [
        read_list(f"{name}.csv", lists[name].encode()).lines if lists[name] else ()
        for name in ("sought", "held")
    ]
    matching = propose(*lines)
    pairs = [
        {
            "sought_id": pair.sought_id,
            "held_id": pair.held_id,
            "probability": pair.probability,
            "decision": pair.decision,
            "reasons": ";".join(pair.reasons),
        }
        for pair in (*matching.same, *matching.review)
    ]
    json.dump(pairs, sys.stdout)


if __name__ == "__main__":
    main()
