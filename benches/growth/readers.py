"""What it costs to read a log in each form: JSON, YAML, workbooks, GB18030, UTF-16, gzip, each beside a peer.

A figure is the user and system time of whole processes, the median of runs in turn; memory is the most one held.
Data is seeded; no name in it is real. `python readers.py DUBAN WORK [PART…]` prints the ratios; each peer gives the
counts by unit and category, and a run ends with an error if they are not those of duban.
"""

import csv
import gzip
import json
import os
import random
import statistics
import subprocess
import sys
from pathlib import Path

KEYS = ["编号", "发现日期", "责任单位", "点位", "问题类别", "问题来源", "问题描述", "整改方式", "整改期限", "整改完成日期"]
UNITS = [f"第{i}街道办事处" for i in range(1, 57)]
CATEGORIES = ["消防安全", "环境卫生", "食品安全", "施工安全", "特种设备", "危险化学品", "交通运输", "疫情防控"]
SOURCES = ["自查", "日常检查", "专项检查", "暗访"]
WORDS = ["楼道堆放杂物，占用疏散通道，需要立即清理", "灭火器压力不足，已过期", "垃圾清运不及时，异味较重",
         "电缆沟盖板缺失，存在坠落风险，现场无警示标志", "“小饭桌”未公示食品安全承诺书"]


def records(count: int):
    """Records of ten cells: 56 units, 500 sites, 8 categories, 4 sources."""
    pick = random.Random(7)
    for row in range(count):
        month, day, kind = pick.randint(1, 8), pick.randint(1, 28), pick.randrange(4)
        limit = f"2021-{month + 1:02}-{day:02}" if kind == 1 else ""
        done = f"2021-{month + 1:02}-{pick.randint(1, 28):02}" if pick.random() < 0.6 else ""
        yield [f"WT-{row}", f"2021-{month:02}-{day:02}", pick.choice(UNITS), f"点位{pick.randrange(500):03}",
               pick.choice(CATEGORIES), pick.choice(SOURCES), f"{pick.choice(WORDS)}（{row}号）",
               ["现场整改", "限期整改", "立行立改", "交办"][kind], limit, done]


def json_log(path: Path, count: int, indent: int | None = None) -> None:
    """A list of records, blank cells left out."""
    rows = [{key: cell for key, cell in zip(KEYS, row) if cell} for row in records(count)]
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=indent), encoding="utf-8")


def json_mapping(path: Path, count: int) -> None:
    """A mapping with defaults behind its issues, as other programs write it."""
    rows = [{key: cell for key, cell in zip(KEYS, row) if cell} for row in records(count)]
    path.write_text(json.dumps({"issues": rows, "检查组": "督查一组"}, ensure_ascii=False, indent=2), encoding="utf-8")


def yaml_log(path: Path, count: int, is_mapping: bool = False) -> None:
    """A list of records in block style, as PyYAML writes it."""
    with path.open("w", encoding="utf-8") as out:
        if is_mapping:
            out.write("检查组: 督查一组\nissues:\n")
        for row in records(count):
            lead = "- "
            for key, cell in zip(KEYS, row):
                if cell:
                    out.write(f"{lead}{key}: {cell}\n")
                    lead = "  "


def table(path: Path, count: int, encoding: str = "utf-8", newline: str = "\n") -> None:
    """A table; with the ending .gz, packed."""
    opened = gzip.open(path, "wt", 6, encoding, newline="") if path.suffix == ".gz" else path.open(
        "w", encoding=encoding, newline="")
    with opened as out:
        rows = csv.writer(out, lineterminator=newline)
        rows.writerow(KEYS)
        rows.writerows(records(count))


def workbook(path: Path, count: int, inline: bool) -> None:
    """A workbook with its texts in the cells or in one list of shared ones."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": inline, "strings_to_numbers": False})
    sheet = book.add_worksheet("问题台账")
    for at, row in enumerate([KEYS, *records(count)] if not inline else _headed(count)):
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(at, column, cell)
    book.close()


def _headed(count: int):
    yield KEYS
    yield from records(count)


# The peers: each counts by unit and category, from the start of Python to its end.
COUNT = """
counts = {}
for row in rows:
    key = row["责任单位"], row["问题类别"], row["整改方式"]
    counts[key] = counts.get(key, 0) + 1
for key in sorted(counts):
    print(*key, counts[key], sep=",")
"""
PEERS = {
    "json": "import json, sys\nrows = json.load(open(sys.argv[1], encoding='utf-8'))\n"
            "rows = rows if isinstance(rows, list) else rows['issues']" + COUNT,
    "yaml": "import yaml, sys\nrows = yaml.load(open(sys.argv[1], 'rb'), Loader=yaml.CBaseLoader)\n"
            "rows = rows if isinstance(rows, list) else rows['issues']" + COUNT,
    "xlsx": "import sys\nfrom python_calamine import CalamineWorkbook\n"
            "cells = iter(CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python())\n"
            "keys = next(cells)\nrows = (dict(zip(keys, row)) for row in cells)" + COUNT,
}
NAMES = {"on_site": "现场整改", "deadline": "限期整改", "immediate": "立行立改", "assigned": "交办"}


def run(command: list[str], out: Path) -> tuple[float, float]:
    """The processor time in seconds and the memory in MB of a whole process."""
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, str(out), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)])
    _, status, used = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f"{command} ended with {status}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def in_turn(contenders: dict[str, list[str]], rounds: int, work: Path) -> dict[str, tuple[float, float, bytes]]:
    """Median time, greatest memory and output of each, run one after another."""
    seen = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, command in contenders.items():
            seen[name].append(run(command, work / f"out-{name}"))
    return {name: (statistics.median(used[0] for used in runs), max(used[1] for used in runs),
                   (work / f"out-{name}").read_bytes()) for name, runs in seen.items()}


def tally(duban: str, path: Path) -> list[str]:
    """The command that is measured."""
    return [duban, "tally", str(path), "--by", "unit,category", "--as-of", "2021-10-01", "--format", "json"]


def as_lines(output: bytes) -> list[str]:
    """duban's JSON as the lines of a peer."""
    groups = json.loads(output)["groups"]
    return sorted(f"{group['key']['unit']},{group['key']['category']},{NAMES[name]},{count}"
                  for group in groups for name, count in group["disposition"].items())


def compare(title: str, binaries: dict[str, str], path: Path, peer: list[str] | None, rounds: int, work: Path) -> None:
    """Prints times, memory and the ratios to the peer; every answer must be the same."""
    contenders = {name: tally(binary, path) for name, binary in binaries.items()}
    if peer:
        contenders["peer"] = peer
    found = in_turn(contenders, rounds, work)
    answers = {name: output for name, (_, _, output) in found.items() if name != "peer"}
    if len(set(answers.values())) > 1:
        sys.exit(f"{title}: the binaries differ")
    if peer and as_lines(next(iter(answers.values()))) != sorted(found["peer"][2].decode().splitlines()):
        sys.exit(f"{title}: the peer does not agree")
    base = found.get("peer", next(iter(found.values())))[0]
    shown = "  ".join(f"{name} {time:.3f} s {memory:.0f} MB {time / base:.2f}×" for name, (time, memory, _) in found.items())
    print(f"{title:<34}{shown}", flush=True)


def made(path: Path, make) -> Path:
    """A file, made once, by a process of its own: those begun from here count this one's memory as their own."""
    if not path.exists():
        child = os.fork()
        if child == 0:
            half = path.with_name("half-" + path.name)
            make(half)
            half.rename(path)
            os._exit(0)
        if os.waitpid(child, 0)[1] != 0:
            sys.exit(f"{path} could not be made")
    return path


def python(code: str, path: Path) -> list[str]:
    return [sys.executable, "-c", code, str(path)]


def trees(binaries, work: Path, rounds: int = 7, count: int = 20_000) -> None:
    """JSON beside Python's json, YAML beside PyYAML's C loader."""
    for name, make, peer in [
        ("list.json", lambda path: json_log(path, count), "json"),
        ("indented.json", lambda path: json_log(path, count, 2), "json"),
        ("mapping.json", lambda path: json_mapping(path, count), "json"),
        ("list.yaml", lambda path: yaml_log(path, count), "yaml"),
        ("mapping.yaml", lambda path: yaml_log(path, count, True), "yaml"),
    ]:
        path = made(work / f"{count}-{name}", make)
        compare(path.name, binaries, path, python(PEERS[peer], path), rounds, work)


def workbooks(binaries, work: Path, rounds: int = 5, counts=(50_000, 1_000_000)) -> None:
    """Workbooks beside python-calamine."""
    for count in counts:
        for name, inline in [("inline", True), ("shared", False)]:
            path = made(work / f"{count}-{name}.xlsx", lambda path, inline=inline: workbook(path, count, inline))
            compare(path.name, binaries, path, python(PEERS["xlsx"], path), rounds if count < 500_000 else 3, work)


def encodings(binaries, work: Path, rounds: int = 5, count: int = 1_500_000) -> None:
    """The same table in each encoding: ratios to its UTF-8; gzip beside gunzip as well."""
    plain = made(work / f"{count}.csv", lambda path: table(path, count))
    files = {"utf-8": plain,
             "gb18030": made(work / f"{count}-gb.csv", lambda path: table(path, count, "gb18030")),
             "utf-16": made(work / f"{count}-utf16.csv", lambda path: table(path, count, "utf-16")),
             "gz": made(work / f"{count}.csv.gz", lambda path: table(path, count))}
    contenders = {f"{name} {form}": tally(binary, path) for name, binary in binaries.items() for form, path in files.items()}
    contenders["gunzip"] = ["/bin/gunzip", "-c", str(files["gz"])]
    found = in_turn(contenders, rounds, work)
    for name in binaries:
        base, unpacked = found[f"{name} utf-8"][0], found["gunzip"][0]
        for form in files:
            time, memory, output = found[f"{name} {form}"]
            if output != found[f"{next(iter(binaries))} utf-8"][2]:
                sys.exit(f"{form} differs")
            beside = f"  (time − gunzip) ÷ UTF-8 {(time - unpacked) / base:.2f}×" if form == "gz" else ""
            print(f"{name:<6}{form:<10}{time:.3f} s {memory:.0f} MB {time / base:.2f}×{beside}", flush=True)


PARTS = {"trees": trees, "workbooks": workbooks, "encodings": encodings}

if __name__ == "__main__":
    programs = {f"{'old' if at else 'duban'}": str(Path(program).resolve()) for at, program in enumerate(sys.argv[1].split(","))}
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for part in sys.argv[3:] or PARTS:
        PARTS[part](programs, folder)
