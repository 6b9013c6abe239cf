"""What the parts of the table have in common: the binary, the folder, a row with what it must reach, and growth."""

import math
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import logs
from growth.measured import Runs, Took, once

AS_OF = ["--as-of", "2021-10-01"]


class Differs(Exception):
    """duban and a peer, or two logs of the same issues, do not give the same answer."""


class Limits(NamedTuple):
    """The most that a row may take: times its peer, seconds, megabytes."""

    ratio: float | None = None
    seconds: float | None = None
    megabytes: float | None = None

    def __str__(self) -> str:
        shown = [f"≤ {limit:g} {unit}" for limit, unit in zip(self, ("×", "s", "MB")) if limit is not None]
        return ", ".join(shown)

    def hold(self, ratio: float, seconds: float, megabytes: float) -> bool:
        return all(limit is None or found <= limit for limit, found in zip(self, (ratio, seconds, megabytes)))


@dataclass
class Row:
    """A row of the table. The ratio is that of processor time, unless it is said what it is of."""

    work: str
    ours: Runs
    limits: Limits
    # Beside what it is set, and what that took.
    peer: str = ""
    theirs: Runs | None = None
    ratio: float | None = None
    # What else there is to say of it.
    told: str = ""
    is_on_the_clock: bool = False

    def cells(self) -> list[str]:
        """The cells of the row, in the order of `HEAD`."""
        ours, theirs = ((runs and (runs.wall if self.is_on_the_clock else runs.seconds)) for runs in (self.ours, self.theirs))
        ratio = self.ratio if self.ratio is not None else ours / theirs if theirs else math.nan
        held = self.limits.hold(ratio, ours, self.ours.megabytes)
        return [
            self.work + (f" ({self.told})" if self.told else ""),
            f"{ours:.4f}" if self.is_on_the_clock else f"{ours:.3f}",
            f"{self.ours.megabytes:.0f}",
            self.before(),
            f"{self.peer} {theirs:.3f} s" if theirs else self.peer,
            "" if math.isnan(ratio) else f"{ratio:.3f}" if ratio < 0.1 else f"{ratio:.2f}",
            str(self.limits),
            "" if not any(self.limits) else "yes" if held else "**no**",
        ]


    def before(self) -> str:
        """What the old binary took, and how many times that is of what it takes now."""
        if not self.ours.before:
            return ""
        before = Runs(self.ours.before)
        now, then = (self.ours.wall, before.wall) if self.is_on_the_clock else (self.ours.seconds, before.seconds)
        return f"{then:.3f} s, {then / now:.2f} ×" + ("" if self.is_on_the_clock else f", {before.megabytes:.0f} MB")


HEAD = ["work", "duban s", "MB", "old", "peer", "ratio", "wanted", "reached"]


class Growth(NamedTuple):
    """What one kind of work took at three sizes."""

    work: str
    sizes: list[int]
    runs: list[Runs]

    def exponent(self, figure: Callable[[Runs], float]) -> float:
        """The power of the size that a figure grew with from the middle size to the largest: a start weighs on the smallest."""
        (_, few, many), (_, before, after) = self.sizes, map(figure, self.runs)
        return math.log(after / before) / math.log(many / few)


@dataclass
class Bench:
    """How all is measured: which binary, where, how often, and whether growth is asked for."""

    new: str
    work: Path
    rounds: int = 3
    has_growth: bool = False
    old: str | None = None
    # Whose turn it is.
    is_old_now: bool = False

    @property
    def duban(self) -> str:
        """The binary whose turn it is: a command is made when it is run."""
        return self.old if self.old and self.is_old_now else self.new

    def place(self, name: str) -> Path:
        """A place in the folder, another one for the old binary."""
        return self.work / (f"{name}-old" if self.is_old_now else name)

    def logs(self, *some: logs.Log) -> list[Path]:
        """The files of some logs."""
        return logs.made(self.work, *some)

    def tally(self, path: Path, by: str = "unit,category") -> list[str]:
        """The command that counts a log, as JSON."""
        return [self.duban, "tally", str(path), "--by", by, *AS_OF, "--format", "json"]

    def output(self, name: str) -> Path:
        """Where a command of this name printed to, when it was measured."""
        return self.place(f"printed-{name.replace('/', '-')}")

    def measure(self, commands: dict[str, list[str]], codes: tuple[int, ...] = (0,), rounds: int | None = None) -> dict[str, Runs]:
        """Each command in turn."""

        def run(name: str) -> Took:
            binary, *words = commands[name]
            return once([self.duban if binary == self.new else binary, *words], output=self.output(name), codes=codes)

        ours = {name for name, command in commands.items() if command[0] == self.new}
        return self.in_turn({name: lambda name=name: run(name) for name in commands}, ours, rounds)

    def in_turn(self, runs: dict[str, Callable[[], Took]], ours: set[str], rounds: int | None = None) -> dict[str, Runs]:
        """Some runs one after the other, and all of them again: a slow minute of the machine is everybody's. Behind each of
        ours the old binary has its turn, if there is one."""
        took = {name: Runs([], []) for name in runs}
        for _ in range(rounds or self.rounds):
            for name, run in runs.items():
                took[name].all.append(run())
                if self.old and name in ours:
                    self.is_old_now = True
                    took[name].before.append(run())
                    self.is_old_now = False
        return took

    def draft(self, paper: list[str], log: Path) -> Took:
        """Writes papers into a folder that is not there before and stays until the next."""
        folder = self.place("drafts")
        shutil.rmtree(folder, ignore_errors=True)
        return once([self.duban, "--lang", "zh", "draft", *paper, str(log), *AS_OF, "-o", str(folder)])

    def grown(self, work: str, runs: dict[int, Callable[[], Took]]) -> Iterator[Growth]:
        """The growth of a work over three sizes, if it is asked for."""
        if self.has_growth:
            took = self.in_turn({str(size): run for size, run in runs.items()}, set())
            yield Growth(work, list(runs), list(took.values()))


def same(of: str, ours: object, theirs: object) -> None:
    """The two answers are the same, or the measurement is worth nothing."""
    if ours != theirs:
        raise Differs(f"{of}: the answers differ")


class Part(NamedTuple):
    """A part of the table: its rows, and the logs that they are of. A log stays as long as a later part names it."""

    logs: list[logs.Log]
    rows: Callable[..., Iterator[Row | Growth]]
