"""Tallies beside polars and DuckDB, on logs that no memo of duban holds.

    python3 tally.py DUBAN WORK [LOG ...]       LOG is one of those below; without any, all

Seconds are user and system time of whole processes, medians of runs in turn, and every answer is compared with that of
the peers. Names are made up, and the same seed gives the same log.
"""

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from measured import in_turn, once

PEERS = Path(__file__).parent.parent / "peers"
TIMES = 5
AS_OF = "2021-10-01"
UNITS = [f"第{unit}街道办事处" for unit in range(1, 57)]
SITES = [f"{road}{number}号点位" for number in range(1, 126) for road in ("金光路", "丰产路", "众意路", "商鼎路")]
CATEGORIES = ["消防安全", "环境卫生", "食品安全", "施工安全", "特种设备", "危险化学品", "交通运输", "疫情防控"]
DISPOSITIONS = {"on_site": "现场整改", "immediate": "立行立改", "deadline": "限期整改", "assigned": "交办"}
SOURCES = {"routine": "日常检查", "public": "群众举报", "superior": "上级交办", "media": "网络舆情"}
WORDS = ["楼道堆放杂物，占用疏散通道，需要立即清理", "灭火器压力不足，已过期", "垃圾清运不及时，异味较重",
         "电缆沟盖板缺失，存在坠落风险，现场无警示标志", "“小饭桌”未公示食品安全承诺书"]
COUNTS = ["rectified", "open", "overdue", "due_soon", "late", "repeat"]
Row = dict[str, str]


def issues(rows: int, units: list[str]) -> Iterator[Row]:
    """Issues of eight columns; a tenth of the descriptions is quoted."""
    pick = random.Random(7)
    kinds = list(DISPOSITIONS.values())
    for row in range(rows):
        month, day, kind = pick.randint(1, 8), pick.randint(1, 28), pick.randrange(4)
        text = f"{pick.choice(WORDS)}（{row}号）"
        yield {
            "编号": f"WT-{row}",
            "发现日期": f"2021-{month:02}-{day:02}",
            "责任单位": pick.choice(units),
            "问题类别": pick.choice(CATEGORIES),
            "问题描述": f'"门牌""{row % 90}""脱落, {text}"' if pick.random() < 0.1 else text,
            "整改方式": kinds[kind],
            "整改期限": f"2021-{month + 1:02}-{day:02}" if kinds[kind] == "限期整改" else "",
            "整改完成日期": f"2021-{month + 1:02}-{pick.randint(1, 28):02}" if pick.random() < 0.6 else "",
        }


def described(rows: int) -> Iterator[Row]:
    """Ten columns: with one of 500 sites and one of four sources."""
    pick = random.Random(8)
    for issue in issues(rows, UNITS):
        yield issue | {"点位": pick.choice(SITES), "来源": pick.choice(list(SOURCES.values()))}


def many_units(rows: int) -> Iterator[Row]:
    """A hundred thousand units."""
    return issues(rows, [f"第{unit}号企业" for unit in range(1, 100_001)])


def wide(rows: int) -> Iterator[Row]:
    """52 columns more that nobody asks for."""
    pick = random.Random(9)
    for issue in issues(rows, UNITS):
        yield issue | {f"附栏{column}": f"记{pick.randrange(3000)}" for column in range(52)}


def quoted(rows: int) -> Iterator[Row]:
    """Every cell quoted."""
    for issue in issues(rows, UNITS):
        yield {name: text if text.startswith('"') else f'"{text}"' for name, text in issue.items()}


# How each log is made, its rows at full size, and the keys it is counted by.
LOGS: dict[str, tuple[Callable[[int], Iterator[Row]], int, list[str]]] = {
    "described": (described, 2_800_000, ["unit", "category"]),
    "plain": (lambda rows: issues(rows, UNITS), 3_750_000, ["unit", "category"]),
    "wide": (wide, 600_000, ["unit", "category"]),
    "quoted": (quoted, 2_000_000, ["unit", "category"]),
    "many_units": (many_units, 350_000, ["unit"]),
}


def written(path: Path, rows: Iterator[Row]) -> Path:
    """The rows as CSV; texts with a comma or a quote come quoted."""
    if not path.exists():
        half = path.with_suffix(".half")
        with half.open("w", encoding="utf-8") as out:
            for number, row in enumerate(rows):
                out.write(",".join(row) + "\n" if number == 0 else "")
                out.write(",".join(row.values()) + "\n")
        half.rename(path)
    return path


def figures(output: bytes, keys: list[str], has_more: bool) -> list[str]:
    """The groups of duban as the lines that the peers print."""
    lines = []
    for group in json.loads(output)["groups"]:
        values = [group["key"][key] for key in keys] + [group["found"]]
        values += [group["disposition"].get(name, 0) for name in DISPOSITIONS] + [group[name] for name in COUNTS]
        values += [group["source"].get(name, 0) for name in SOURCES] + [group["sites"]] if has_more else []
        lines.append(",".join(map(str, values)))
    return sorted(lines)


def main() -> None:
    duban, work = sys.argv[1], Path(sys.argv[2])
    print(f"{'log':<12}{'MB':>6}  {'seconds':>8}{'MB held':>9}  {'÷ polars':>9}{'÷ DuckDB':>9}  {'ns a byte':>9}")
    for name in sys.argv[3:] or LOGS:
        make, rows, keys = LOGS[name]
        path = written(work / f"{name}.csv", make(rows))
        columns = ["责任单位" if key == "unit" else "问题类别" for key in keys]
        commands = {"duban": [duban, "tally", str(path), "--by", ",".join(keys), "--as-of", AS_OF, "--format", "json"]}
        for peer in ("polars", "duckdb"):
            commands[peer] = [sys.executable, str(PEERS / f"counts_{peer}.py"), str(path), *columns]
        took = in_turn({who: lambda command=command: once(command) for who, command in commands.items()}, TIMES)
        answers = {who: subprocess.run(command, capture_output=True, check=True).stdout for who, command in commands.items()}
        expected = figures(answers.pop("duban"), keys, name == "described")
        for who, answer in answers.items():
            if sorted(answer.decode().splitlines()) != expected:
                sys.exit(f"{who} does not say what duban says of {name}")
        ours, size = took["duban"], path.stat().st_size
        print(f"{name:<12}{size / 1e6:>6.0f}  {ours.seconds:>8.3f}{ours.megabytes:>9.0f}  {ours.seconds / took['polars'].seconds:>9.2f}"
              f"{ours.seconds / took['duckdb'].seconds:>9.2f}  {ours.seconds / size * 1e9:>9.2f}", flush=True)


if __name__ == "__main__":
    main()
