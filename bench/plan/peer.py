"""kep_solver on a pool from standard input; run by the interpreter of .venv-peers alone.

It is under the AGPL: nothing here is imported by anything else, and it is in no package.
"""

import json
import sys
import time

from kep_solver.entities import Donor, Instance, Transplant
from kep_solver.model import CycleAndChainModel, ThreeWay, TransplantCount


def main() -> None:
    """Levels as kep_solver solves them: as many as possible, then the fewest rings of three."""
    given = json.load(sys.stdin)
    began, spent = time.perf_counter(), time.process_time()
    instance = Instance()
    for number in range(given["members"]):
        donor = Donor(f"d{number}")
        recipient = instance.recipient(f"r{number}")
        donor.recipient = recipient
        recipient.addDonor(donor)
        instance.addDonor(donor)
    for one, other, score in given["gives"]:
        donor = instance.donor(f"d{one}")
        instance.addTransplant(Transplant(donor, instance.recipient(f"r{other}"), float(score)))
    model = CycleAndChainModel(
        instance, [TransplantCount(), ThreeWay()], maxCycleLength=3, maxChainLength=0
    )
    model.solve()
    seconds = time.perf_counter() - began
    print(
        json.dumps(
            {
                "values": model.objective_values,
                "seconds": seconds,
                "processor": time.process_time() - spent,
            }
        )
    )


if __name__ == "__main__":
    main()
