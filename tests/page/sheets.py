#!/usr/bin/env python3
"""Makes contact sheets of every paper, to be looked at: every kind, in both languages, internal and public, a draft and
dispatched, alone and together.

Usage: sheets.py DUBAN FOLDER

Writes one PNG for each example, language and edition into FOLDER, which is not kept in Git. Needs LibreOffice, pdfplumber
and Pillow.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

import pdfplumber
from PIL import Image, ImageDraw

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
EXAMPLES = [("zhengdong-2021", "2021-08-20", "永丰乡人民政府"), ("city-food-2024", "2024-06-14", "Sunny Side Bakery")]
GIVEN = {"interview": ["--set", "time=9:00", "--set", "place=201", "--set", "by=A. B."]}
DPI, ACROSS, LABEL = 40, 8, 16


def papers(duban, example, day, unit, lang, edition, mode, work):
    """The PDF of each kind for one unit, and of the reminders together."""
    project = work / f"{example}-{mode}"
    if not project.exists():
        shutil.copytree(ROOT / "examples" / example, project)
    kinds = sorted(path.name for path in (ROOT / "report-templates").iterdir())
    for kind in kinds:
        command = [duban, mode, kind, "-C", project, "--as-of", day, "--all", "--lang", lang, "--edition", edition, "--to", "pdf", "-q"]
        alone = command + ["--unit", unit, "-o", work / "alone" / kind, *GIVEN.get(kind, [])]
        if kind in ("bulletin", "briefing", "summary", "ledger", "contact-card"):
            alone = command + ["-o", work / "alone" / kind]
        # Kinds without a number are not dispatched.
        subprocess.run(alone, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for path in sorted((work / "alone" / kind).glob("*.pdf")):
            yield kind, path
        shutil.rmtree(work / "alone" / kind, ignore_errors=True)
        if kind == "reminder":
            together = work / "together"
            subprocess.run(command + ["--together", "-o", together], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for path in together.glob("*together*.pdf"):
                yield "together", path
            shutil.rmtree(together, ignore_errors=True)


def pages(path):
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            yield page.to_image(resolution=DPI).original.convert("RGB")


def sheet(pictures, target):
    width = max(picture.width for _, picture in pictures) + 6
    height = max(picture.height for _, picture in pictures) + LABEL + 6
    rows = -(-len(pictures) // ACROSS)
    canvas = Image.new("RGB", (ACROSS * width, rows * height), "gray")
    draw = ImageDraw.Draw(canvas)
    for index, (name, picture) in enumerate(pictures):
        x, y = index % ACROSS * width, index // ACROSS * height
        draw.text((x + 3, y + 2), name, fill="white")
        canvas.paste(picture, (x + 3, y + LABEL))
    canvas.save(target)
    print(f"{target}: {len(pictures)} pages")


def main(duban, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for example, day, unit in EXAMPLES:
        for mode, edition, lang in [
            ("draft", "internal", "zh"),
            ("draft", "internal", "en"),
            ("draft", "public", "zh"),
            ("draft", "public", "en"),
            ("dispatch", "internal", "zh"),
            ("dispatch", "internal", "en"),
        ]:
            with tempfile.TemporaryDirectory() as work:
                found = papers(duban, example, day, unit, lang, edition, mode, pathlib.Path(work))
                pictures = [(f"{kind} {number}", picture) for kind, path in found for number, picture in enumerate(pages(path), 1)]
            sheet(pictures, folder / f"{example}-{mode}-{edition}-{lang}.png")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]))
