"""Every row of the table of speed and memory, in one run: table.py DUBAN WORK [--only PART…] [--rounds N] [--growth] [--old BINARY].

Prints a Markdown table. Seconds are user and system time of whole processes, medians of runs in turn; MB is the most that a
process held; of starts, the seconds on the clock, since processor time is too coarse. Where there is a peer its answer is
compared, and the run ends with an error if it is another. `--growth` adds each work at three sizes, and the exponents.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

# What is run from anywhere finds the modules beside it, and its own folder as `growth`.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from growth import builds, checks, letters, merge, papers, readers, register, start, tally  # noqa: E402
from growth.bench import HEAD, Bench, Differs, Growth, Part  # noqa: E402
from growth.measured import Failed  # noqa: E402

# In this order, so that large logs stand no longer than they must. Starts are first: a process is begun faster from a small one.
MODULES = [start, tally, checks, readers, papers, register, merge, letters]
USUAL: dict[str, Part] = {name: part for module in MODULES for name, part in module.PARTS.items()}
PARTS = USUAL | builds.PARTS


def line(cells: list[str]) -> None:
    """A line of a Markdown table, as soon as it is known."""
    print(f"| {' | '.join(cells)} |", flush=True)


def clean(work: Path, later: list[Part]) -> None:
    """Removes all but the logs that a later part names."""
    kept = {log.name for part in later for log in part.logs}
    for path in work.iterdir():
        if path.name not in kept:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def show_growth(growths: list[Growth]) -> None:
    """The sizes side by side, with the exponents of the last step."""
    print()
    line(["work", "sizes", "seconds", "MB", "exponent of time", "of memory"])
    line(["---", "---", "---", "---", "---:", "---:"])
    for growth in growths:
        line([growth.work, " / ".join(f"{size:,}" for size in growth.sizes), " / ".join(f"{runs.seconds:.3f}" for runs in growth.runs),
              " / ".join(f"{runs.megabytes:.0f}" for runs in growth.runs),
              f"{growth.exponent(lambda runs: runs.seconds):.2f}", f"{growth.exponent(lambda runs: runs.megabytes):.2f}"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("duban")
    parser.add_argument("work", type=Path, help="a folder for logs, about 3 GB; what is in its `table` is removed")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=list(USUAL), metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--old", type=Path, metavar="BINARY", help="an older duban, which has its turns too and a column of the table")
    parser.add_argument("--growth", action="store_true", help="each work at three sizes too, with the exponent")
    args = parser.parse_args()
    work = args.work.resolve() / "table"
    work.mkdir(parents=True, exist_ok=True)
    bench = Bench(str(Path(args.duban).resolve()), work, args.rounds, args.growth, args.old and str(args.old.resolve()))
    version = subprocess.run([bench.duban, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    print(f"{version}, {platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}, {args.rounds} rounds\n")
    line(HEAD)
    line(["---", "---:", "---:", "---", "---", "---:", "---", "---"])
    parts = [(name, part) for name, part in PARTS.items() if name in args.only]
    growths, faults = [], []
    for at, (name, part) in enumerate(parts):
        began = time.monotonic()
        try:
            for found in part.rows(bench, *bench.logs(*part.logs)):
                growths.append(found) if isinstance(found, Growth) else line(found.cells())
        except (Failed, Differs) as fault:
            # The other parts are worth having all the same.
            faults.append(f"{name}: {fault}")
        clean(work, [later for _, later in parts[at + 1:]])
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    if growths:
        show_growth(growths)
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
