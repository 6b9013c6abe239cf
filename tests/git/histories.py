"""Plays random histories of a register with real Git, and holds what duban says against a model.

    python3 tests/git/histories.py DUBAN [SEED] [COUNT] [--steps N] [--keep]

Each history has an origin and a few clones, of which some have the line ends of Windows, some no merge driver, and some a cut
history. Steps are dispatches, imports, voids and takeovers, and what offices do with Git: commit, branch, switch, detach, merge
(plain, squashed, passing over the other side), rebase, cherry-pick, revert, reset, tag, fetch, pull, push; conflicts are solved
well or carelessly. After each step, in the clone concerned:

- told     every document that a version of the register has from which HEAD comes, or that was dispatched there since the last
           commit, is listed once; or the list names its number as lost and `register verify` fails
- doubled  two documents that have one number and are not void are told by the list, and `register verify` fails
- known    nothing is listed that was not given out
- fresh    no dispatch gives out a number that a branch, a tag or a commit of this clone has
- quiet    `register verify` tells of no altered line where nobody altered one, and of no lost line where nothing was thrown away

Versions are read by this program and not by duban. Prints each failure with its seed, and how often each step was taken;
status 1 if there was a failure. Ctrl-C ends it with the counts so far.
"""

import argparse
import collections
import csv
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

CONFIG = """lang: en
office: {name: Office of Works, mark: Bulletin}
units: [North Street, South Street]
categories: [hygiene, safety]
logs: [logs/*.csv]
"""
LOG = """id,found_on,unit,category,description,disposition
WT-1,2021-02-01,North Street,hygiene,bins full,on_site
WT-2,2021-02-02,South Street,safety,exit blocked,on_site
"""
KINDS = ["bulletin", "briefing"]
ATTRIBUTES = "register.jsonl -text merge=duban\ndocuments/** -text\n"


class Failure(Exception):
    pass


def documents(text):
    """The documents of a version of the register: series, running number, day."""
    found = []
    for line in text.splitlines():
        try:
            line = json.loads(line)
        except ValueError:
            continue
        if line.get("event") in ("reserved", "imported"):
            found.append((line["series"], line["n"], line["date"]))
    return found


class Clone:
    def __init__(self, history, name, driver=True):
        self.history, self.name, self.path, self.driver = history, name, history.work / name, driver
        # Documents given out here since the last commit; whether something was thrown away or is damaged on purpose.
        self.fresh, self.thrown, self.broken = set(), False, False

    def git(self, *arguments, check=False):
        driver = ["-c", f"merge.duban.driver={self.history.duban} register merge %O %A %B"] if self.driver else []
        done = subprocess.run(["git", *driver, *arguments], cwd=self.path, capture_output=True, text=True, errors="replace", env=self.history.env)
        if check and done.returncode:
            raise Failure(f"git {arguments}: {done.stderr}")
        return done

    def duban(self, *arguments):
        return subprocess.run([self.history.duban, *arguments], cwd=self.path, capture_output=True, text=True, errors="replace", env=self.history.env)

    def versions(self, *commits):
        """The texts of the register in all commits that can be reached from some."""
        listed = self.git("rev-list", *commits)
        if listed.returncode:
            return []
        asked = "".join(f"{commit}:register.jsonl\n" for commit in listed.stdout.split())
        found = subprocess.run(["git", "cat-file", "--batch-check=%(objectname) %(objecttype)"], cwd=self.path, input=asked, capture_output=True, text=True, env=self.history.env).stdout
        blobs = {line.split()[0] for line in found.splitlines() if line.endswith(" blob")}
        return [self.blob(blob) for blob in sorted(blobs)]

    def blob(self, name):
        # Objects are the same in all clones of a history.
        if name not in self.history.blobs:
            self.history.blobs[name] = self.git("cat-file", "blob", name).stdout
        return self.history.blobs[name]

    def known(self, *commits):
        return {document for text in self.versions(*commits) for document in documents(text)}

    def unmerged(self):
        return [path for path in self.git("diff", "--name-only", "--diff-filter=U").stdout.splitlines() if path]

    def is_busy(self):
        folder = self.path / ".git"
        return any((folder / name).exists() for name in ["MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply"])


class History:
    def __init__(self, duban, seed, steps, work):
        self.duban, self.random, self.steps, self.work = duban, random.Random(seed), steps, work
        self.given, self.blobs, self.day, self.counts, self.log = {}, {}, 0, collections.Counter(), []
        config = work / "gitconfig"
        config.write_text("[user]\nname=t\nemail=t@example.org\n[init]\ndefaultBranch=main\n[gc]\nauto=0\n[core]\neditor=true\nfsync=none\n[advice]\ndetachedHead=false\n[commit]\ngpgsign=false\n[maintenance]\nauto=false\n[protocol \"file\"]\nallow=always\n")
        self.env = {**os.environ, "GIT_CONFIG_GLOBAL": str(config), "GIT_CONFIG_SYSTEM": "/dev/null", "LC_ALL": "C.UTF-8"}
        self.clones = []

    def run(self):
        self.begin()
        for _ in range(self.steps):
            clone = self.random.choice(self.clones)
            names, weights = zip(*STEPS.items())
            name = self.random.choices(names, weights)[0]
            done = getattr(self, name)(clone)
            if done is False:
                continue
            self.counts[name] += 1
            self.log.append(f"{clone.name}: {name}" + (f" {done}" if done else ""))
            # A branch or a tag changes nothing that is looked at.
            if name not in ("branch", "tag", "fetch"):
                self.check(clone)

    def begin(self):
        subprocess.run(["git", "init", "-q", "--bare", str(self.work / "origin.git")], check=True, env=self.env)
        first = Clone(self, "a")
        subprocess.run(["git", "clone", "-q", str(self.work / "origin.git"), str(first.path)], check=True, env=self.env, stderr=subprocess.DEVNULL)
        for name, text in [("duban.yaml", CONFIG), ("logs/a.csv", LOG), (".gitignore", ".duban/\ndrafts/\n*.orig\n"), (".gitattributes", ATTRIBUTES)]:
            path = first.path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        self.clones = [first]
        first.git("add", "-A", check=True)
        first.git("commit", "-qm", "base", check=True)
        self.dispatch(first)
        self.save(first)
        first.git("push", "-q", "origin", "HEAD:main", check=True)
        self.clone(first)

    def next_day(self):
        self.day += 1
        return f"2021-{3 + self.day // 28:02}-{1 + self.day % 28:02}"

    # Checks

    def check(self, clone):
        for told in self.faults(clone):
            raise Failure(f"{clone.name}: {told}")

    def faults(self, clone):
        path = clone.path / "register.jsonl"
        text = path.read_text() if path.exists() else ""
        if re.search(r"^<<<<<<<", text, re.M):
            if clone.duban("register").returncode != 2 or clone.duban("register", "verify").returncode != 1:
                yield "a conflict is not told"
            return
        listed, verified = clone.duban("register", "list", "--format", "json"), clone.duban("register", "verify")
        if listed.returncode or verified.returncode not in (0, 1):
            yield f"status {listed.returncode} and {verified.returncode}: {listed.stderr}{verified.stderr}"
            return
        entries = json.loads(listed.stdout)
        here = collections.Counter((entry["series"], entry["n"], entry["date"]) for entry in entries)
        raw = set(documents(text))
        if set(here) != raw:
            yield f"listed {sorted(here)}, in the file {sorted(raw)}"
        for document, times in here.items():
            if times > 1 and not clone.broken:
                yield f"{document} is listed {times} times"
            if document not in self.given:
                yield f"{document} was never given out"
        # told
        for document in sorted((clone.known("HEAD") | clone.fresh) - set(here)):
            number = self.given[document]
            if f"{number} ({document[2]}" not in listed.stderr:
                yield f"{number} of {document[2]} is not listed, and not told to be lost: {listed.stderr}"
            if verified.returncode != 1 or f"{number} ({document[2]}" not in verified.stdout:
                yield f"{number} of {document[2]} is lost, and verify does not say so: {verified.stdout}"
        # doubled
        standing = collections.Counter(entry["number"] for entry in entries if entry["status"] != "void")
        for number, times in standing.items():
            is_told = f"{number} was given out on two branches" in listed.stderr
            if (times > 1) != is_told or (times > 1 and verified.returncode != 1):
                yield f"{number} stands {times} times: {listed.stderr}{verified.stdout}"
        # quiet
        for line in verified.stdout.splitlines():
            is_of_end = "truncated" in line or "rewritten" in line
            is_of_chain = "its hash does not match" in line or "does not follow" in line or "does not allow" in line or "can't be read" in line
            if (is_of_end and not clone.thrown) or (is_of_chain and not clone.broken):
                yield f"verify says without cause: {line}"

    # Steps of an office

    def dispatch(self, clone):
        if clone.unmerged():
            return False
        kind, day = self.random.choice(KINDS), self.next_day()
        known = {(series, n) for series, n, _ in clone.known("--all", "--reflog") | set(documents(self.text(clone)))}
        before = self.text(clone)
        run = clone.duban("dispatch", kind, "--all", "--as-of", day, "--to", "md")
        if run.returncode == 0:
            new = [document for document in documents(self.text(clone)) if document[2] == day]
            if len(new) != 1 or clone.broken:
                raise Failure(f"{clone.name}: dispatched {new}, to a broken register: {clone.broken}")
            number = next(line for line in run.stderr.splitlines() if re.match(r"\S+ \d+/2021  ", line)).split("  ")[0]
            if new[0][:2] in known:
                raise Failure(f"{clone.name}: {number} was given out again: {run.stderr}")
            is_cut = clone.git("rev-parse", "--is-shallow-repository").stdout.strip() == "true"
            if is_cut != ("shallow" in run.stderr):
                raise Failure(f"{clone.name}: a cut history is not told: {run.stderr}")
            self.given[new[0]] = number
            clone.fresh.add(new[0])
            if self.random.random() < 0.8:
                self.save(clone)
            return number
        if self.text(clone) != before:
            raise Failure(f"{clone.name}: refused, and the register is another: {run.stderr}")
        if run.returncode not in (1, 2) or ("has taken" not in run.stderr and "nothing was dispatched" not in run.stderr and not re.search("truncated|rewritten|altered|mark of a merge|belongs to|exists already", run.stderr)):
            raise Failure(f"{clone.name}: status {run.returncode}: {run.stderr}")
        return "refused: " + self.remedy(clone, run.stderr)

    def remedy(self, clone, told):
        """Does what a refusal says, or leaves it."""
        named = re.search(r"duban register merge --from ([^),\s]+)", told)
        if named and self.random.random() < 0.8:
            run = clone.duban("register", "merge", "--from", named[1])
            if run.returncode and not clone.broken and "is damaged" not in run.stderr:
                raise Failure(f"{clone.name}: {named[0]}: {run.stderr}")
            clone.git("checkout", named[1], "--", "documents")
            self.save(clone)
            return named[0]
        if re.search("truncated|rewritten", told):
            if not clone.thrown:
                raise Failure(f"{clone.name}: told without cause: {told}")
            # Where a commit has it, it is taken over; else it was deleted on purpose.
            for commit in clone.git("log", "-g", "--format=%H", "-n", "20").stdout.split():
                if set(documents(clone.git("cat-file", "blob", f"{commit}:register.jsonl").stdout)) - set(documents(self.text(clone))):
                    clone.duban("register", "merge", "--from", commit)
            self.save(clone)
            if re.search("truncated|rewritten", clone.duban("register", "verify").stdout):
                (clone.path / ".duban/register.head").unlink()
            return "taken over"
        return "left"

    def text(self, clone):
        path = clone.path / "register.jsonl"
        return path.read_text() if path.exists() else ""

    def import_(self, clone):
        if clone.unmerged():
            return False
        day, numbers = self.next_day(), [n for series, n, _ in documents(self.text(clone)) if series == "bulletin"]
        n = max(numbers, default=0) + 1
        with open(clone.path / "old.csv", "w", newline="") as file:
            csv.writer(file).writerows([["series", "n", "date", "title"], ["bulletin", n, day, "Of old times"]])
        run = clone.duban("register", "import", "old.csv")
        (clone.path / "old.csv").unlink()
        if run.returncode == 0:
            document = ("bulletin", n, day)
            self.given[document] = f"Bulletin {n}/2021"
            clone.fresh.add(document)
            self.save(clone)
        elif ("bulletin", n, day) in documents(self.text(clone)):
            raise Failure(f"{clone.name}: import failed and is entered: {run.stderr}")
        return "done" if run.returncode == 0 else "refused"

    def void(self, clone):
        if clone.unmerged():
            return False
        listed = clone.duban("register", "list", "--format", "json")
        if listed.returncode:
            return False
        standing = [entry for entry in json.loads(listed.stdout) if entry["status"] != "void"]
        numbers = collections.Counter(entry["number"] for entry in standing)
        doubled = [entry for entry in standing if numbers[entry["number"]] > 1]
        if not standing:
            return False
        entry = self.random.choice(doubled or standing)
        run = clone.duban("register", "void", entry["number"], "--why", f"why {self.day}")
        if run.returncode == 2 and "was given to several documents" in run.stderr:
            # What the message says names each of them.
            line = next(line for line in run.stderr.splitlines() if line.lstrip().startswith(("documents/", "(")) and entry["date"] in line)
            run = clone.duban("register", "void", entry["number"], "--file", re.search(r"\(([0-9a-f]{8})\)", line)[1], "--why", "doubled")
            if run.returncode and not clone.thrown and not clone.broken:
                raise Failure(f"{clone.name}: void: {run.stderr}")
        if run.returncode == 0:
            after = json.loads(clone.duban("register", "list", "--format", "json").stdout)
            void = [other["status"] for other in after if (other["series"], other["n"], other["date"]) == (entry["series"], entry["n"], entry["date"])]
            if void != ["void"]:
                raise Failure(f"{clone.name}: {entry['number']} of {entry['date']} was to be void: {void}")
            if self.random.random() < 0.9:
                self.save(clone)
        return f"{entry['number']}: {run.returncode}"

    # Git

    def save(self, clone):
        """Commits all there is."""
        if clone.unmerged():
            return False
        clone.git("add", "-A")
        if clone.git("commit", "-qm", f"{clone.name} {self.day}").returncode == 0:
            clone.fresh = set()
            return ""
        return False

    commit = save

    def branches(self, clone):
        found = clone.git("for-each-ref", "--format=%(refname:short) %(symref)", "refs/heads", "refs/remotes", "refs/tags").stdout
        return [line.split()[0] for line in found.splitlines() if line.endswith(" ")]

    def clean(self, clone):
        """Before Git moves files: commits, or throws away."""
        if clone.is_busy() or clone.unmerged():
            self.solve(clone)
        if self.random.random() < 0.15 and clone.git("status", "--porcelain").stdout:
            clone.git("reset", "-q", "--hard")
            clone.git("clean", "-qfd")
            clone.thrown, clone.fresh = clone.thrown or bool(clone.fresh) or True, set()
        else:
            self.save(clone)

    def branch(self, clone):
        return clone.git("switch", "-qc", f"{clone.name}{self.random.randrange(10**6)}").stderr

    def switch(self, clone):
        self.clean(clone)
        local = [line for line in clone.git("for-each-ref", "--format=%(refname:short)", "refs/heads").stdout.split()]
        to = self.random.choice(local)
        return to + clone.git("switch", "-q", to).stderr

    def detach(self, clone):
        self.clean(clone)
        back = self.random.randrange(3)
        clone.thrown = True
        return f"{back}" + clone.git("checkout", "-q", "--detach", f"HEAD~{back}").stderr

    def merge(self, clone):
        self.clean(clone)
        other = self.random.choice(self.branches(clone) or ["HEAD"])
        way = self.random.choices([[], ["--no-ff"], ["--squash"], ["-s", "ours"]], [6, 3, 2, 1])[0]
        clone.git("merge", "-q", "-m", f"merge {other}", *way, other)
        self.solve(clone)
        self.save(clone)
        return " ".join([*way, other])

    def rebase(self, clone):
        self.clean(clone)
        other = self.random.choice(self.branches(clone) or ["HEAD"])
        clone.git("rebase", "-q", other)
        self.solve(clone)
        return other

    def cherry_pick(self, clone):
        self.clean(clone)
        commits = [commit for commit in clone.git("rev-list", "--all", "--no-merges", "-n", "30").stdout.split()]
        clone.git("cherry-pick", self.random.choice(commits))
        self.solve(clone)

    def revert(self, clone):
        self.clean(clone)
        # Never the first one, which has the project.
        commits = clone.git("rev-list", "HEAD", "--min-parents=1", "--no-merges", "-n", "3").stdout.split()
        if not commits:
            return False
        clone.thrown = True
        clone.git("revert", "--no-edit", self.random.choice(commits))
        self.solve(clone)

    def reset(self, clone):
        self.clean(clone)
        to = f"HEAD~{self.random.randrange(1, 3)}"
        if clone.git("cat-file", "-e", f"{to}:duban.yaml").returncode:
            return False
        clone.thrown = True
        clone.git("reset", "-q", "--hard", to)

    def tag(self, clone):
        clone.git("tag", f"{clone.name}-t{self.random.randrange(10**6)}")

    def fetch(self, clone):
        clone.git("fetch", "-q", "--tags")

    def pull(self, clone):
        self.clean(clone)
        rebase = self.random.choice(["--no-rebase", "--rebase"])
        clone.git("pull", "-q", rebase, "origin", "main")
        self.solve(clone)
        return rebase

    def push(self, clone):
        self.save(clone)
        to = self.random.choice(["main", clone.name])
        return f"{to} {clone.git('push', '-q', 'origin', f'HEAD:refs/heads/{to}').returncode}"

    def clone(self, clone):
        if len(self.clones) > 3:
            return False
        new = Clone(self, "bcdefg"[len(self.clones) - 1], driver=self.random.random() < 0.75)
        options = self.random.choices([[], ["-c", "core.autocrlf=true"], ["--depth", "1"], ["--depth", "2", "--no-single-branch"]], [4, 3, 1, 1])[0]
        if subprocess.run(["git", "clone", "-q", "-b", "main", *options, f"file://{self.work}/origin.git", str(new.path)], env=self.env, capture_output=True).returncode:
            return False
        self.clones.append(new)
        self.check(new)
        return f"{new.name} {options} driver {new.driver}"

    def machine(self, clone):
        """Another machine: what is beside the register is gone."""
        shutil.rmtree(clone.path / ".duban", ignore_errors=True)

    def solve(self, clone):
        """Solves conflicts until Git is done, or breaks off."""
        for _ in range(12):
            for path in clone.unmerged():
                if path == "register.jsonl":
                    self.solve_register(clone)
                else:
                    if clone.git("checkout", self.random.choice(["--ours", "--theirs"]), "--", path).returncode and not (clone.path / path).exists():
                        clone.git("rm", "-q", "--cached", "--", path)
                        continue
                    clone.git("add", "--", path)
            if not clone.is_busy():
                return
            folder = clone.path / ".git"
            if (folder / "rebase-merge").exists() or (folder / "rebase-apply").exists():
                command = "rebase"
            else:
                command = next(command for command, name in [("merge", "MERGE_HEAD"), ("cherry-pick", "CHERRY_PICK_HEAD"), ("revert", "REVERT_HEAD")] if (folder / name).exists())
            if clone.git(command, "--continue").returncode and clone.is_busy() and not clone.unmerged():
                if command == "merge" or clone.git(command, "--skip").returncode:
                    clone.git("commit", "-q", "--allow-empty", "-m", "solved")
        for command in ["rebase", "merge", "cherry-pick", "revert"]:
            clone.git(command, "--abort")
        clone.thrown = True

    def solve_register(self, clone):
        self.counts["conflict in the register"] += 1
        self.check(clone)
        path = clone.path / "register.jsonl"
        way = self.random.choice(["remedy", "remedy", "remedy", "ours", "theirs"])
        if way == "remedy" and "<<<<<<<" in self.text(clone):
            # What the message says.
            driver, clone.driver = clone.driver, True
            run = clone.git("checkout", "-m", "--", "register.jsonl")
            clone.driver = driver
            if run.returncode or "<<<<<<<" in path.read_text():
                way = "ours"
        if way in ("ours", "theirs"):
            self.counts["conflict solved carelessly"] += 1
            clone.thrown = True
            if clone.git("checkout", f"--{way}", "--", "register.jsonl").returncode:
                clone.git("checkout", "--theirs" if way == "ours" else "--ours", "--", "register.jsonl")
        clone.git("add", "--", "register.jsonl")


STEPS = {
    "dispatch": 30, "import_": 4, "void": 8, "commit": 3, "branch": 6, "switch": 9, "detach": 2, "merge": 14, "rebase": 5,
    "cherry_pick": 4, "revert": 4, "reset": 3, "tag": 2, "fetch": 5, "pull": 8, "push": 9, "clone": 4, "machine": 2,
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("duban", type=pathlib.Path)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("count", type=int, nargs="?", default=1000)
    parser.add_argument("--steps", type=int, default=14)
    parser.add_argument("--keep", action="store_true", help="keep the folder of a history that failed")
    asked = parser.parse_args()
    counts, failed, given, doubled, played = collections.Counter(), 0, 0, 0, 0
    for seed in range(asked.seed, asked.seed + asked.count):
        work = pathlib.Path(tempfile.mkdtemp(prefix="duban-history-"))
        history = History(asked.duban.resolve(), seed, asked.steps, work)
        is_kept = False
        try:
            history.run()
        except Failure as failure:
            failed += 1
            is_kept = asked.keep
            print(f"seed {seed}: {failure}\n  " + "\n  ".join(history.log) + (f"\n  {work}" if is_kept else ""), flush=True)
        except KeyboardInterrupt:
            shutil.rmtree(work)
            break
        played += 1
        counts += history.counts
        given += len(history.given)
        numbers = collections.Counter(history.given.values())
        doubled += sum(times > 1 for times in numbers.values())
        if not is_kept:
            shutil.rmtree(work)
        if sys.stderr.isatty():
            print(f"\r{played}", end="", file=sys.stderr)
    steps = sum(counts[step] for step in STEPS)
    print(f"{played} histories, {steps} steps, {given} documents, {doubled} numbers given out twice before they were merged: {failed} failed")
    print(", ".join(f"{name.strip('_').replace('_', ' ')} {count}" for name, count in counts.most_common()))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
