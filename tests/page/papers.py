#!/usr/bin/env python3
"""Reads the papers of the examples as PDF and looks for what an office would send back.

Usage: papers.py DUBAN          drafts every kind of both examples
       papers.py --pdf FOLDER   looks at the PDF of a folder instead; those put together end in `-together.pdf`

Items whose number runs into a date or an id, signatures and 版记 alone on a page, dates that break in a signature, narrow
columns, forms without room for a hand, page numbers of pages in landscape, documents that begin on the back of a sheet.
Needs LibreOffice and pdfplumber. Exit status 1 if there is a fault.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

import pdfplumber

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MM = 72 / 25.4
DATE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日|\d{1,2} [A-Z][a-z]+ \d{4}|[A-Z][a-z]+ \d{1,2}, \d{4}")
# Widths in millimetres.
NARROWEST_COLUMN = 6
WRITTEN_IN = (16, 14)
# Kinds with a form to be filled in by hand.
FORMS = ("assignment", "interview", "rectification", "supervision")

faults = []
counts = {}


def count(what, file, page, good, shown=""):
    """Counts a place that was looked at, and keeps it if it is a fault."""
    counts[what] = counts.get(what, 0) + 1
    if not good:
        faults.append(f"{what}: {file}, page {page}: {shown}")


def lines(page):
    """The lines of the text, each as (text, left, right, top) in millimetres; what is turned is none of them."""
    upright = page.filter(lambda thing: thing["object_type"] != "char" or thing["upright"])
    found = upright.extract_text_lines(strip=True, return_chars=False, x_tolerance=1)
    return [(re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", line["text"]), line["x0"] / MM, line["x1"] / MM, line["top"] / MM) for line in found]


def in_body(page, line):
    return 20 < line[3] < page.height / MM - 33


def list_numbers(file, number, page):
    for text, *_ in lines(page):
        if item := re.match(r"\d+\.(?!\d+ [A-Z])\s?(.*)", text):
            count("item begins with words", file, number, not re.match(r"[\d第]", item[1]), text[:20])


def signatures(file, number, page):
    found = lines(page)
    dates = [index for index, line in enumerate(found) if DATE.fullmatch(line[0])]
    for index in dates:
        text, left, right, top = found[index]
        # The date of a signature in Chinese stands in the right half, below the first third of the paper or above text.
        if left < 90 or index == 0 or top < 35 and index > 1:
            continue
        if "年" not in text:
            continue
        above = [line for line in found[: index - 1] if in_body(page, line)]
        count("text above a signature", file, number, bool(above), text)
    # A date that breaks leaves its end alone on a line of the right half.
    for text, left, *_ in found:
        if left > 90 and "年" in text and "月" in text and len(text) < 14 and text[:2] == "20":
            count("date of a signature on one line", file, number, bool(DATE.fullmatch(text)), text)


def imprints(file, number, page):
    found = [line for line in lines(page) if re.match(r"(抄送|报|送|发)：|Report to|Issued to", line[0])]
    if found:
        top = min(line[3] for line in found)
        above = [line for line in lines(page) if line[3] < top - 1 and in_body(page, line)]
        count("text on the page of 版记", file, number, bool(above), found[0][0])


def headings(file, number, page):
    """A heading is never the last line of a page: what stands at its foot is 版记 or the page number."""
    found = [line for line in lines(page) if in_body(page, line)]
    for index, line in enumerate(found):
        is_enclosure = any(above[0].startswith("Enclosures:") for above in found[max(index - 3, 0) : index])
        if not is_enclosure and re.match(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）\S|\d+(\.\d+)?\.? [A-Z][a-z]+( [a-z]+)*$", line[0]):
            below = found[index + 1 :]
            is_text = bool(below) and not re.match(r"(抄送|报|送|发)：|Report to|Issued to", below[0][0])
            count("text below a heading", file, number, is_text or bool(page.find_tables()), line[0])


def tables(file, number, page):
    for table in page.find_tables():
        rows = table.extract()
        if not rows or len(rows[0]) < 2:
            continue
        heads, cells = rows[0], table.rows[0].cells
        for index, cell in enumerate(cells):
            if cell is None:
                continue
            width = (cell[2] - cell[0]) / MM
            count("column wide enough", file, number, width >= NARROWEST_COLUMN, f"{heads[index]}: {width:.1f} mm")
            body = [row[index] for row in rows[1:] if index < len(row)]
            if file.startswith(FORMS) and body and heads[index] and not any(body):
                least_width, least_height = WRITTEN_IN
                count("column to be written in", file, number, width >= least_width, f"{heads[index]}: {width:.1f} mm")
                for row in table.rows[1:]:
                    height = (row.bbox[3] - row.bbox[1]) / MM
                    count("row to be written in", file, number, height >= least_height, f"{height:.1f} mm")
            # A word that is broken stands on two lines without a blank, a hyphen or a Chinese character between.
            for text in [heads[index], *body]:
                broken = re.search(r"[a-z]{3,}\n(?!(?:a|an|as|at|by|in|is|it|of|on|or|to|up|we)\b)[a-z]{1,2}\b", text or "")
                if text and re.search(r"[A-Za-z]", text):
                    count("word on one line", file, number, not broken, repr(text))


def landscape(file, number, page):
    if page.width < page.height:
        return
    turned = [char for char in page.chars if not char["upright"] and char["text"] in "0123456789"]
    if re.search(r"[一-鿿]", page.extract_text() or ""):
        good = "".join(char["text"] for char in turned) == str(number)
        left = min((char["x0"] / MM for char in turned), default=0)
        # 7 mm below the text of a page held upright (7.5), at its right on odd pages and at its left on even ones.
        middle = sum((char["top"] + char["bottom"]) / 2 for char in turned) / MM / max(len(turned), 1)
        good = good and 24 < left < 31 and (middle > 150 if number % 2 else middle < 60)
        count("page number of a page in landscape", file, number, good, f"{left:.1f} mm, {middle:.1f} mm")


def starts(file, pdf):
    """Documents of a file for the printer begin on odd pages: their first page has a title and a date, or a red mark."""
    for number, page in enumerate(pdf.pages, 1):
        text = page.extract_text() or ""
        if re.search(r"〔\d{4}〕\s*\d+\s*号|Our ref", text[:300]) and ("：" in text[:400] or "Re:" in text[:600]) and "附件" not in text[:12] and not text.startswith("Enclosure"):
            count("begins on the front of a sheet", file, number, number % 2 == 1)


def without_charts(page):
    """The page without what stands on the ground of a chart: its bars and labels are no table and no items."""
    grounds = [
        curve
        for curve in page.curves
        if curve["fill"] and curve["non_stroking_color"] == (1.0, 1.0, 1.0) and curve["width"] / MM > 120 and curve["height"] / MM > 30
    ]

    def is_outside(thing):
        middle = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
        return not any(ground["x0"] <= middle[0] <= ground["x1"] and ground["top"] <= middle[1] <= ground["bottom"] for ground in grounds)

    return page.filter(is_outside) if grounds else page


def look(path):
    with pdfplumber.open(path) as pdf:
        if path.stem.endswith("-together"):
            starts(path.name, pdf)
            return
        for number, page in enumerate(map(without_charts, pdf.pages), 1):
            for check in [list_numbers, signatures, imprints, headings, tables, landscape]:
                check(path.name, number, page)


def draft(duban, folder):
    given = {"interview": ["--set", "time=9:00", "--set", "place=二楼会议室", "--set", "by=李主任"]}
    for example, day in [("zhengdong-2021", "2021-08-20"), ("city-food-2024", "2024-06-14")]:
        # A correction is of a document that was sent out.
        for kind in sorted(path.name for path in (ROOT / "report-templates").iterdir() if path.name != "correction"):
            target = folder / example / kind
            command = [duban, "draft", kind, "-C", ROOT / "examples" / example, "--as-of", day, "--all", "--to", "pdf", "-q", "-o", target]
            subprocess.run([*command, *given.get(kind, [])], check=True, stdout=subprocess.DEVNULL)
        together = [duban, "draft", "reminder", "-C", ROOT / "examples" / example, "--as-of", day, "--to", "pdf", "--together", "-q"]
        subprocess.run([*together, "-o", folder / example / "together"], check=True, stdout=subprocess.DEVNULL)
        for path in (folder / example / "together").glob("*.pdf"):
            if not path.stem.endswith("-together"):
                path.unlink()
    return sorted(folder.rglob("*.pdf"))


def main(arguments):
    if arguments[0] == "--pdf":
        paths = sorted(pathlib.Path(arguments[1]).rglob("*.pdf"))
    else:
        folder = tempfile.TemporaryDirectory()
        paths = draft(pathlib.Path(arguments[0]).resolve(), pathlib.Path(folder.name))
    for path in paths:
        look(path)
    for what, number in sorted(counts.items()):
        print(f"{number:6} looked at: {what}")
    for fault in faults:
        print(f"FAIL {fault}")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main(sys.argv[1:])
