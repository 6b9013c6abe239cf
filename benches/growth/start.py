"""The start: seconds on the clock, since processor time is too coarse for a few milliseconds."""

from collections.abc import Iterator
from pathlib import Path

import logs
from growth.bench import AS_OF, Bench, Limits, Part, Row
from growth.measured import Runs, in_turn, on_the_clock, once


def starts(bench: Bench, path: Path) -> Iterator[Row]:
    """Beside a process that does nothing."""
    commands = {"true": ["true"], "version": [bench.duban, "--version"], "check": [bench.duban, "check", "-q", *AS_OF, str(path)]}
    took = in_turn({name: lambda command=command: on_the_clock(command) for name, command in commands.items()}, 20 * bench.rounds)
    for name, work, most in (("version", "start, `--version`", 0.003), ("check", "check of ten rows", 0.004)):
        # The memory is that of a run begun by GNU time: one begun from here counts this process's memory as its own.
        megabytes = once(commands[name]).megabytes
        ours = Runs([run._replace(megabytes=megabytes) for run in took[name].all])
        yield Row(f"{work}, on the clock", ours, Limits(seconds=most), "true", took["true"], is_on_the_clock=True)


PARTS = {"start": Part([logs.Log(10)], starts)}
