#!/usr/bin/env python3
"""Measures pages against GB/T 9704-2012, in millimetres from the upper left corner of the paper.

Usage: measure.py DUBAN

Dispatches the documents of this folder as PDF in a copy, with a font whose ideographs are square (as those of FangSong
are), and looks at the ink of the pages: not at what the file says, but at what is printed.
Needs LibreOffice, pdfplumber and numpy. Exit status 1 if anything lies more than 1 mm from its place.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy
import pdfplumber

HERE = pathlib.Path(__file__).parent
DPI = 300
MM = DPI / 25.4
TOLERANCE = 1.0

failed = False


def expect(what, value, wanted, tolerance=TOLERANCE):
    global failed
    good = value is not None and abs(value - wanted) <= tolerance
    failed |= not good
    shown = "nothing there" if value is None else f"{value:.2f}"
    print(f"{'ok  ' if good else 'FAIL'} {what}: {shown}, wanted {wanted:.2f}")


class Page:
    """The ink of a page: dark is every pixel that is printed, red the printed ones that are red."""

    def __init__(self, page):
        self.page = page
        pixels = numpy.asarray(page.to_image(resolution=DPI).original.convert("RGB")).astype(int)
        red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
        self.red = (red > 150) & (green < 120) & (blue < 120)
        self.dark = (red + green + blue < 450) & ~self.red

    @staticmethod
    def blocks(ink):
        """Runs of rows with ink: (top, bottom, left, right, widest share of a row) in millimetres."""
        rows = ink.any(axis=1)
        edges = numpy.flatnonzero(numpy.diff(numpy.concatenate(([False], rows, [False])).astype(int)))
        for top, bottom in zip(edges[::2], edges[1::2]):
            columns = numpy.flatnonzero(ink[top:bottom].any(axis=0))
            left, right = columns[0], columns[-1] + 1
            share = ink[top:bottom].sum(axis=1).max() / (right - left)
            yield top / MM, bottom / MM, left / MM, right / MM, share

    def rules(self, ink):
        """Horizontal lines: thin blocks whose ink goes through from end to end."""
        return [block for block in self.blocks(ink) if block[1] - block[0] < 2 and block[4] > 0.9 and block[3] - block[2] > 100]

    def lines(self):
        """The texts of the body's lines, by their baselines; the page number stands below the text block."""
        lines = {}
        for char in self.page.chars:
            if char["text"].strip() and char["bottom"] / 72 * 25.4 < 265 and char["size"] > 15:
                lines.setdefault(round(char["bottom"] / 8), []).append(char["text"])
        return ["".join(chars) for _, chars in sorted(lines.items())]


def grid(pages):
    full = Page(pages[1])
    lines = full.lines()
    expect("lines of a full page (5.2.3)", len(lines), 22, 0)
    expect("characters of a full line (5.2.3)", max(len(line) for line in lines), 28, 0)
    ink = [block for block in full.blocks(full.dark) if block[0] < 265]
    expect("left edge of the text (5.2.1)", min(block[2] for block in ink), 28)
    expect("right edge of the text (5.2.1)", max(block[3] for block in ink), 184)
    expect("top of the text, in the middle of its line (5.2.1)", ink[0][0], 37 + 2.3)
    expect("bottom of the text, in the middle of its line (5.2.1)", ink[-1][1], 262 - 2.3)


def number(pages, index):
    page = Page(pages[index])
    found = [block for block in page.blocks(page.dark[int(264 * MM):]) if block[1] - block[0] > 1]
    if not found:
        expect(f"page number on page {index + 1}", None, 269)
        return
    top, bottom, left, right, _ = found[0]
    # The dashes stand in the middle of the digits.
    expect(f"dash of the page number below the paper's top, page {index + 1} (7.5)", 264 + (top + bottom) / 2, 269, 1.5)
    if index % 2 == 0:
        expect(f"one character between page number and right edge, page {index + 1} (7.5)", 184 - right, 4.94)
    else:
        expect(f"one character between page number and left edge, page {index + 1} (7.5)", left - 28, 4.94)


def last_upright(pages):
    """The last page that is not turned: forms in landscape stand behind 版记."""
    return Page([page for page in pages if page.height > page.width][-1])


def imprint(pages, lines):
    page = last_upright(pages)
    rules = page.rules(page.dark)
    expect("lines of 版记 (7.4.1)", len(rules), lines, 0)
    if rules:
        expect("last line of 版记 on the last upright page's lower edge (7.4.1)", rules[-1][1], 262)
        expect("width of 版记 (7.4.1)", rules[-1][3] - rules[-1][2], 156)


def document(pages):
    page = Page(pages[0])
    red = list(page.blocks(page.red))
    rule = page.rules(page.red)[0]
    expect("top of the mark (7.2.4)", red[0][0], 72)
    expect("width of the red line (7.2.7)", rule[3] - rule[2], 156)
    above = [block for block in page.blocks(page.dark) if block[1] < rule[0]]
    expect("red line below the number (7.2.7)", rule[0] - above[-1][1], 4)
    expect("first of the facts, line 1 (7.2.1)", above[0][0], 37 + 2.3)
    grid(pages)
    number(pages, 0)
    number(pages, 1)
    imprint(pages, 3)


def letter(pages):
    page = Page(pages[0])
    red = list(page.blocks(page.red))
    expect("top of the mark (10.1)", red[0][0], 30)
    expect("upper double line below the mark (10.1)", red[1][0] - red[0][1], 4)
    upper, lower = red[1], red[-1]
    expect("width of the upper double line (10.1)", upper[3] - upper[2], 170)
    expect("left end of the upper double line (10.1)", upper[2], 20)
    expect("lower double line above the paper's edge (10.1)", 297 - lower[1], 20)
    expect("width of the lower double line (10.1)", lower[3] - lower[2], 170)
    below = [block for block in page.blocks(page.dark) if block[0] > upper[1]]
    expect("number below the double line (10.1)", below[0][0] - red[2][1], 4.94)
    expect("number at the right edge (10.1)", below[0][3], 184)
    expect("no page number on the first page (10.1)", max(block[1] for block in below), 262, 200 if below[-1][1] < 263 else 0)
    grid(pages)
    number(pages, 1)
    number(pages, 2)
    imprint(pages, 0)
    last = last_upright(pages)
    ink = [block for block in last.blocks(last.dark) if block[1] < 264]
    expect("copies at the foot of the last upright page (10.1)", ink[-1][1], 261, 1.5)


def bulletin(pages):
    page = Page(pages[0])
    red = list(page.blocks(page.red))
    rule = page.rules(page.red)[0]
    expect("top of the bulletin's name (practice)", red[0][0], 57)
    expect("width of the red line (practice)", rule[3] - rule[2], 156)
    above = [block for block in page.blocks(page.dark) if block[1] < rule[0]]
    expect("red line below issuer and date (practice)", rule[0] - above[-1][1], 4)
    grid(pages)
    number(pages, 0)
    imprint(pages, 3)


# Ink is measured, so the faces must be the same on every machine: without those that a machine may have or not.
FONTS = """<?xml version="1.0"?>
<fontconfig>
  <include>/etc/fonts/fonts.conf</include>
  <selectfont><rejectfont><glob>*/liberation*/*</glob></rejectfont></selectfont>
</fontconfig>
"""


def main(duban):
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        project = work / "project"
        fonts = work / "fonts.conf"
        fonts.write_text(FONTS)
        environment = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
        shutil.copytree(HERE, project, ignore=shutil.ignore_patterns("*.py", "documents", ".duban"))
        for name, check in [("document", document), ("letter", letter), ("bulletin", bulletin)]:
            command = [duban, "dispatch", f"measure-{name}", "-C", project, "--as-of", "2021-08-20", "--to", "pdf", "-o", work, "-q"]
            path = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout.split()[0]
            print(f"\n{name}")
            with pdfplumber.open(path) as pdf:
                check(pdf.pages)
    sys.exit(failed)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
