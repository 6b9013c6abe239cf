"""From the draft to the correction, with the programs that offices use: python-docx edits, LibreOffice saves.

draft -> edited -> proof -> dispatch -> log corrected -> drift -> correction -> the same bytes again.

    python tests/story/story.py DUBAN [FOLDER]

Needs python-docx, LibreOffice and Git. Prints each step, and fails at the first that is not as told here. The papers go to FOLDER.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import docx

DUBAN = str(pathlib.Path(sys.argv[1]).resolve())
EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "examples" / "zhengdong-2021"
DAY, LATER = "2021-08-20", "2021-09-10"


def main():
    with tempfile.TemporaryDirectory() as folder:
        project = pathlib.Path(folder) / "project"
        shutil.copytree(EXAMPLE, project)
        git(project, "init", "-q")
        Story(project).told()
        if len(sys.argv) > 2:
            shutil.copytree(project / "documents", sys.argv[2])
        print("the story holds")


class Story:
    def __init__(self, project):
        self.project = project

    def told(self):
        self.duban(0, "draft", "bulletin", "--all", "--as-of", DAY, "--to", "docx")
        draft = self.project / f"drafts/bulletin-draft-{DAY}.docx"
        figures = draft.with_suffix("").with_suffix(".figures.json")

        wrong = self.edited(draft, "wrong.docx", [("75个", "76个")])
        told = self.duban(1, "proof", wrong, "--of", figures, "--format", "json")
        changed = json.loads(told)["changed"]
        assert any((one["traced"], one["written"], one["now"]) == ("75", "76", "75") for one in changed), changed

        final = self.saved_by_libreoffice(self.edited(draft, "final.docx", [("现将有关情况通报如下", "现通报如下")]))
        self.duban(0, "proof", final, "--of", figures)
        refused = self.duban(1, "dispatch", "bulletin", "--all", "--as-of", DAY, "--final", wrong, "--to", "docx")
        assert refused == "", refused
        out = self.duban(0, "dispatch", "bulletin", "--all", "--as-of", DAY, "--final", final, "--to", "docx")
        sent = self.project / out.splitlines()[0]
        assert sent.read_bytes() == (self.project / final).read_bytes(), "the edited file itself goes out"
        self.duban(0, "dispatch", "due", "--as-of", DAY, "--to", "md")
        self.duban(0, "register", "verify")
        self.commit("sent out")

        # A rectification that took place after the bulletin was written down too early, and a row was there by mistake.
        log = self.project / "logs/01-sieve-a.csv"
        lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
        lines = [line.replace("2021-08-13", "2021-08-25") if line.startswith("GS-017") else line for line in lines]
        log.write_text("".join(line for line in lines if not line.startswith("GS-020")), encoding="utf-8")
        drift = json.loads(self.duban(1, "drift", "第16期", "--as-of", LATER, "--format", "json"))["documents"][0]
        assert {(row["id"], row["change"]) for row in drift["rows"]} == {("GS-017", "edited"), ("GS-020", "removed")}
        self.duban(1, "dispatch", "更正", "--of", "第16期", "--as-of", LATER, "--to", "docx,md")

        # R207: the total that the log declares is no longer borne out. It is part of the correction of the log.
        log.write_text(log.read_text(encoding="utf-8").replace(*self.total(log)), encoding="utf-8")
        out = self.duban(0, "dispatch", "更正", "--of", "第16期", "--as-of", LATER, "--to", "docx,md")
        paper = next(self.project / name for name in out.splitlines() if name.endswith(".md"))
        text = paper.read_text(encoding="utf-8")
        assert "（第16期）" in text and "发现问题74个" in text and "GS-020" in text, text
        # Only what the log changed: neither the wording of the final nor the layout of its file.
        assert "有11处需要更正" in text and "现通报如下" not in text, text
        self.duban(0, "drift", "第16期", "--as-of", LATER)
        self.commit("corrected")
        self.duban(0, "register", "verify", "--rebuild")

    def total(self, log):
        """The total row of the log, and the same with one issue fewer."""
        row = next(line for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("合计"))
        number = next(part for part in row.replace("共", ",").replace("个", ",").split(",") if part.isdigit())
        return row, row.replace(number, str(int(number) - 1), 1)

    def duban(self, status, *arguments):
        words = [str(argument) for argument in arguments]
        run = subprocess.run([DUBAN, "-q", "--lang", "zh", *words], cwd=self.project, capture_output=True, text=True)
        print(run.returncode, "duban", *words)
        assert run.returncode == status, f"{words}: status {run.returncode}, not {status}\n{run.stdout}{run.stderr}"
        return run.stdout

    def edited(self, draft, name, changes):
        """A copy in which texts are replaced within their runs, without the marks of a draft."""
        paper = docx.Document(draft)
        parts = [paper.element.body]
        for section in paper.sections:
            for edge in (section.header, section.footer, section.first_page_header, section.even_page_header):
                parts.append(edge._element)
        left = dict(changes)
        for part in parts:
            for text in part.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"):
                new = (text.text or "").replace("【草稿】", "").replace("（草稿）", "")
                for old in [old for old in left if old in new]:
                    new = new.replace(old, left.pop(old), 1)
                if new != text.text:
                    text.text = new
        assert not left, f"not in the draft: {left}"
        paper.save(self.project / name)
        return name

    def saved_by_libreoffice(self, name):
        out = self.project / "saved"
        profile = self.project / "profile"
        command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "docx"]
        subprocess.run([*command, "--outdir", out, self.project / name], check=True, capture_output=True)
        shutil.rmtree(profile, ignore_errors=True)
        return f"saved/{name}"

    def commit(self, message):
        git(self.project, "add", "-A")
        git(self.project, "commit", "-qm", message)


def git(folder, *arguments):
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "core.autocrlf=false"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


main()
