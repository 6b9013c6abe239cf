"""What a whole process took: processor time, time on the clock and memory, and the medians of several runs."""

import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NamedTuple


class Took(NamedTuple):
    """Processor time, user and system, in seconds; seconds on the clock; the most memory held, in megabytes."""

    seconds: float
    wall: float
    megabytes: float


class Failed(Exception):
    """A process that was measured ended otherwise than it should."""


def once(command: list[str], folder: Path | str = ".", output: Path | None = None, codes: tuple[int, ...] = (0,)) -> Took:
    """Runs a command, which must end with one of the codes. What it prints goes to a file, or nowhere.

    GNU time begins the command as its own child: a process begun from here counts this one's memory as its own.
    """
    with tempfile.TemporaryFile() as said, open(output or os.devnull, "wb") as printed:
        began = time.perf_counter()
        process = subprocess.Popen(["time", "--quiet", "--format=%M", *command], cwd=folder, stdout=printed, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        *lines, memory = said.read().decode(errors="replace").splitlines()
    if process.returncode not in codes:
        raise Failed(f"{' '.join(command[:3])} … ended with {process.returncode}: " + "\n".join(lines))
    return Took(used.ru_utime + used.ru_stime, wall, int(memory) / 1024)


class Runs(NamedTuple):
    """All runs of one command: medians of its times, and the most memory that any held."""

    all: list[Took]
    # Those of an older binary, which had its turns among them.
    before: list[Took] = []

    @property
    def seconds(self) -> float:
        return statistics.median(took.seconds for took in self.all)

    @property
    def wall(self) -> float:
        return statistics.median(took.wall for took in self.all)

    @property
    def megabytes(self) -> float:
        return max(took.megabytes for took in self.all)


def on_the_clock(command: list[str]) -> Took:
    """Runs a command of a few milliseconds, of which processor time is too coarse and the start of GNU time a part."""
    nowhere = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)
    began = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=[nowhere])
    _, status, used = os.wait4(process, 0)
    wall = time.perf_counter() - began
    if status:
        raise Failed(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return Took(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)
