"""Edits drafts by a seeded program and counts what `duban proof` sees.

    python3 tests/proof/edits.py DUBAN [SEED]

Needs python-docx. Drafts of every kind that prints figures, letters, those of the ladder and public editions of both examples are made
in a temporary folder. Each of 300 edits is one document with one change:

- harmful: a digit, a numeral (33 -> thirty-five in Chinese), two numbers that change places, another unit, a tracked change
- harmless: a number spelt otherwise, a rewording, a split run, a tracked change of words, a paragraph that moves

Recall is the share of harmful edits that are told at their value, and a false alarm a harmless edit that is told at all.
Prints both, and each failure; status 1 if recall is below 100 % or false alarms are 1 % or more.
"""

import copy
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

ROOT = pathlib.Path(__file__).resolve().parents[2]
NUMBER = re.compile(r"(?<![\dA-Za-z.\-—])\d+(?:\.\d+)?(?![\dA-Za-z\-—])")
# Numbers that only number: of lists, attachments and figures.
QUIET = re.compile(r"^\s*\d+[.．、]|^[（(]\d+[）)]|附件[:：]? ?\d*|图 ?\d+|(?:Figure|Table|Enclosure|Annex) \d+|^\d+(\.\d+)+ |\b[A-Z]+-\d+")
REWORDED = [
    ("发现问题", "查出问题"), ("已整改", "已完成整改"), ("未整改", "尚未整改"), ("其中", "其中，"), ("截至", "截止"), ("开展", "组织开展"),
    ("请各有关单位", "请各有关单位认真研究，"), ("如下", "如下所述"), ("涉及单位", "涉及责任单位"), ("整改率", "整改完成率"),
    ("were found", "were identified"), ("are rectified", "have been rectified"), ("issues", "matters"), ("overdue", "past due"),
    ("Each unit is asked", "Every unit is kindly asked"), ("at once", "immediately"), ("As of", "As at"),
]
CN = "零一二三四五六七八九"


def chinese(n):
    if n < 10:
        return CN[n]
    if n < 100:
        tens, ones = divmod(n, 10)
        return ("" if tens == 1 else CN[tens]) + "十" + (CN[ones] if ones else "")
    hundreds, rest = divmod(n, 100)
    text = CN[hundreds] + "百"
    return text if not rest else text + ("零" + CN[rest] if rest < 10 else (("一" if rest < 20 else "") + chinese(rest)))


def draft(duban, example, kinds, day, out):
    work = out / example
    shutil.copytree(ROOT / "examples" / example, work)
    for kind in kinds:
        # Letters of the ladder have the names of those that are asked for by their kind.
        run = [duban, "-q", "draft", kind, "--all", "--edition", "both", "--as-of", day, "--to", "docx,md", "-o", "drafts/" + kind]
        subprocess.run(run, cwd=work, check=True, stdout=subprocess.DEVNULL)
    return work, sorted((work / "drafts").glob("*/*.figures.json"))


class Word:
    """A Word file: its paragraphs with text."""

    def __init__(self, path):
        self.file = docx.Document(path)
        body = list(self.file.paragraphs)
        cells = [p for t in self.file.tables for row in t.rows for cell in row.cells for p in cell.paragraphs]
        has_text = lambda p: p.text.strip() and not p._p.findall(".//" + qn("w:drawing"))
        self.places = [p for p in body + cells if has_text(p)]

    def texts(self):
        return [p.text for p in self.places]

    def set(self, at, text):
        first, *rest = self.places[at].runs
        first.text = text
        for run in rest:
            run.text = ""

    def split(self, at, rng):
        paragraph = self.places[at]
        run = max(paragraph.runs, key=lambda r: len(r.text))
        text = run.text
        cut = rng.randrange(1, max(2, len(text)))
        other = copy.deepcopy(run._r)
        run._r.addnext(other)
        run.text = text[:cut]
        docx.text.run.Run(other, paragraph).text = text[cut:]
        docx.text.run.Run(other, paragraph).bold = True

    def track(self, at, start, end, new):
        paragraph = self.places[at]
        text = paragraph.text
        self.set(at, text[:start])
        first = paragraph.runs[0]._r

        def run(text, tag="w:t"):
            r = OxmlElement("w:r")
            t = OxmlElement(tag)
            t.text = text
            t.set(qn("xml:space"), "preserve")
            r.append(t)
            return r

        def change(tag, inner):
            element = OxmlElement(tag)
            for key, value in (("id", "900"), ("author", "a"), ("date", "2021-08-20T00:00:00Z")):
                element.set(qn("w:" + key), value)
            element.append(inner)
            return element

        deleted = change("w:del", run(text[start:end], "w:delText"))
        inserted = change("w:ins", run(new))
        first.addnext(deleted)
        deleted.addnext(inserted)
        inserted.addnext(run(text[end:]))

    def move(self, at, to):
        self.places[to]._p.addnext(self.places[at]._p)

    def save(self, path):
        self.file.save(path)


class Markdown:
    """A Markdown file: its lines with text behind the front matter."""

    def __init__(self, path):
        self.lines = path.read_text(encoding="utf-8").split("\n")
        end = self.lines.index("---", 1)
        self.places = [at for at in range(end + 1, len(self.lines)) if self.lines[at].strip() and not re.match(r"\|[-|:]+$|<!--", self.lines[at])]

    def texts(self):
        return [self.lines[at] for at in self.places]

    def set(self, at, text):
        self.lines[self.places[at]] = text

    def save(self, path):
        path.write_text("\n".join(self.lines), encoding="utf-8")


def numbers(texts):
    found = []
    for at, text in enumerate(texts):
        quiet = [m.span() for m in QUIET.finditer(re.sub(r"^[#|: ]+", lambda m: " " * len(m.group()), text))]
        lead = re.match(r"[#|: ]*\d+(\.\d+)*[.、．]? ", text)
        for m in NUMBER.finditer(text):
            if any(a <= m.start() < b for a, b in quiet) or (lead and m.start() < lead.end() and not text.startswith("|")):
                continue
            found.append((at, m.start(), m.end(), m.group()))
    return found


def altered(number, rng):
    while True:
        at = rng.randrange(len(number))
        if number[at] == ".":
            continue
        digit = rng.choice([d for d in "123456789" if d != number[at]])
        new = number[:at] + digit + number[at + 1 :]
        if float(new) != float(number):
            return new


def edit(doc, kind, rng, units):
    """Makes one edit; returns what must be told (nothing for a harmless one), or False if it can't be made."""
    texts = doc.texts()
    found = numbers(texts)
    if len(found) < 2:
        return False
    put = lambda at, a, b, new: doc.set(at, texts[at][:a] + new + texts[at][b:])
    if kind in ("digit", "numeral", "tracked-figure"):
        at, a, b, number = rng.choice(found)
        new = altered(number, rng)
        if kind == "numeral":
            if "." in new or int(new) > 999 or texts[at][b : b + 1] in "年月日%":
                return False
            new = chinese(int(new))
        if kind == "tracked-figure":
            if not isinstance(doc, Word):
                return False
            doc.track(at, a, b, new)
        else:
            put(at, a, b, new)
        return new
    if kind == "moved":
        one, two = rng.sample(found, 2)
        if one[3] == two[3] or texts[one[0]][one[2]:one[2]+1] in "年月日%" or texts[two[0]][two[2]:two[2]+1] in "年月日%":
            return False
        if one[0] == two[0]:
            one, two = sorted((one, two), key=lambda m: m[1])
            text = texts[one[0]]
            doc.set(one[0], text[: one[1]] + two[3] + text[one[2] : two[1]] + one[3] + text[two[2] :])
        else:
            put(*one[:3], two[3])
            put(*two[:3], one[3])
        return two[3]
    if kind == "unit":
        places = [(at, unit) for at, text in enumerate(texts) for unit in units if unit in text]
        if not places:
            return False
        at, unit = rng.choice(places)
        other = rng.choice([u for u in units if u not in unit and unit not in u])
        doc.set(at, texts[at].replace(unit, other, 1))
        return other
    if kind == "spelling":
        at, a, b, number = rng.choice(found)
        if "." in number or int(number) > 999 or texts[at][b : b + 1] in ("年", "月", "日") or len(number) > 1 and number[0] == "0":
            return False
        if rng.random() < 0.5:
            put(at, a, b, "".join(chr(ord(c) + 0xFEE0) for c in number))
        elif texts[at][b : b + 1] and texts[at][b : b + 1] in "个家次条项件名":
            put(at, a, b, chinese(int(number)))
        else:
            return False
        return None
    if kind in ("reworded", "tracked-words"):
        places = [(at, m.start(), old, new) for at, text in enumerate(texts) for old, new in REWORDED for m in re.finditer(re.escape(old), text)]
        # A description is the log's own.
        places = [p for p in places if not texts[p[0]].startswith("|") and "：" not in texts[p[0]][: p[1]] and ": " not in texts[p[0]][: p[1]]]
        if not places:
            return False
        at, start, old, new = rng.choice(places)
        if kind == "reworded":
            put(at, start, start + len(old), new)
        elif isinstance(doc, Word):
            doc.track(at, start, start + len(old), new)
        else:
            return False
        return None
    if kind == "split":
        if not isinstance(doc, Word):
            return False
        doc.split(rng.randrange(len(texts)), rng)
        return None
    if kind == "paragraph":
        if not isinstance(doc, Word):
            return False
        # Within one section: under another heading a figure says something else.
        body = [at for at, p in enumerate(doc.places) if p._p.getparent().tag == qn("w:body")]
        heads = [at for at in body if re.match(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+(\.\d+)*\.? [A-Z][^.;]*$", texts[at])]
        sections = [[at for at in body if a < at < b] for a, b in zip(heads, heads[1:])]
        sections = [own for own in sections if len(own) > 1]
        if not sections:
            return False
        one, two = rng.sample(rng.choice(sections), 2)
        doc.move(one, two)
        return None
    raise ValueError(kind)


KINDS = ["bulletin", "summary", "briefing", "reminder", "supervision", "assignment", "rectification", "interview", "due"]
HARMFUL = ["digit", "digit", "numeral", "moved", "unit", "tracked-figure"]
HARMLESS = ["spelling", "reworded", "split", "tracked-words", "paragraph"]


def main():
    duban = str(pathlib.Path(sys.argv[1]).resolve())
    rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 9704)
    out = pathlib.Path(tempfile.mkdtemp(prefix="duban-proof-"))
    sources = [
        draft(duban, "zhengdong-2021", KINDS, "2021-08-20", out),
        draft(duban, "city-food-2024", KINDS, "2024-06-14", out),
    ]
    documents = []
    for work, sheets in sources:
        for sheet in sheets:
            head = json.loads(sheet.read_text(encoding="utf-8"))
            units = sorted({i["unit"] for i in head.get("issues", [])} | {"贾陈社区", "柳园街道办事处"} if "zheng" in str(work) else {i["unit"] for i in head.get("issues", [])})
            stem = sheet.name.removesuffix(".figures.json")
            documents += [(work, sheet, sheet.with_name(stem + ext), units) for ext in (".docx", ".md")]
    count = {"harmful": 0, "told": 0, "harmless": 0, "alarms": 0}
    made = 0
    while made < 300:
        work, sheet, path, units = rng.choice(documents)
        kind = rng.choice(HARMFUL if made % 2 else HARMLESS)
        doc = (Word if path.suffix == ".docx" else Markdown)(path)
        if kind == "unit" and len(units) < 3:
            continue
        wanted = edit(doc, kind, rng, units)
        if wanted is False:
            continue
        made += 1
        final = work / ("final-%03d%s" % (made, path.suffix))
        doc.save(final)
        run = subprocess.run([duban, "-q", "proof", final.name, "--of", str(sheet), "--format", "json"], cwd=work, capture_output=True, text=True)
        if run.returncode not in (0, 1):
            print("FAILED", kind, final, run.stderr)
            return 2
        report = json.loads(run.stdout)
        told = {key: report[key] for key in ("changed", "new", "missing", "sums", "names", "altered", "slips") if report[key]}
        if wanted is None:
            count["harmless"] += 1
            if run.returncode:
                count["alarms"] += 1
                print("ALARM", kind, path.name, final.name, json.dumps(told, ensure_ascii=False)[:600])
        else:
            count["harmful"] += 1
            written = [one["written"] for key in ("changed", "new", "names") for one in report[key]]
            if run.returncode and any(wanted in text for text in written):
                count["told"] += 1
            else:
                print("MISSED", kind, wanted, path.name, final.name, json.dumps(told, ensure_ascii=False)[:600])
    recall, alarms = count["told"] / count["harmful"], count["alarms"] / count["harmless"]
    print(f"{made} edits: {count['told']} of {count['harmful']} harmful ones told ({recall:.1%}); {count['alarms']} false alarms in {count['harmless']} harmless ones ({alarms:.1%})")
    shutil.rmtree(out) if "keep" not in sys.argv else print(out)
    return int(recall < 1 or alarms >= 0.01)


if __name__ == "__main__":
    sys.exit(main())
