"""The logs of issues that are measured: seeded, made up, and each a variant of one and the same.

Every log has the eight columns of the benchmark's own; whatever else is asked for comes behind them or is another dress of
the same cells. What is drawn for a variant comes from a chance of its own, so that two logs differ in nothing but what was
asked, and a short log is the beginning of a long one. Names are no real ones.
"""

import csv
import gzip
import io
import json
import os
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

COLUMNS = ["编号", "发现日期", "责任单位", "问题类别", "问题描述", "整改方式", "整改期限", "整改完成日期"]
CATEGORIES = ["消防安全", "环境卫生", "食品安全", "施工安全", "特种设备", "危险化学品", "交通运输", "疫情防控"]
DISPOSITIONS = ["现场整改", "限期整改", "立行立改", "交办"]
ROADS = ["金光路", "丰产路", "众意路", "商鼎路"]
SOURCES = ["日常检查", "群众举报", "上级交办", "网络舆情"]
WORDS = ["楼道堆放杂物，占用疏散通道，需要立即清理", "灭火器压力不足，已过期", "垃圾清运不及时，异味较重",
         "电缆沟盖板缺失，存在坠落风险，现场无警示标志", "“小饭桌”未公示食品安全承诺书"]
# Deadlines as offices write them.
LIMITS = ["当天", "次日", "三日内", "5日内", "3个工作日内", "一周内", "立行立改", "24小时内"]
# The spellings of a day, from its year, month and day.
SPELLINGS = ["{}-{:02}-{:02}", "{}/{}/{}", "{}年{}月{}日", "{}.{}.{}", "{}{:02}{:02}"]


@dataclass(frozen=True)
class Log:
    """What a log is like. Its issues are the same whatever columns, spellings and encoding it has."""

    rows: int
    units: int = 56
    # Columns behind the others: one of so many sites; one of four sources; one of so many teams; texts nobody asks for.
    sites: int = 0
    has_sources: bool = False
    teams: int = 0
    added: int = 0
    # The same cells, written otherwise.
    is_quoted: bool = False
    has_mixed_days: bool = False
    has_limits_in_words: bool = False
    has_line_breaks: bool = False
    newline: str = "\n"
    encoding: str = "utf-8"
    # Each row has a fault: a day that is none, a unit that is missing, an id of the row above, a deadline before the day found.
    is_faulty: bool = False
    # Whose log it is: stands before each name.
    district: str = ""
    # csv, csv.gz, json, mapping.json, yaml, mapping.yaml, inline.xlsx or shared.xlsx.
    form: str = "csv"
    seed: int = 7

    @property
    def name(self) -> str:
        """The file's name, which tells what is not as usual."""
        usual = Log(self.rows)
        told = [f"{key.removeprefix('is_').removeprefix('has_')}={value!r}" if not isinstance(value, bool) else key
                for key, value in vars(self).items() if key not in ("rows", "form") and value != getattr(usual, key)]
        plain = "+".join(told).replace("'", "").replace("\\", "")
        return f"log-{self.rows}{'-' if plain else ''}{plain}.{self.form}"


def described(rows: int, **more) -> Log:
    """The log of the main figures: ten columns, 56 units, 500 sites, 8 categories, 4 sources."""
    return Log(rows, sites=500, has_sources=True, **more)


def issues(log: Log) -> Iterator[list[str]]:
    """The head and the rows. What is drawn first, and in which order, is that of the benchmark's own log."""
    pick = random.Random(log.seed)
    dress, place, source, team, added = (random.Random(log.seed * 10 + one) for one in range(5))
    at = log.district
    names = "第{}街道办事处" if log.units < 1000 else "第{}号企业"
    units = [at + names.format(unit) for unit in range(1, log.units + 1)]
    sites = [f"{at}{ROADS[site % 4]}{site // 4 + 1}号点位" for site in range(log.sites)]
    head = COLUMNS + ["点位"] * bool(log.sites) + ["来源"] * log.has_sources + ["检查组"] * bool(log.teams)
    yield head + [f"附栏{column}" for column in range(1, log.added + 1)]
    for row in range(log.rows):
        month, day, kind = pick.randint(1, 8), pick.randint(1, 28), pick.randrange(4)
        text = f"{pick.choice(WORDS)}（{row}号）"
        text = f'门牌"{row % 90}"脱落, {text}' if pick.random() < 0.1 else text
        limit = f"2021-{month + 1:02}-{day:02}" if kind == 1 else ""
        done = f"2021-{month + 1:02}-{pick.randint(1, 28):02}" if pick.random() < 0.6 else ""
        cells = [f"{at}WT-{row}", f"2021-{month:02}-{day:02}", pick.choice(units), pick.choice(CATEGORIES), text,
                 DISPOSITIONS[kind], limit, done]
        if log.has_mixed_days:
            cells = [spelt(cell, dress) if column in (1, 6, 7) else cell for column, cell in enumerate(cells)]
        if log.has_limits_in_words and kind:
            cells[6] = dress.choice(LIMITS)
        if log.has_line_breaks:
            cells[4] = f"{text}\n要求：立即清理。\n负责人：见台账"
        if log.is_faulty:
            column, fault = [(1, "2021-02-30"), (2, ""), (0, f"{at}WT-{row - row % 4}"), (6, "2020-01-01")][row % 4]
            cells[column] = fault
        if log.sites:
            cells.append(place.choice(sites))
        if log.has_sources:
            cells.append(source.choice(SOURCES))
        if log.teams:
            cells.append(f"{at}第{team.randrange(log.teams) + 1}组")
        cells += [f"记{added.randrange(3000)}" for _ in range(log.added)]
        yield cells


def spelt(day: str, dress: random.Random) -> str:
    """A day in one of the spellings."""
    return dress.choice(SPELLINGS).format(*map(int, day.split("-"))) if day else ""


def records(log: Log) -> Iterator[dict[str, str]]:
    """The issues by the names of their columns, without what is blank."""
    rows = issues(log)
    head = next(rows)
    return ({key: cell for key, cell in zip(head, row) if cell} for row in rows)


def write(log: Log, path: Path) -> None:
    """Writes a log in its form."""
    match log.form.split("."):
        case ["csv", *packed]:
            with gzip.open(path, "wb", 6) if packed else path.open("wb") as file:
                out = io.TextIOWrapper(io.BufferedWriter(file, 1 << 20), log.encoding, newline="")
                quoting = csv.QUOTE_ALL if log.is_quoted else csv.QUOTE_MINIMAL
                csv.writer(out, lineterminator=log.newline, quoting=quoting).writerows(issues(log))
                out.flush()
        case ["json"]:
            path.write_text(json.dumps(list(records(log)), ensure_ascii=False), encoding=log.encoding)
        case ["mapping", "json"]:
            mapping = {"issues": list(records(log)), "检查组": "督查一组"}
            path.write_text(json.dumps(mapping, ensure_ascii=False, indent=2), encoding=log.encoding)
        case [*mapping, "yaml"]:
            with path.open("w", encoding=log.encoding) as out:
                out.write("检查组: 督查一组\nissues:\n" if mapping else "")
                for record in records(log):
                    lines = [f"{key}: {json.dumps(cell, ensure_ascii=False) if key == '问题描述' else cell}" for key, cell in record.items()]
                    out.write("- " + "\n  ".join(lines) + "\n")
        case [texts, "xlsx"]:
            workbook(log, path, texts == "inline")
        case _:
            raise ValueError(log.form)


def workbook(log: Log, path: Path, is_inline: bool) -> None:
    """A workbook with its texts in the cells, or in one list of shared ones."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": is_inline, "strings_to_numbers": False})
    sheet = book.add_worksheet("问题台账")
    for at, row in enumerate(issues(log)):
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(at, column, cell)
    book.close()


def letters(units: int) -> str:
    """Three overdue issues of each of so many units, as CSV."""
    lines = ["编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限"]
    for unit in range(1, units + 1):
        lines += [f"WT-{unit}-{i},2021-08-{i + 3:02},第{unit}街道办事处,消防安全,楼道堆放杂物，占用疏散通道{i},限期整改,2021-08-{i + 10:02}"
                  for i in range(3)]
    return "\n".join(lines) + "\n"


def made(folder: Path, *logs: Log) -> list[Path]:
    """The files of some logs, made once: side by side, as many as there are processors."""
    paths = [folder / log.name for log in logs]
    missing = [(log, path) for log, path in zip(logs, paths) if not path.exists()]
    missing.sort(key=lambda one: -one[0].rows)
    makers = [lambda log=log, path=path: whole(path, lambda half: write(log, half)) for log, path in missing]
    at_once = os.cpu_count() or 1
    for first in range(0, len(makers), at_once):
        together(makers[first:first + at_once])
    return paths


def whole(path: Path, make: Callable[[Path], None]) -> None:
    """A file under its name only when it is whole."""
    half = path.with_name("half-" + path.name)
    make(half)
    half.rename(path)


def together(makers: list[Callable[[], None]]) -> None:
    """Each in a process of its own, which takes its memory along when it ends."""
    sys.stdout.flush()
    children = []
    for make in makers:
        child = os.fork()
        if child == 0:
            try:
                make()
                os._exit(0)
            except BaseException as fault:  # Nothing of a copy of this process may go on.
                print(repr(fault), file=sys.stderr, flush=True)
                os._exit(1)
        children.append(child)
    if any([os.waitpid(child, 0)[1] for child in children]):
        sys.exit("a log could not be made")


def repeated(small: Path, large: Path, times: int) -> Path:
    """The rows of a log several times, for what does not ask whether an id is new."""

    def make(half: Path) -> None:
        with half.open("wb") as out:
            for time in range(times):
                with small.open("rb") as rows:
                    header = rows.readline()
                    out.write(header if time == 0 else b"")
                    shutil.copyfileobj(rows, out, 1 << 20)

    if not large.exists():
        whole(large, make)
    return large
