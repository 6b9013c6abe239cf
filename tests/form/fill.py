#!/usr/bin/env python3
"""Forms go out, are filled in by LibreOffice, come back sorted and with rows copied by hand, and are read without a fault.

Usage: fill.py DUBAN

Needs soffice with Calc, and openpyxl.
"""

import datetime
import json
import pathlib
import subprocess
import sys
import tempfile

import openpyxl

from office import Clerk

ROOT = pathlib.Path(__file__).parents[2]
PROJECT = ROOT / "examples/zhengdong-2021"
DAY = "2021-08-20"
FIRST = 4


def run(*command, status=0):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    assert done.returncode == status, (command, done.stdout, done.stderr)
    return done.stdout


def check(duban, path, day=DAY):
    """The codes of the faults of a file, errors and warnings first; none may be an error."""
    report = json.loads(run(duban, "check", "-C", PROJECT, path, "--as-of", day, "--format", "json"))
    assert report["errors"] == 0, report["diagnostics"]
    return report["issues"], sorted((fault["severity"], fault["code"]) for fault in report["diagnostics"])


def tally(duban, *arguments, day=DAY):
    return json.loads(run(duban, "tally", "-C", PROJECT, *arguments, "--as-of", day, "--format", "json"))["total"]


class Sheet:
    """The sheet to fill in: the letters of its columns by header, and its last row to fill in."""

    def __init__(self, path):
        self.book = openpyxl.load_workbook(path)
        self.sheet = self.book.worksheets[0]
        heads = {cell.value.rstrip("*"): cell.column_letter for cell in self.sheet[FIRST - 1] if cell.value}
        self.columns, self.last = heads, self.sheet.max_row - 1
        self.right = self.sheet[FIRST - 1][-1].column_letter

    def rows(self):
        for row in range(FIRST, self.last + 1):
            yield {head: self.sheet[f"{letter}{row}"].value for head, letter in self.columns.items()}

    def area(self, first=FIRST, last=None):
        return f"A{first}:{self.right}{last or self.last}"


def protection(path):
    """Everything is locked but the cells to fill in, without a password; rows may be sorted and filtered."""
    sheet = Sheet(path)
    for each in sheet.book.worksheets:
        assert each.protection.sheet and not each.protection.password, each.title
    allowed = sheet.sheet.protection
    # Written as what is forbidden.
    assert not allowed.sort and not allowed.autoFilter and allowed.deleteRows, allowed
    for row in (1, 2, 3, sheet.last + 1):
        assert all(cell.protection.locked for cell in sheet.sheet[row]), row
    known = [row for row in range(FIRST, sheet.last + 1) if sheet.sheet[f"A{row}"].protection.locked]
    for row in range(FIRST, sheet.last + 1):
        for head, letter in sheet.columns.items():
            locked = sheet.sheet[f"{letter}{row}"].protection.locked
            follow_up = head in ("状态", "整改情况", "整改完成日期", "销号日期", "备注")
            assert locked == (row in known and not follow_up), (row, head)
    return len(known)


def lists(path):
    """Each list is within its rule, or under a name on the hidden sheet."""
    sheet = Sheet(path)
    found = {}
    for rule in sheet.sheet.data_validations.dataValidation:
        head = sheet.sheet[f"{str(rule.sqref).split(':')[0].rstrip('0123456789')}{FIRST - 1}"].value.rstrip("*")
        if rule.type != "list":
            continue
        if rule.formula1.startswith('"'):
            assert len(rule.formula1) - 2 <= 255
            found[head] = rule.formula1.strip('"').split(",")
            continue
        title, area = next(iter(sheet.book.defined_names[rule.formula1].destinations))
        hidden = sheet.book[title]
        assert hidden.sheet_state == "hidden"
        found[head] = [cell.value for (cell,) in hidden[area]]
    return found


def blank(duban, work):
    """A team's form: filled in, sorted, rows copied, saved in both formats."""
    form, again = work / "form.xlsx", work / "again.xlsx"
    for path in (form, again):
        run(duban, "form", "-C", PROJECT, "--team", "三专班", "--as-of", DAY, "--rows", "40", "-o", path)
    assert form.read_bytes() == again.read_bytes(), "the same form has other bytes"
    assert protection(form) == 0
    assert check(duban, form) == (0, [("warning", "L102")])
    offered = lists(form)
    assert offered["责任单位"] == ["望湖街道办事处", "区卫生健康局"], offered["责任单位"]
    assert offered["检查组"] == ["第三工作专班"] and "望湖集中隔离酒店" in offered["点位"], offered
    assert "未注明" not in offered["整改方式"] and "金光路东卡口" not in offered["点位"]
    every = work / "every.xlsx"
    run(duban, "form", "-C", PROJECT, "--as-of", DAY, "-o", every)
    assert len(lists(every)["点位"]) == 127 and len(lists(every)["责任单位"]) == 20

    sheet = Sheet(form)
    ids = [row["问题编号"] for row in sheet.rows()]
    assert len(set(ids)) == 40
    clerk = Clerk(form)
    units = offered["责任单位"]
    texts = ["楼道堆放杂物", "=1+1 不是公式", "+86 门口无人值守", "-1层消毒记录缺失", "@ 台账未更新", "登记表漏填"]
    for at, text in enumerate(texts):
        clerk.fill(
            FIRST + at, sheet.columns, 发现日期=f"2021-08-{at + 3:02}", 责任单位=units[at % 2], 点位="望湖集中隔离酒店",
            问题类别="核酸检测", 问题描述=text, 整改方式="限期整改" if at % 3 == 0 else "现场整改",
            整改期限=f"2021-08-{at + 10:02}",
        )
    # No issue, and one that is withdrawn.
    clerk.fill(FIRST + 6, sheet.columns, 发现日期="2021-08-09", 责任单位=units[0], 问题描述="未发现问题")
    clerk.fill(
        FIRST + 7, sheet.columns, 发现日期="2021-08-09", 责任单位=units[0], 问题类别="核酸检测", 问题描述="重复上报",
        整改方式="现场整改", 状态="撤销",
    )
    # A row copied with its id, and written over; another one whose id is cleared.
    clerk.copy(sheet.area(FIRST, FIRST), f"A{FIRST + 20}")
    clerk.fill(FIRST + 20, sheet.columns, 问题描述="消防通道被占用")
    clerk.copy(sheet.area(FIRST + 1, FIRST + 1), f"A{FIRST + 21}")
    clerk.fill(FIRST + 21, sheet.columns, 问题编号="", 问题描述="出入口未设扫码牌")
    clerk.sort(sheet.area(), ord(sheet.columns["问题描述"]) - ord("A"), "down")
    total = sheet.last + 1
    for head in ("问题编号", "整改方式"):
        clerk.tell(f"{sheet.columns[head]}{total}")
    saved = [work / "back.xlsx", work / "back.ods"]
    for path in saved:
        clerk.save(path)
    told = clerk.run()
    assert told[f"A{total}"] == "合计：8个", told
    assert told[f"{sheet.columns['整改方式']}{total}"] == "现场整改5个、限期整改3个", told
    for path in saved:
        # The withdrawn one is read, and counted nowhere.
        issues, faults = check(duban, path)
        assert issues == 9 and faults == [("info", "L116"), ("info", "L118")], (path, issues, faults)
        counts = tally(duban, path)
        units = json.loads(run(duban, "due", "-C", PROJECT, path, "--all", "--as-of", DAY, "--format", "json"))["units"]
        known = {issue["id"] for unit in units for issue in unit["issues"]}
        assert known == {None, ids[3]}, "an id that two rows have is nobody's"
        assert counts["found"] == 8 and counts["disposition"] == {"on_site": 5, "deadline": 3}, counts
    # Sorted, each row has the id that it was filled in with.
    back = {row["问题描述"]: row["问题编号"] for row in Sheet(saved[0]).rows() if row["问题描述"]}
    assert [back[text] for text in texts] == ids[:6], back
    assert list(back) != texts and back["消防通道被占用"] == ids[0] and not back["出入口未设扫码牌"]


def follow_up(duban, work):
    """A form with what is still open: the issues keep their identities, and one is rectified."""
    day, form = "2021-08-12", work / "open.xlsx"
    run(duban, "form", "-C", PROJECT, "--with", "open", "--as-of", day, "--rows", "10", "-o", form)
    before = tally(duban, day=day)
    assert protection(form) == before["open"] == 13, before["open"]
    sheet = Sheet(form)
    rows = list(sheet.rows())
    clerk = Clerk(form)
    # Of those that are still open a week later.
    at = next(at for at, row in enumerate(rows) if row["问题编号"] == "XS-012")
    clerk.fill(FIRST + at, sheet.columns, 状态="已整改", 整改完成日期="2021-08-16", 整改情况="防护用品已补齐。")
    clerk.fill(
        FIRST + 13, sheet.columns, 发现日期="2021-08-18", 检查组="第一工作专班", 责任单位="贾陈社区", 问题类别="卡口防控",
        问题描述="南门卡口夜间无人值守", 整改方式="限期整改", 整改期限="2021-08-25",
    )
    clerk.save(work / "back.xlsx")
    clerk.run()
    issues, faults = check(duban, work / "back.xlsx")
    assert (issues, faults) == (14, []), (issues, faults)
    # Both submissions as of one day, so that only what was filled in differs.
    moves = tally(duban, work / "back.xlsx", "--compare", form)["moves"]
    assert moves["new"] == 1 and moves["rectified_since"] == 1, moves
    back = next(row for row in Sheet(work / "back.xlsx").rows() if row["问题编号"] == "XS-012")
    assert back["整改完成日期"] == datetime.datetime(2021, 8, 16), back


def main():
    duban = pathlib.Path(sys.argv[1]).resolve()
    for each in (blank, follow_up):
        with tempfile.TemporaryDirectory() as work:
            each(duban, pathlib.Path(work))
    print("forms were filled in by LibreOffice, and read without a fault")


if __name__ == "__main__":
    main()
