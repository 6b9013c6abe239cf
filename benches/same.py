"""Whether two binaries say the same of nasty logs: same.py OLD NEW WORK [--logs N] [--seed N] [--keep].

Makes logs with everything that stands in the way of a fast reader: encodings, quotes, line ends, words for days, totals, blanks
like those of merged cells, doubled headers, 10 to 1,000,000 groups. Runs the commands below with both binaries and compares
what they print, what they say on standard error and their status, byte for byte. Ends with 1 if anything differs.
"""

import argparse
import difflib
import gzip
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import logs

AS_OF = ["--as-of", "2021-10-01"]
COMMANDS = {
    "check.json": ["check", "--format", "json", *AS_OF],
    "check.zh": ["--lang", "zh", "check", *AS_OF],
    "tally": ["tally", "--by", "unit,category", "--format", "json", *AS_OF],
    "tally.keys": ["tally", "--by", "month,disposition,status", "--format", "json", *AS_OF],
    "tally.where": ["tally", "--by", "site,source", "--where", "disposition!=on_site", "--period", "2021-Q3", "--format", "csv", *AS_OF],
    "tally.states": ["tally", "--by", "progress,overdue,severity", "--format", "json", *AS_OF],
    "tally.extra": ["tally", "--by", "team,late,extra.备注", "--where", "progress!=已整改", "--format", "json", *AS_OF],
    "tally.look": ["--lang", "zh", "tally", "--by", "unit", *AS_OF],
    "due": ["due", "--format", "json", *AS_OF],
}
# What is too large to print the rest of twice.
SHORT = ["check.json", "tally", "tally.where"]

HEADS = {
    "id": ["编号", "序号", "问题编号", "id"],
    "found_on": ["发现日期", "检查日期", "时间", "found_on"],
    "unit": ["责任单位", "单位", "被检查单位", "unit"],
    "category": ["问题类别", "类别", "category"],
    "description": ["问题描述", "存在问题", "description"],
    "disposition": ["整改方式", "处理方式", "disposition"],
    "deadline": ["整改期限", "整改时限", "deadline"],
    "rectified_on": ["整改完成日期", "完成时间", "rectified_on"],
    "status": ["状态", "是否销号", "status"],
    "progress": ["整改情况", "整改进展"],
    "severity": ["严重程度", "severity"],
    "team": ["检查组", "team"],
    "co_units": ["配合单位", "co_units"],
    "tags": ["标签", "tags"],
    "site": ["点位", "site"],
    "source": ["来源", "source"],
    "note": ["备注", "附栏", "未知的一栏"],
}
VALUES = {
    "unit": ["金水街道办事处", "金水街道办事处 ", "金水街道办事处", "丰产路办", "无", "/", "—", "待定", "?", "？", "同上", "〃", "甲社区", "乙社区 ", "第１社区", "第1社区"],
    "category": [*logs.CATEGORIES, "其他", "?", "同上", "", "消防 安全", "Fire safety"],
    "disposition": [*logs.DISPOSITIONS, "现场整改", "限期整改 ", "看着办", "?", "", "持续整改", "立即整改", "转办", "现场整改、交办"],
    "status": ["已整改", "未整改", "整改中", "已销号", "是", "否", "×", "√", "", "退回", "部分整改", "已完成", "撤销", "?"],
    "source": [*logs.SOURCES, "自查", "暗访", "?", "", "12345热线"],
    "progress": ["已整改", "未整改", "整改中，预计月底完成", "已约谈负责人", "2021年8月5日已整改", "是", "", "50%", "同上"],
    "severity": ["一般", "重大", "较大", "?", "", "3"],
    "team": ["第一组", "第１组", "督查一组、督查二组", "", "?"],
    "co_units": ["甲社区、乙社区", "甲社区；丙社区", "", "/"],
    "tags": ["消防,通道", "消防、回头看", "", "?"],
    "site": ["金光路1号", "金光路１号", "同上", "", "无", "点位" * 40, "A座", "#N/A"],
    "note": ["", "", "=1+1", "见附件", "duban: allow R205", "13800000000", "410105199001010011", "豫A12345", "<b>粗</b>", "\u200b零宽", "㊣"],
}
DAYS = ["2021-08-03", "2021/8/3", "2021年8月3日", "2021.8.3", "20210803", "8月3日", "8.3", "8.10", "２０２１年８月３日", "2021-02-30", "2021-13-01",
        "二〇二一年八月三日", "昨天", "44411", "2021-08-03T16:00:00Z", "2021-08-03 08:30", "同上", "〃", "", "无", "/", "待定", "2021-11-30", "1899-12-31"]
LIMITS = [*logs.LIMITS, "8月底前", "年底前", "月底前", "长期坚持", "持续推进", "10个工作日", "两天内", "当日下午4时前", "每月25日前", "2021年10月底以前", "立即",
          "尽快", "8月10日前", "即知即改"]
TEXTS = [*logs.WORDS, '门牌"3"脱落, 需更换', '6" 管道', '"', '""', 'a"b"c', "第一行\n第二行", "第一行\r\n第二行", "制表\t符", "控制\x01符\x0b", "零\x00字节", "未发现问题",
         "长" * 3000, "e\u0301", "\ufeff中间", "ﬁ", "⽅案", "👍" * 9, "；；", ",,,", "=cmd()", " 前后空格 ", "１２３", "同上", "", "?"]
ENCODINGS = ["utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-16", "gb18030", "gb18030"]
FORMS = ["csv", "csv", "csv", "csv", "csv", "csv", "csv.gz", "json", "mapping.json", "yaml", "yaml"]
ROWS = [0, 1, 3, 12, 12, 40, 40, 40, 150, 150, 400]
# So many rows are read in blocks, side by side.
MANY = [9_000, 30_000]


def nasty(seed: int, rows: int | None = None) -> tuple[str, bytes]:
    """A log: the ending of its name, and its bytes. What is wrong with it is drawn once for all of it, and where, for each cell."""
    pick = random.Random(seed)
    rows = pick.choice(ROWS) if rows is None else rows
    form = pick.choice(FORMS)
    form = "csv" if rows in MANY and pick.random() < 0.6 else form
    # Between a clean log with a fault here and there, and one where anything may stand anywhere.
    wild = pick.choice([0.0, 0.002, 0.02, 0.2])
    often = ["found_on", "unit", "category", "description", "disposition"]
    fields = [field for field in HEADS if pick.random() < (0.97 if field in often else 0.6)]
    pick.shuffle(fields) if pick.random() < 0.3 else None
    if pick.random() < 0.1 and fields:
        fields.append(pick.choice(fields))
    heads = [HEADS[field][0] if pick.random() < 0.8 else pick.choice(HEADS[field]) for field in fields]
    body = [[cell(field, row, pick, wild) for field in fields] for row in range(rows)]
    if form.endswith("json"):
        return f".{form}", tree(heads, body, form, pick).encode("utf-8", "surrogatepass")
    if form == "yaml":
        return ".yaml", as_yaml(heads, body, pick).encode()
    text = "".join(table(heads, body, pick, wild))
    data = text.encode(pick.choice(ENCODINGS), "replace")
    if pick.random() < 0.05 and len(data) > 40:
        at = pick.randrange(len(data))
        data = data[:at] + bytes([pick.randrange(256)]) + data[at + 1:]
    return (".csv.gz", gzip.compress(data, 6, mtime=0)) if form == "csv.gz" else (".csv", data)


def cell(field: str, row: int, pick: random.Random, wild: float) -> str:
    """A cell: as it should be, or else one of those that offices write."""
    if pick.random() >= wild:
        day = f"2021-{pick.randint(1, 9):02}-{pick.randint(1, 28):02}"
        match field:
            case "id":
                return f"WT-{row}"
            case "found_on" | "deadline":
                return day
            case "rectified_on":
                return day if pick.random() < 0.5 else ""
            case "description":
                return f"{pick.choice(logs.WORDS)}（{row}号）"
            case "disposition":
                return pick.choice(logs.DISPOSITIONS)
            case "status" | "note" | "progress" | "co_units" | "tags":
                return ""
            case "severity":
                return "一般"
            case "team":
                return f"第{pick.randint(1, 9)}组"
            case "unit":
                return f"第{pick.randint(1, 9)}社区"
            case "category":
                return pick.choice(logs.CATEGORIES)
            case "source":
                return pick.choice(logs.SOURCES)
            case _:
                return f"点位{pick.randint(1, 30)}"
    match field:
        case "id":
            return pick.choice(["", "WT-1", f" WT-{row}", "１", str(row), "编号", "?"])
        case "found_on" | "rectified_on":
            return pick.choice(DAYS)
        case "deadline":
            return pick.choice([*DAYS, *LIMITS])
        case "description":
            return pick.choice(TEXTS)
        case _:
            return pick.choice(VALUES[field])


def table(heads: list[str], body: list[list[str]], pick: random.Random, wild: float) -> Iterator[str]:
    """The text of a table, with all that stands around and between its rows."""
    comma = pick.choice([",", ",", ",", ",", ";", "\t"])
    ends = pick.choice([["\n"], ["\n"], ["\r\n"], ["\r\n"], ["\r"], ["\n", "\r\n"], ["\n", "\r", "\r\n"]])
    quoting = pick.choice(["needed", "needed", "all", "some", "none", "broken"])
    if pick.random() < 0.15:
        yield f"某区问题台账（截至2021年9月30日）{comma * (len(heads) - 1)}{pick.choice(ends)}"
    lines = [heads, *body]
    blank = [""] * len(heads)
    unit_at = heads.index("责任单位") if "责任单位" in heads else None
    for number, cells in enumerate(lines):
        if number and pick.random() < wild:
            extra = pick.choice(["blank", "total", "subtotal", "merged", "head", "legend", "short", "long"])
            match extra:
                case "blank":
                    yield comma.join(blank) * pick.randint(0, 1) + pick.choice(ends)
                case "total":
                    yield comma.join(["合计", str(number), *blank[2:]]) + pick.choice(ends)
                case "subtotal" if unit_at is not None:
                    yield comma.join([*blank[:unit_at], f"第1社区 {pick.choice(['计数', '汇总', '小计'])}", *blank[unit_at + 1:]]) + pick.choice(ends)
                case "merged":
                    cells = ["" if pick.random() < 0.4 else text for text in cells]
                case "head":
                    yield comma.join(heads) + pick.choice(ends)
                case "legend":
                    yield "填表人：某某" + comma * (len(heads) - 1) + "2021年9月30日" + pick.choice(ends)
                case "short":
                    cells = cells[:max(1, len(cells) - 2)]
                case _:
                    cells = [*cells, "多出的", ""]
        end = "" if number == len(lines) - 1 and pick.random() < 0.4 else pick.choice(ends)
        yield comma.join(written(text, comma, quoting, pick) for text in cells) + end


def written(text: str, comma: str, quoting: str, pick: random.Random) -> str:
    """A cell with the quotes that it needs, or with others."""
    doubled = '"' + text.replace('"', '""') + '"'
    match quoting:
        case "needed":
            return doubled if any(one in text for one in (comma, '"', "\n", "\r")) else text
        case "all":
            return doubled
        case "some":
            return doubled if pick.random() < 0.3 or any(one in text for one in (comma, '"', "\n", "\r")) else text
        case "none":
            return text.replace("\n", " ").replace("\r", " ")
        case _:
            odd = pick.random()
            # Never closed, never opened, closed too early, a lone one within.
            return doubled[:-1] if odd < 0.003 else doubled[1:] if odd < 0.006 else doubled + "尾" if odd < 0.01 else \
                text[:1] + '"' + text[1:] if odd < 0.02 else doubled if any(one in text for one in (comma, '"', "\n", "\r")) else text


def tree(heads: list[str], body: list[list[str]], form: str, pick: random.Random) -> str:
    """The same as JSON: a list or a mapping, some values as numbers, null, booleans, lists."""
    def value(text: str) -> object:
        odd = pick.random()
        return None if odd < 0.01 else pick.choice([7, 1.50, True, [text, "乙"], {"在": text}, 10 ** 30]) if odd < 0.02 else text

    entries = [{head: value(text) for head, text in zip(heads, cells) if text or pick.random() < 0.5} for cells in body]
    whole = entries if form == "json" else {"检查组": "督查一组", pick.choice(["issues", "issues", "问题", "rows"]): entries}
    text = json.dumps(whole, ensure_ascii=pick.random() < 0.3, indent=pick.choice([None, 2, "\t"]))
    odd = pick.random()
    return "\ufeff" + text if odd < 0.1 else text[:-2] if odd < 0.15 else text.replace(":", " : ").replace("\n", "\r\n") if odd < 0.3 else text


def as_yaml(heads: list[str], body: list[list[str]], pick: random.Random) -> str:
    """The same as YAML in block style, quoted, plain, folded or as it comes."""
    def value(text: str) -> str:
        odd = pick.random()
        is_plain = text.strip() == text and text.isprintable() and not any(one in text for one in ":#\"'?,[]{}&*!|>%@`-=")
        if is_plain and odd < 0.6:
            return text
        return f"|\n    {text}" if odd < 0.03 and text.isprintable() and text.strip() else json.dumps(text, ensure_ascii=odd < 0.9)

    lines = ["检查组: 督查一组", "issues:"] if pick.random() < 0.5 else []
    for cells in body:
        shown = [f"{head}: {value(text)}" for head, text in zip(heads, cells) if text or pick.random() < 0.5] or ["备注: 空"]
        lines += [f"{'- ' if at == 0 else '  '}{line}" for at, line in enumerate(shown)]
        if pick.random() < 0.01:
            lines.append("# 一条注释")
    return "\n".join(lines) + pick.choice(["\n", "", "\n...\n"]) if lines else "[]\n"


def grouped(groups: int) -> logs.Log:
    """A log of so many units, each of which has issues."""
    return logs.Log(max(1_000, groups + groups // 10), units=groups, sites=500, has_sources=True)


def made(folder: Path, count: int, seed: int) -> list[tuple[str, list[str]]]:
    """The names of all logs, each with what is run on it."""
    every = list(COMMANDS)
    found = []
    for at in range(count):
        # One in ten is large enough for blocks, with a mark here and there.
        rows = MANY[at // 10 % len(MANY)] if at % 10 == 9 else None
        ending, data = nasty(seed * 100_000 + at, rows)
        name = f"nasty-{at:03}{ending}"
        (folder / name).write_bytes(data)
        found.append((name, every))
    dressed = [logs.described(20_000, **{dress: True}) for dress in ("is_quoted", "has_mixed_days", "has_limits_in_words", "has_line_breaks", "is_faulty")]
    dressed += [logs.described(20_000, **other) for other in ({"newline": "\r\n"}, {"encoding": "gb18030"}, {"encoding": "utf-16"}, {"added": 52}, {"form": "csv.gz"})]
    dressed += [logs.described(2_000, form=form) for form in ("json", "mapping.json", "yaml", "mapping.yaml")]
    large = [grouped(10 ** power) for power in range(1, 7)]
    found += [(path.name, every) for path in logs.made(folder, *dressed, *large[:4])]
    return found + [(path.name, SHORT) for path in logs.made(folder, *large[4:])]


def differences(old: str, new: str, folder: Path, name: str, commands: list[str]) -> list[tuple[str, str, list[str]]]:
    """What the two say otherwise of a log: its name, the command, the first lines."""
    found = []
    for command in commands:
        said = []
        for binary in (old, new):
            ended = subprocess.run([binary, *COMMANDS[command], name], cwd=folder, capture_output=True)
            said.append((ended.returncode, ended.stdout, ended.stderr))
        if said[0] != said[1]:
            found.append((name, command, first_lines(*said)))
    return found


def first_lines(old: tuple[int, bytes, bytes], new: tuple[int, bytes, bytes]) -> list[str]:
    """The first lines that differ, those of the old with `-` and those of the new with `+`."""
    lines = [f"  status {old[0]}, now {new[0]}"] if old[0] != new[0] else []
    for before, after in zip(old[1:], new[1:]):
        texts = [text.decode(errors="backslashreplace").splitlines() for text in (before, after)]
        # A comparison of lines takes the square of their number: what is the same at the start is left out.
        start = next((at for at, (one, other) in enumerate(zip(*texts)) if one != other), min(map(len, texts)))
        parts = [[line[:200] for line in text[start:start + 40]] for text in texts]
        lines += [f"  {line}" for line in difflib.ndiff(*parts) if line[:2] in ("- ", "+ ")][:6]
    return lines or ["  only line ends or bytes that are no text differ"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("work", type=Path)
    parser.add_argument("--logs", type=int, default=240, help="nasty logs, beside some two dozen that are only large or dressed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shown", type=int, default=12, help="differences that are shown")
    parser.add_argument("--keep", action="store_true", help="leave the logs of which the two say the same")
    args = parser.parse_args()
    folder = args.work / f"same-{args.seed}"
    folder.mkdir(parents=True, exist_ok=True)
    old, new = (str(Path(binary).resolve()) for binary in (args.old, args.new))
    names = made(folder, args.logs, args.seed)
    with ThreadPoolExecutor(2) as pool:
        found = [one for some in pool.map(lambda one: differences(old, new, folder, *one), names) for one in some]
    runs = sum(len(commands) for _, commands in names)
    for name, command, lines in found[:args.shown]:
        print(f"{folder / name}: {' '.join(COMMANDS[command])}", *lines, sep="\n")
    differing = {name for name, *_ in found}
    print(f"{len(names)} logs, {runs} runs of each: {len(found)} runs differ, on {len(differing)} logs")
    for name, _ in names:
        if not args.keep and name not in differing:
            (folder / name).unlink()
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
