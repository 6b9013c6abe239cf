"""Papers over many issues: a bulletin, a summary, a ledger and letters, at three sizes each.

Seconds are user and system time of the whole process, medians of runs in turn; memory is the most a process held. Names are
made up, and the same seed gives the same log.

    python3 papers.py WORK BINARY [BINARY]      a second binary is measured beside the first
"""

import math
import os
import random
import shutil
import statistics
import sys
from pathlib import Path

CATEGORIES = ["消防安全", "环境卫生", "食品安全", "施工安全", "特种设备", "危险化学品", "交通运输", "疫情防控"]
SAID = ["楼道堆放杂物，占用疏散通道，需要立即清理", "灭火器压力不足，已过期", "垃圾清运不及时，异味较重",
        "电缆沟盖板缺失，存在坠落风险，现场无警示标志", "“小饭桌”未公示食品安全承诺书"]
DISPOSITIONS = ["现场整改", "限期整改", "立行立改", "交办"]
AS_OF = "2021-10-01"

# What is written, in which format, over how many issues.
PAPERS = {
    "bulletin .docx": (["bulletin", "--to", "docx"], (1_000, 10_000, 30_000)),
    "bulletin .html": (["bulletin", "--to", "html"], (1_000, 10_000, 30_000)),
    "bulletin .md": (["bulletin", "--to", "md"], (1_000, 10_000, 30_000)),
    "ledger .xlsx": (["ledger", "--to", "xlsx"], (1_000, 10_000, 30_000)),
    "summary .md": (["summary", "--to", "md"], (6_000, 60_000, 600_000)),
    "reminders .docx": (["reminder", "--to", "docx"], (6_000, 60_000, 600_000)),
}


def issues(path: Path, rows: int) -> Path:
    """A log of issues with 56 units, 500 sites and 8 categories."""
    if path.exists():
        return path
    pick = random.Random(7)
    units = [f"第{unit}街道办事处" for unit in range(1, 57)]
    half = path.with_suffix(".half")
    with half.open("w", encoding="utf-8") as out:
        out.write("编号,发现日期,责任单位,点位,问题类别,问题描述,整改方式,整改期限,整改完成日期\n")
        for row in range(rows):
            month, day, how = pick.randint(1, 8), pick.randint(1, 28), pick.randrange(4)
            said = f"{pick.choice(SAID)}（{row}号）"
            limit = f"2021-{month + 1:02}-{day:02}" if how == 1 else ""
            done = f"2021-{month + 1:02}-{pick.randint(1, 28):02}" if pick.random() < 0.6 else ""
            out.write(f"WT-{row},2021-{month:02}-{day:02},{pick.choice(units)},点{pick.randrange(500)},"
                      f"{pick.choice(CATEGORIES)},{said},{DISPOSITIONS[how]},{limit},{done}\n")
    half.rename(path)
    return path


def run(command: list[str]) -> tuple[float, float]:
    """Seconds of processor time and megabytes of a process and its end."""
    child = os.fork()
    if child == 0:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        os.execvp(command[0], command)
    _, status, usage = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"failed: {' '.join(command)}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def growth(work: Path, binaries: list[str], rounds: int = 3) -> None:
    """Prints each paper at its sizes, beside a check and a tally of the same log, and the exponent of its growth."""
    for title, (paper, sizes) in PAPERS.items():
        seconds: dict[str, list[float]] = {binary: [] for binary in binaries}
        for rows in sizes:
            log = str(issues(work / f"issues-{rows}.csv", rows))
            taken: dict[str, list[list[tuple[float, float]]]] = {binary: [[], [], []] for binary in binaries}
            for _ in range(rounds):
                for binary in binaries:
                    folder = work / "papers"
                    commands = [["draft", *paper, log, "-o", str(folder)], ["check", "-q", log], ["tally", log]]
                    for runs, command in zip(taken[binary], commands):
                        runs.append(run([binary, "--lang", "zh", *command, "--as-of", AS_OF]))
                    shutil.rmtree(folder, ignore_errors=True)
            for binary in binaries:
                draft, check, tally = (statistics.median(time for time, _ in runs) for runs in taken[binary])
                memory = max(held for _, held in taken[binary][0])
                seconds[binary].append(draft)
                print(f"{title:<16}{rows:>8,} {binary}: {draft:.2f} s, {memory:.0f} MB, {memory * 1000 / rows:.1f} KB an issue; "
                      f"check {check:.2f} s, tally {tally:.2f} s")
        for binary, (first, *_, last) in seconds.items():
            print(f"{title:<16} exponent {math.log(last / first) / math.log(sizes[-1] / sizes[0]):.2f} {binary}")


if __name__ == "__main__":
    growth(Path(sys.argv[1]), sys.argv[2:])
