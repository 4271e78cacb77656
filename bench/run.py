"""Run every measurement, or those named: `python -m bench.run [NAME...]`."""

import os
import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(wanted: list[str]) -> int:
    """Describe the machine, then let each measurement print its own table in its own process."""
    found = sorted(path.parent.name for path in HERE.glob("*/run.py"))
    unknown = sorted(set(wanted) - set(found))
    if unknown:
        print(f"No measurement named {', '.join(unknown)}; there are: {', '.join(found) or 'none'}")
        return 2
    print(_machine())
    failed = []
    for name in wanted or found:
        print(f"\n{name}\n", flush=True)
        done = subprocess.run([sys.executable, "-m", f"bench.{name}.run"], check=False)
        if done.returncode:
            failed.append(name)
    if not found:
        print("No measurement yet.")
    if failed:
        print(f"\nFailed: {', '.join(failed)}")
    return 1 if failed else 0


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
