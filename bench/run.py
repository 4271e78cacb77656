"""Run every measurement, or those named: `python -m bench.run [NAME...]`.

What a measurement prints is kept in `bench/results/NAME.txt`, with the machine that it was taken
on, when it ran to its end without a failure.
"""

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "results"


def main(wanted: list[str]) -> int:
    """Describe the machine, then let each measurement print its own table in its own process."""
    found = sorted(path.parent.name for path in HERE.glob("*/run.py"))
    unknown = sorted(set(wanted) - set(found))
    if unknown:
        print(f"No measurement named {', '.join(unknown)}; there are: {', '.join(found) or 'none'}")
        return 2
    machine = _machine()
    print(machine)
    failed = []
    for name in wanted or found:
        print(f"\n{name}\n", flush=True)
        began = datetime.now(UTC)
        load = _load()
        code, said = _measured(name)
        if code:
            failed.append(name)
            continue
        RESULTS.mkdir(exist_ok=True)
        head = f"{machine}\n{began:%Y-%m-%d %H:%M} UTC, load before it {load}\n\n"
        (RESULTS / f"{name}.txt").write_text(head + said, encoding="utf-8")
    if not found:
        print("No measurement yet.")
    if failed:
        print(f"\nFailed: {', '.join(failed)}")
    return 1 if failed else 0


def _measured(name: str) -> tuple[int, str]:
    """The measurement's exit code and what it printed, shown line by line as it comes."""
    said = []
    command = [sys.executable, "-u", "-m", f"bench.{name}.run"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as running:
        assert running.stdout is not None
        for line in running.stdout:
            print(line, end="", flush=True)
            said.append(line)
    return running.returncode, "".join(said)


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def _machine() -> str:
    memory = ""
    if hasattr(os, "sysconf"):
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        memory = f", {total / 2**30:.0f} GiB memory"
    return (
        f"{platform.system()} {platform.release()}, {platform.machine()}, "
        f"{os.cpu_count()} cores{memory}, Python {platform.python_version()}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
