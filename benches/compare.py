"""duban beside other tools: runs that alternate, medians, ratios, and whether the answers are the same.

Each run is a whole process, from start to end; its memory is the most it held at once. Begun by compare.sh.
"""

import argparse
import atexit
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import logs
from growth.measured import Runs, once

HERE = Path(__file__).parent
PEERS = HERE / "peers"
COUNTS = ["rectified", "open", "overdue", "due_soon", "late", "repeat"]
DISPOSITIONS = ["on_site", "immediate", "deadline", "assigned"]


@dataclass
class Contender:
    """Who runs, how, and what came of it."""

    name: str
    command: list[str]
    codes: tuple[int, ...] = (0,)
    runs: Runs = field(default_factory=lambda: Runs([]))
    output: bytes = b""

    def run(self) -> None:
        # A folder of its own for each round, none deleted meanwhile: making files where many were just deleted is slow.
        command = [word.replace("{round}", str(len(self.runs.all))) for word in self.command]
        with tempfile.NamedTemporaryFile() as printed:
            # A check that finds faults ends with 1.
            self.runs.all.append(once(command, output=Path(printed.name), codes=self.codes))
            self.output = printed.read()


def compare(title: str, contenders: list[Contender], rounds: int, warm: Path | None = None) -> None:
    """Each in turn, so that a slow minute of the machine is everybody's. The first is duban.

    A file to warm is read before each run: whoever comes behind a peer that has filled the memory does not pay for it.
    """
    for _ in range(rounds):
        for contender in contenders:
            if warm:
                subprocess.run(["cat", str(warm)], stdout=subprocess.DEVNULL, check=True)
            contender.run()
    print(f"\n{title} ({rounds} rounds)")
    ours = contenders[0].runs.wall
    for one in sorted(contenders, key=lambda one: one.runs.wall):
        clock = [took.wall for took in one.runs.all]
        spread = f"{min(clock):.3f}–{max(clock):.3f}"
        print(f"  {one.name:<22}{one.runs.wall:>9.3f} s  ({spread}) {one.runs.megabytes:>8.0f} MB {one.runs.wall / ours:>8.2f}×")


def agree(answers: dict[str, object]) -> None:
    """All answers are the same, or the comparison is worth nothing."""
    first, *others = answers.items()
    for name, answer in others:
        if answer != first[1]:
            sys.exit(f"{name} does not say what {first[0]} says")
    print(f"  the same answer from {', '.join(answers)}")


def log(work: Path, rows: int) -> Path:
    """The benchmark's own log: 56 units, 8 categories, a tenth of the descriptions quoted."""
    path, = logs.made(work, logs.Log(rows))
    return path


def groups(output: bytes) -> list[str]:
    """duban's JSON as the lines that the peers print."""
    lines = []
    for group in json.loads(output)["groups"]:
        values = [group["key"]["unit"], group["key"]["category"], group["found"]]
        values += [group["disposition"].get(name, 0) for name in DISPOSITIONS]
        lines.append(",".join(map(str, values + [group[name] for name in COUNTS])))
    return sorted(lines)


def tally(args: argparse.Namespace) -> None:
    path = log(args.work, args.rows)
    size = f"{path.stat().st_size / 1e6:.0f} MB, {args.rows:,} rows, 448 groups"
    duban = Contender("duban tally", tally_command(args, path))
    peers = [Contender(name, [sys.executable, str(PEERS / f"tally_{name.lower()}.py"), str(path)])
             for name in ("DuckDB", "polars", "pandas")]
    if shutil.which("mlr"):
        program = ["mlr", "--icsv", "--ocsv", "--headerless-csv-output", "put", "-q", "-f", str(PEERS / "tally.mlr")]
        peers.append(Contender("Miller", [*program, str(path)]))
    check = Contender("duban check", [args.duban, "check", "-q", "--as-of", "2021-10-01", str(path)])
    floor = Contender("read only (cat)", ["sh", "-c", 'cat "$0" > /dev/null', str(path)])
    compare(f"Tally of {size}", [duban, floor, check, *peers], args.rounds, path)
    agree({"duban": groups(duban.output)} | {peer.name: sorted(peer.output.decode().split("\n")[:-1]) for peer in peers})


def tally_command(args: argparse.Namespace, path: Path) -> list[str]:
    return [args.duban, "tally", str(path), "--by", "unit,category", "--as-of", "2021-10-01", "--format", "json"]


def check(args: argparse.Namespace) -> None:
    path = args.work / "log-faulty.csv"
    lines = log(args.work, 100_000).read_text(encoding="utf-8").split("\n")
    # Two of each: a disposition that is none, a day that is none, a unit that is missing, an id of another row.
    for row in (500, 90_000):
        for offset, (cell, text) in enumerate([(5, "看着办"), (1, "2021-02-30"), (2, ""), (0, "WT-7")]):
            cells = lines[row + offset].split(",")
            cells[cell if cell < 5 else len(cells) - 3] = text
            lines[row + offset] = ",".join(cells)
    path.write_text("\n".join(lines), encoding="utf-8")
    only = "--only=L108,V101,V102,V109"
    duban = Contender("duban check", [args.duban, "check", "--as-of", "2021-10-01", "--format", "json", str(path)], (1,))
    some = Contender("duban check, equal rules", [*duban.command, only], (1,))
    peer = Contender("frictionless", [sys.executable, str(PEERS / "check_frictionless.py"), str(path)])
    compare("Check of 100,000 rows", [duban, some, peer], args.rounds)
    # One unknown word in several rows is one finding, with their number.
    found = sum(finding.get("count") or 1 for finding in json.loads(some.output)["diagnostics"])
    agree({"duban": found, "frictionless": int(peer.output)})


def letters(args: argparse.Namespace) -> list[Contender]:
    """Letters with the built-in template, and with one of ours as that of the peer."""
    folder, path = letter_log(args)
    command = [args.duban, "--lang", "zh", "draft", "reminder", str(path), "--as-of", "2021-09-01", "--to", "docx", "-o"]
    subprocess.run([*command, str(folder / "one"), "--unit", "第1街道办事处"], check=True, capture_output=True)
    template = folder / "template.docx"
    figures = tagged(next((folder / "one").glob("*.docx")), template)
    return beside_docxtpl(args, f"{LETTERS:,} letters as .docx", folder, command, template, figures(LETTERS))


def frames(args: argparse.Namespace) -> list[Contender]:
    """The same Word template filled by both, byte for byte the same file."""
    folder, path = letter_log(args)
    kind = folder / "report-templates" / "letter"
    kind.mkdir(parents=True)
    body = "上列问题逾期未整改，请立即组织整改，并将整改情况书面反馈我单位。"
    (folder / "duban.yaml").write_text("lang: zh\noffice: {name: 某区督查室}\n", encoding="utf-8")
    (kind / "kind.yaml").write_text("title: 工作提醒函\nper: unit\nselect: overdue\nformats: [docx]\nframe: paper.docx\n")
    (kind / "zh.md").write_text(f"---\ntitle: 工作提醒函\naddressee: '{{{{ unit.name }}}}'\n---\n{body}\n")
    paper(kind / "paper.docx")
    command = [args.duban, "-C", str(folder), "draft", "letter", str(path), "--as-of", "2021-09-01", "--to", "docx", "-o"]
    letters = [
        {"office": {"name": "某区督查室"}, "title": "工作提醒函", "addressee": f"第{unit}街道办事处", "body": body,
         "rows": [{"id": f"WT-{unit}-{i}", "description": f"楼道堆放杂物，占用疏散通道{i}", "deadline": f"2021-08-{i + 10:02}"}
                  for i in range(3)]}
        for unit in range(1, LETTERS + 1)
    ]
    title = f"{LETTERS:,} letters through the office's own Word template"
    return beside_docxtpl(args, title, folder, command, kind / "paper.docx", letters)


LETTERS = 1000


def letter_log(args: argparse.Namespace) -> tuple[Path, Path]:
    """A fresh folder, and a log of three issues of each unit."""
    path = args.work / "letters.csv"
    path.write_text(logs.letters(LETTERS), encoding="utf-8")
    folder = Path(tempfile.mkdtemp(prefix="letters-", dir=args.work))
    # At the very end: some file systems make new files slowly where many were just deleted.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder, path.resolve()


def beside_docxtpl(args, title: str, folder: Path, command: list[str], template: Path,
                   letters: list[dict]) -> list[Contender]:
    """The letters of duban and those of docxtpl, whose texts must be the same."""
    from docx import Document

    data = folder / "letters.json"
    data.write_text(json.dumps(letters, ensure_ascii=False), encoding="utf-8")
    for number in range(args.rounds):
        (folder / f"docxtpl-{number}").mkdir(parents=True)
    duban = Contender("duban draft", [*command, str(folder / "duban-{round}")])
    peer = Contender("docxtpl", [sys.executable, str(PEERS / "letters_docxtpl.py"), str(template), str(data),
                                 str(folder / "docxtpl-{round}")])
    compare(title, [duban, peer], args.rounds)

    def texts(name: str) -> list[list[str]]:
        found = []
        for file in (folder / f"{name}-0").glob("*.docx"):
            document = Document(str(file))
            cells = [cell for table in document.tables for cell in table._cells]
            parts = [document, *cells, document.sections[0].header, document.sections[0].footer]
            found.append([p.text for part in parts for p in part.paragraphs])
        return sorted(found)

    agree({"duban": texts("duban"), "docxtpl": texts("docxtpl")})
    return [duban, peer]


def paper(path: Path) -> None:
    """An office's paper: a header and a footer with tags, a heading, a table with a row for each issue, a condition."""
    from docx import Document

    document = Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "{{ office.name }}"
    section.footer.paragraphs[0].text = "{{ title }} · {{ addressee }}"
    document.add_heading("{{ title }}", 0)
    start = document.add_paragraph("{{ addressee }}：截至目前，贵单位有")
    start.add_run("{{ issues() | length }}").bold = True
    start.add_run("个问题{% if issues() | length > 2 %}，数量较多{% endif %}。")
    table = document.add_table(rows=0, cols=3, style="Table Grid")
    for row in (["编号", "问题", "期限"], ["{%tr for i in issues() %}", "", ""],
                ["{{ i.id }}", "{{ i.description }}", "{{ i.deadline }}"], ["{%tr endfor %}", "", ""]):
        for cell, text in zip(table.add_row().cells, row):
            cell.text = text
    document.add_paragraph("{{ body }}")
    document.save(str(path))


def tagged(letter: Path, template: Path):
    """A letter of ours with tags in the place of what differs; gives the data of each."""
    from docx import Document

    document = Document(str(letter))
    listed = [p for p in document.paragraphs if "WT-1-" in p.text]
    texts = [[run.text for run in p.runs] for p in listed]
    for before, paragraph in (("{%p for issue in issues %}", listed[0]), ("{%p endfor %}", listed[1])):
        paragraph.insert_paragraph_before(before)
    for paragraph in listed[1:]:
        paragraph._element.getparent().remove(paragraph._element)
    for at, run in enumerate(listed[0].runs):
        run.text = f"{{{{ issue[{at}] }}}}"
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace("第1街道办事处", "{{ addressee }}")
    number = document.paragraphs[0]
    shown = [run.text for run in number.runs]
    for at, run in enumerate(number.runs):
        run.text = f"{{{{ number[{at}] }}}}"
    document.save(str(template))

    def data(count: int) -> list[dict]:
        # Units of the same number of issues come in the order of their names.
        order = sorted((f"第{unit}街道办事处", unit) for unit in range(1, count + 1))
        return [
            {
                "addressee": name,
                "number": [text.replace("〕1号", f"〕{n}号") for text in shown],
                "issues": [[text.replace("WT-1-", f"WT-{unit}-") for text in runs] for runs in texts],
            }
            for n, (name, unit) in enumerate(order, 1)
        ]

    return data


def start(args: argparse.Namespace) -> None:
    path = log(args.work, 10)
    nothing = Contender("a process (true)", ["true"])
    contenders = [
        Contender("duban check, 10 rows", [args.duban, "check", "-q", "--as-of", "2021-10-01", str(path)]),
        nothing,
        Contender("duban --version", [args.duban, "--version"]),
        Contender("python", [sys.executable, "-c", "pass"]),
    ]
    modules = ("duckdb", "polars", "pandas", "frictionless", "docxtpl")
    contenders += [Contender(f"python, {name}", [sys.executable, "-c", f"import {name}"]) for name in modules]
    if shutil.which("mlr"):
        contenders.append(Contender("Miller --version", ["mlr", "--version"]))
    compare("Start", contenders, 4 * args.rounds + 1)


def linear(args: argparse.Namespace) -> None:
    paths = [log(args.work, rows) for rows in (args.rows // 100, args.rows // 10, args.rows)]
    paths.append(logs.repeated(paths[-1], args.work / "log-tenfold.csv", 10))
    print("\nTally, by size")
    for path in paths:
        contender = Contender("duban tally", tally_command(args, path))
        # Once to have the file in the system's memory.
        contender.run()
        contender.runs.all.clear()
        for _ in range(args.rounds):
            contender.run()
        size, median = path.stat().st_size / 1e6, contender.runs.wall
        print(f"  {size:>7.0f} MB {median:>9.3f} s {contender.runs.megabytes:>6.0f} MB {size / median:>8.0f} MB/s")


PARTS = {"tally": tally, "check": check, "letters": letters, "frames": frames, "start": start, "linear": linear}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--duban", required=True)
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--rows", type=int, default=3_750_000)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    args.duban = str(Path(args.duban).resolve())
    version = subprocess.run([args.duban, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    print(f"{version}, {platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    for name in args.only or PARTS:
        PARTS[name](args)


if __name__ == "__main__":
    main()
