"""Makes every write to the disk fail, and kills at every write and at random moments, in the commands that change a register.

    python3 tests/git/faults.py DUBAN [SEED] [KILLS] [--every N] [--only COMMAND]

Needs strace, which makes system calls fail. The commands: `dispatch`, `dispatch --request-id`, `register merge`,
`register merge --from`, `register void`, `register void --file`, `register resume`, `register import`. For each command

- each call that writes (write, fsync, rename, link, mkdir, truncate, unlink, opening to write, …) fails once, with a full disk and
  with an error of the device, and is killed once; with `--every N` each Nth of them;
- it is killed KILLS times in all at a random moment of its life.

Afterwards the register is what it was or what it was to be, but for a number that is pending, which `register resume` finishes; the
exit status is 0 only if it is done, 4 if and only if a number was taken and the rest failed, and the message then names the number
and `register resume`; the same request asked again takes no second number; `register verify` finds nothing in the end.
Prints each failure and the counts; status 1 if there was a failure.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from histories import CONFIG, LOG

# Without those that only read.
CALLS = ["write", "pwrite64", "fsync", "fdatasync", "syncfs", "rename", "renameat", "renameat2", "link", "linkat", "mkdir", "mkdirat", "ftruncate", "unlink", "unlinkat", "copy_file_range", "sendfile", "openat"]
ERRORS = ["ENOSPC", "EIO"]
ENV = {**os.environ, "LC_ALL": "C.UTF-8", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}


class Failure(Exception):
    pass


class Case:
    """A command in a project that `prepare` made."""

    def __init__(self, name, base, arguments, request=None, may_take=False):
        self.name, self.base, self.arguments, self.request, self.may_take = name, base, arguments, request, may_take


class Bench:
    def __init__(self, duban, work):
        self.duban, self.work, self.counts, self.failed = str(duban), work, collections.Counter(), 0

    def run(self, folder, *arguments):
        return subprocess.run([self.duban, *arguments], cwd=folder, capture_output=True, text=True, errors="replace", env=ENV)

    def done(self, folder, *arguments):
        run = self.run(folder, *arguments)
        if run.returncode:
            raise SystemExit(f"{arguments}: {run.stderr}")
        return run

    def project(self, name):
        folder = self.work / name
        (folder / "logs").mkdir(parents=True)
        (folder / "duban.yaml").write_text(CONFIG)
        (folder / "logs/a.csv").write_text(LOG)
        self.dispatch(folder, 10)
        return folder

    def dispatch(self, folder, day):
        self.done(folder, "dispatch", "bulletin", "--all", "--as-of", f"2021-03-{day}", "--to", "md")

    def copy(self, base):
        folder = self.work / "run"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(base, folder, symlinks=True)
        return folder

    def cases(self):
        plain = self.project("plain")
        ask = ["dispatch", "bulletin", "--all", "--as-of", "2021-03-20", "--to", "md,html"]
        yield Case("dispatch", plain, ask, may_take=True)
        yield Case("dispatch --request-id", plain, [*ask, "--request-id", "r-1"], request="r-1", may_take=True)
        pending = self.pending(plain, ask)
        yield Case("register resume", pending, ["register", "resume"], may_take=True)
        yield Case("dispatch --request-id, again", self.pending(plain, [*ask, "--request-id", "r-1"]), [*ask, "--request-id", "r-1"], request="r-1", may_take=True)
        yield Case("register void", plain, ["register", "void", "Bulletin 1/2021", "--why", "a mistake"])
        (plain / "old.csv").write_text("series,n,date,title\nbulletin,2,2021-03-11,Of old times\nbulletin,3,2021-03-12,Of old times\n")
        yield Case("register import", plain, ["register", "import", "old.csv"])
        (plain / "old.csv").unlink()
        ours, theirs = self.copy_as(plain, "ours"), self.copy_as(plain, "theirs")
        self.dispatch(ours, 12)
        self.dispatch(theirs, 13)
        self.dispatch(theirs, 14)
        shutil.copy(plain / "register.jsonl", ours / "base")
        shutil.copy(theirs / "register.jsonl", ours / "theirs")
        yield Case("register merge", ours, ["register", "merge", "base", "register.jsonl", "theirs"])
        doubled = self.copy_as(ours, "doubled")
        self.done(doubled, "register", "merge", "base", "register.jsonl", "theirs")
        listed = json.loads(self.done(doubled, "register", "list", "--format", "json").stdout)
        named = next(entry["files"][0]["sha256"][:8] for entry in listed if entry["date"] == "2021-03-13")
        yield Case("register void --file", doubled, ["register", "void", "Bulletin 2/2021", "--file", named, "--why", "doubled"])
        git = self.copy_as(ours, "git")
        commands = [["init", "-q"], ["add", "-A"], ["commit", "-qm", "ours"], ["switch", "-qc", "side"]]
        for command in commands:
            subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *command], cwd=git, check=True, env=ENV)
        shutil.copy(git / "theirs", git / "register.jsonl")
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qam", "theirs"], cwd=git, check=True, env=ENV)
        subprocess.run(["git", "switch", "-q", "-"], cwd=git, check=True, env=ENV)
        yield Case("register merge --from", git, ["register", "merge", "--from", "side"])

    def copy_as(self, base, name):
        shutil.copytree(base, self.work / name)
        return self.work / name

    def pending(self, base, ask):
        """A project in which a dispatch was killed behind its number."""
        for call in ["linkat", "renameat2", "link", "rename"]:
            for when in range(1, 20):
                folder = self.copy(base)
                self.traced(folder, ask, call, "signal=KILL", when)
                if any(entry["status"] == "pending" for entry in self.listed(folder)) and len(list((folder / "documents").iterdir())) < 5:
                    return pathlib.Path(shutil.copytree(folder, self.work / f"pending-{len(ask)}"))
        raise SystemExit("no dispatch could be killed behind its number")

    def traced(self, folder, arguments, call, what, when):
        log = self.work / "strace.log"
        command = ["strace", "-f", "-qq", "-o", str(log), "-e", f"trace={call}", "-e", f"inject={call}:{what}:when={when}"]
        run = subprocess.run([*command, self.duban, *arguments], cwd=folder, capture_output=True, text=True, errors="replace", env=ENV)
        return run, log.read_text(errors="replace")

    def listed(self, folder):
        run = self.run(folder, "register", "list", "--format", "json")
        if run.returncode:
            raise Failure(f"the register can't be read: {run.stderr}")
        return json.loads(run.stdout)

    def state(self, folder):
        return [(entry["series"], entry["n"], entry["date"], entry["status"]) for entry in self.listed(folder)]

    def check(self, case, folder, run, was, wanted):
        """What is left after something failed; `run` is `None` for a process that was killed."""
        now = self.state(folder)
        lines = lambda state: [document[:3] for document in state]
        if lines(now) not in (lines(was), lines(wanted)) and not (case.name.startswith("register merge") and now == wanted[: len(now)] and now[: len(was)] == was):
            raise Failure(f"{was} became {now}")
        taken = len(now) > len(was) or any(document[3] == "pending" for document in was)
        if run is not None:
            done, is_told = now == wanted, "register resume" in run.stderr
            numbers = ["Bulletin 2/2021"]
            if run.returncode == 0 and not done:
                raise Failure(f"status 0, and the register is {now}")
            if run.returncode == 4 and not (case.may_take and taken and is_told and numbers[0] in run.stderr):
                # A message can't be written where writing it is what failed.
                if run.stderr or not taken:
                    raise Failure(f"status 4: {run.stderr} {now}")
            # What a register that can't be opened has is not known; nothing was taken then.
            is_known = len(now) > len(was) or "register.jsonl: " not in run.stderr
            if case.name.startswith("dispatch") and taken and is_known and run.returncode not in (0, 4):
                raise Failure(f"status {run.returncode} with a number taken: {run.stderr}")
            if case.name in ("register void", "register void --file", "register import") and done != (run.returncode == 0):
                raise Failure(f"status {run.returncode}, and the register is {now}: {run.stderr}")
        # What helps.
        before = collections.Counter(lines(now))
        if case.request or not case.may_take:
            again = self.run(folder, *case.arguments)
            if case.request and again.returncode:
                raise Failure(f"asked again: {again.returncode} {again.stderr}")
        else:
            self.done(folder, "register", "resume")
        after = self.state(folder)
        if case.request or not case.may_take:
            if after != wanted:
                raise Failure(f"again, and the register is {after}")
        elif any(document[3] == "pending" for document in after) or collections.Counter(lines(after)) != before:
            raise Failure(f"resumed, and the register is {after}")
        if case.request and sum(entry.get("request") == case.request for entry in self.listed(folder)) != 1:
            raise Failure("the request has two numbers")
        verified = self.run(folder, "register", "verify")
        # Two branches' documents of one name: only one of them can lie there.
        told = [line for line in verified.stdout.splitlines() if not re.search("is a duplicate|was altered|is missing", line) or "its hash" in line]
        if told or (case.may_take and verified.returncode):
            raise Failure(f"verify: {verified.stdout}")
        self.done(folder, "register", "resume")
        if case.may_take and any((folder / ".duban/staged").iterdir()):
            raise Failure("files are left behind")

    def guarded(self, case, what, check):
        self.counts[what.split()[0]] += 1
        try:
            check()
        except Failure as failure:
            self.failed += 1
            print(f"{case.name}, {what}: {failure}", flush=True)

    def inject(self, case, was, wanted, every):
        for call in CALLS:
            for what in [*(f"error={error}" for error in ERRORS), "signal=KILL"]:
                for when in range(1, 400, every):
                    folder = self.copy(case.base)
                    run, log = self.traced(folder, case.arguments, call, what, when)
                    is_hit = "INJECTED" in log or "+++ killed by" in log
                    if not is_hit:
                        break
                    # Reading the program itself fails, or a library: nothing was begun.
                    if call == "openat" and "O_WRONLY" not in log and "O_RDWR" not in log and "O_CREAT" not in log:
                        continue
                    if run.returncode in (127, 101):
                        if run.returncode == 101:
                            self.guarded(case, f"{what} of {call} {when}", lambda: (_ for _ in ()).throw(Failure(run.stderr)))
                        continue
                    ended = None if what.startswith("signal") else run
                    self.guarded(case, f"{what} of {call} {when}", lambda: self.check(case, folder, ended, was, wanted))

    def kill(self, case, was, wanted, kills, rng):
        folder = self.copy(case.base)
        begun = time.perf_counter()
        self.run(folder, *case.arguments)
        life = time.perf_counter() - begun
        for _ in range(kills):
            folder = self.copy(case.base)
            child = subprocess.Popen([self.duban, *case.arguments], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENV)
            time.sleep(rng.random() * life)
            child.send_signal(signal.SIGKILL)
            child.wait()
            self.guarded(case, "kill", lambda: self.check(case, folder, None, was, wanted))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("duban", type=pathlib.Path)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("kills", type=int, nargs="?", default=1000)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--only", help="the commands whose names begin so")
    asked = parser.parse_args()
    rng = random.Random(asked.seed)
    work = pathlib.Path(tempfile.mkdtemp(prefix="duban-faults-"))
    bench = Bench(asked.duban.resolve(), work)
    cases = [case for case in bench.cases() if case.name.startswith(asked.only or "")]
    for at, case in enumerate(cases):
        if case.name == "register import":
            (case.base / "old.csv").write_text("series,n,date,title\nbulletin,2,2021-03-11,Of old times\nbulletin,3,2021-03-12,Of old times\n")
        was = bench.state(case.base)
        folder = bench.copy(case.base)
        bench.done(folder, *case.arguments)
        wanted = bench.state(folder)
        before = bench.failed, sum(bench.counts.values())
        bench.inject(case, was, wanted, asked.every)
        bench.kill(case, was, wanted, asked.kills * (at + 1) // len(cases) - asked.kills * at // len(cases), rng)
        print(f"{case.name}: {sum(bench.counts.values()) - before[1]} runs, {bench.failed - before[0]} failed", flush=True)
    shutil.rmtree(work)
    print(", ".join(f"{what}: {count}" for what, count in bench.counts.items()) + f"; {bench.failed} failed")
    return 1 if bench.failed else 0


if __name__ == "__main__":
    sys.exit(main())
