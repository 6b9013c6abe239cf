"""1,000 letters beside docxtpl, as compare.py has them: a letter of ours as the template, and the office's own."""

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator

import compare
import logs
from growth.bench import Bench, Growth, Limits, Part, Row


def letters(bench: Bench) -> Iterator[Row | Growth]:
    """The texts of all letters are compared; what compare.py prints goes to standard error."""
    args = argparse.Namespace(work=bench.work, duban=bench.duban, rounds=bench.rounds)
    ways: dict[str, Callable] = {"": compare.letters, " on an office's Word template": compare.frames}
    for name, run in ways.items():
        with contextlib.redirect_stdout(sys.stderr):
            duban, peer = run(args)
        yield Row(f"{compare.LETTERS:,} letters .docx{name}", duban.runs, Limits(0.01), "docxtpl", peer.runs)
    if bench.has_growth:
        runs = {}
        for count in (100, 1_000, 10_000):
            log = bench.work / f"letters-{count}.csv"
            log.write_text(logs.letters(count), encoding="utf-8")
            runs[count] = lambda log=log: bench.draft(["reminder", "--to", "docx"], log)
        yield from bench.grown("letters .docx, by their number", runs)


PARTS = {"letters": Part([], letters)}
