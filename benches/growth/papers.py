"""Papers over many issues: bulletins, a summary, reminders, and a ledger beside xlsxwriter."""

import datetime
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import logs
from growth.bench import Bench, Growth, Limits, Part, Row, same
from growth.measured import once
from growth.tally import PEERS

SOME = logs.described(30_000)
MANY = logs.described(100_000)
MOST = logs.described(600_000)


def bulletins(bench: Bench, some: Path, many: Path) -> Iterator[Row | Growth]:
    """A bulletin in each format over 30,000 and 100,000 issues: seconds, memory an issue, the size of its figures."""
    for log, path, limits in ((SOME, some, Limits(seconds=1.5, megabytes=60)), (MANY, many, Limits(megabytes=300))):
        for form in ("md", "html", "docx"):
            took = bench.in_turn({"draft": lambda: bench.draft(["bulletin", "--to", form], path)}, {"draft"})["draft"]
            figures = sum(file.stat().st_size for file in (bench.work / "drafts").glob("*.figures.json"))
            told = f"{took.megabytes * 1000 / log.rows:.1f} KB an issue, figures.json {figures / 1e6:.0f} MB"
            yield Row(f"bulletin .{form} over {log.rows:,} issues", took, limits, told=told)
    for form in ("md", "html", "docx"):
        yield from growth(bench, f"bulletin .{form}, by issues", ["bulletin", "--to", form], (1_000, 10_000, 100_000))


def counted(bench: Bench, path: Path) -> Iterator[Row | Growth]:
    """A summary, and the reminders to 56 units, over 600,000 rows: beside a tally of them."""
    papers = {"summary .md": ["summary", "--to", "md"], "reminders .docx": ["reminder", "--to", "docx"]}
    runs = {name: lambda paper=paper: bench.draft(paper, path) for name, paper in papers.items()}
    took = bench.in_turn(runs | {"tally": lambda: once(bench.tally(path))}, {*runs, "tally"})
    for name, paper in papers.items():
        yield Row(f"{name} over {MOST.rows:,} rows", took[name], Limits(3), "tally of them", took["tally"])
        yield from growth(bench, f"{name}, by rows", paper, (6_000, 60_000, 600_000))


def ledger(bench: Bench, path: Path) -> Iterator[Row | Growth]:
    """A ledger as a workbook beside xlsxwriter, which writes the cells that duban's has, and reads no log."""
    paper, cells, written = ["ledger", "--to", "xlsx"], bench.work / "cells.json", bench.work / "written.xlsx"
    bench.draft(paper, path)
    sheets = read(next((bench.work / "drafts").glob("*.xlsx")))
    cells.write_text(json.dumps(sheets, ensure_ascii=False), encoding="utf-8")
    command = [sys.executable, str(PEERS / "ledger_xlsxwriter.py"), str(cells), str(written)]
    took = bench.in_turn({"duban": lambda: bench.draft(paper, path), "xlsxwriter": lambda: once(command)}, {"duban"})
    same("ledger, xlsxwriter", read(written), sheets)
    yield Row(f"ledger .xlsx of {SOME.rows:,} issues", took["duban"], Limits(0.3, megabytes=60), "xlsxwriter", took["xlsxwriter"])
    yield from growth(bench, "ledger .xlsx, by issues", paper, (3_000, 30_000, 300_000))


def read(workbook: Path) -> list:
    """The cells of a workbook, sheet by sheet, as JSON can hold them."""
    from python_calamine import CalamineWorkbook

    def cell(value: object) -> object:
        return {"day": value.isoformat()[:10]} if isinstance(value, datetime.date) else value

    book = CalamineWorkbook.from_path(workbook)
    return [[name, [[cell(value) for value in row] for row in book.get_sheet_by_name(name).to_python()]] for name in book.sheet_names]


def growth(bench: Bench, work: str, paper: list[str], sizes: tuple[int, ...]) -> Iterator[Growth]:
    """A paper at three sizes."""
    if bench.has_growth:
        paths = bench.logs(*map(logs.described, sizes))
        yield from bench.grown(work, {rows: lambda path=path: bench.draft(paper, path) for rows, path in zip(sizes, paths)})


PARTS = {"bulletin": Part([SOME, MANY], bulletins), "counted": Part([MOST], counted), "ledger": Part([SOME], ledger)}
