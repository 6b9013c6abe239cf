"""What a whole process took: processor time and memory, as the median of runs in turn."""
import os
import statistics
import subprocess
from typing import Callable, NamedTuple


class Took(NamedTuple):
    """Processor time, user and system, in seconds; the most memory held, in megabytes."""

    seconds: float
    megabytes: float


def once(command: list[str], folder: str = ".") -> Took:
    """Runs a command, which must succeed."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Took(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def in_turn(runs: dict[str, Callable[[], Took]], times: int) -> dict[str, Took]:
    """The medians of some runs, one after the other and all of them again."""
    took: dict[str, list[Took]] = {name: [] for name in runs}
    for _ in range(times):
        for name, run in runs.items():
            took[name].append(run())
    return {name: Took(statistics.median(t.seconds for t in all), statistics.median(t.megabytes for t in all)) for name, all in took.items()}
