"""Counts the logs of a folder on a Dask cluster: cluster.py DUBAN FOLDER [--workers N | --scheduler ADDRESS] [options].

The engine does what engines do: it hands out the logs, notices that a worker is gone, and gives its work to another. duban
counts one log into a partial and adds partials; a log that is counted a second time gives the same file once more.

What was read is listed (--listing): a line for each log, with its lines and seconds, or why it could not be read. While one
is missing no sum is printed, unless --leave-out-failed says that the sum may lack it.
"""
import argparse
import csv
import os
import pathlib
import signal
import subprocess
import sys
import time

from dask.distributed import Client, LocalCluster, as_completed

LOGS = {".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods", ".yaml", ".yml", ".json", ".gz"}
# Partials that one task adds up: the sums are added up again, until one is left.
AT_ONCE = 100


def run(command: list[str]) -> str:
    """Runs duban, and returns why it refused its input. What the machine does to it is for the engine to try again."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode < 0:
        raise RuntimeError(f"killed by signal {-done.returncode}: {' '.join(command)}")
    return "" if done.returncode == 0 else done.stderr.strip() or f"status {done.returncode}"


def count(duban: str, log: str, part: str, asked: list[str]) -> dict[str, object]:
    """Counts one log; a task of the cluster. A partial has its name only when it is whole."""
    began = time.monotonic()
    half = f"{part}.{os.getpid()}"
    failed = run([duban, "tally", log, *asked, "--partial", "-o", half])
    if failed:
        pathlib.Path(half).unlink(missing_ok=True)
        return {"log": log, "state": "failed", "why": failed}
    os.replace(half, part)
    with open(log, "rb") as file:
        lines = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    return {"log": log, "state": "read", "lines": lines, "seconds": round(time.monotonic() - began, 3), "part": part}


def add(duban: str, parts: list[str], total: str) -> str:
    """Adds up some partials; a task of the cluster."""
    failed = run([duban, "merge", *parts, "--partial", "-o", total])
    if failed:
        raise ValueError(failed)
    return total


def kill_one(client: Client) -> None:
    """Kills a worker, as a machine that fails does."""
    os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)
    print("killed a worker", file=sys.stderr)


def counted(client: Client, arguments: argparse.Namespace, logs: list[str], parts: pathlib.Path) -> list[dict]:
    """Counts the logs on the cluster, in their order."""
    asked = arguments.asked
    tasks = [
        client.submit(count, arguments.duban, log, str(parts / f"{at:06}.json"), asked, retries=arguments.retries, pure=False)
        for at, log in enumerate(logs)
    ]
    if arguments.kill:
        next(iter(as_completed(tasks)))
        kill_one(client)
    results = []
    for log, task in zip(logs, tasks):
        try:
            results.append(task.result())
        except Exception as error:  # The engine has tried it as often as it was told to.
            results.append({"log": log, "state": "failed", "why": str(error)})
    return results


def summed(client: Client, duban: str, parts: list[str], folder: pathlib.Path) -> list[str]:
    """Adds up partials on the cluster until a hundred at most are left."""
    level = 0
    while len(parts) > AT_ONCE:
        groups = [parts[at : at + AT_ONCE] for at in range(0, len(parts), AT_ONCE)]
        totals = [str(folder / f"sum-{level}-{at:06}.json") for at in range(len(groups))]
        parts = client.gather([client.submit(add, duban, *pair, pure=False) for pair in zip(groups, totals)])
        level += 1
    return parts


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("duban")
    options.add_argument("folder", type=pathlib.Path)
    options.add_argument("--workers", type=int, default=2, help="workers on this machine, a processor each")
    options.add_argument("--scheduler", help="the address of a cluster that is there, and that shares this folder")
    options.add_argument("--parts", type=pathlib.Path, help="where the partials go; FOLDER-parts")
    options.add_argument("--listing", type=pathlib.Path, help="where the listing goes, as CSV; else to standard error")
    options.add_argument("--retries", type=int, default=3, help="how often a log is tried again when its worker fails")
    options.add_argument("--leave-out-failed", action="store_true", help="print the sum of the others")
    options.add_argument("--kill", action="store_true", help="kill a worker on the way, to see that nothing is lost")
    options.add_argument("--asked", nargs=argparse.REMAINDER, default=[], help="the options of `duban tally`, last")
    arguments = options.parse_args()
    arguments.duban = os.path.abspath(arguments.duban)
    parts = (arguments.parts or arguments.folder.with_name(arguments.folder.name + "-parts")).resolve()
    parts.mkdir(parents=True, exist_ok=True)
    logs = sorted(str(path.resolve()) for path in arguments.folder.iterdir() if path.suffix.lower() in LOGS)

    cluster = arguments.scheduler or LocalCluster(
        n_workers=arguments.workers, threads_per_worker=1, processes=True, dashboard_address=None
    )
    with Client(cluster) as client:
        client.wait_for_workers(1)
        began = time.monotonic()
        results = counted(client, arguments, logs, parts)
        seconds = time.monotonic() - began
        failed = [result for result in results if result["state"] == "failed"]
        read = [result for result in results if result["state"] == "read"]
        sums = summed(client, arguments.duban, [result["part"] for result in read], parts)
    if not arguments.scheduler:
        cluster.close()

    listing = open(arguments.listing, "w", newline="", encoding="utf-8") if arguments.listing else sys.stderr
    table = csv.DictWriter(listing, ["log", "state", "lines", "seconds", "why"], extrasaction="ignore")
    table.writeheader()
    table.writerows(results)
    if arguments.listing:
        listing.close()
    lines = sum(result["lines"] for result in read)
    rate = lines / max(seconds, 1e-9)
    print(f"{len(read)} of {len(logs)} logs read, {lines} lines, {rate:.0f} lines a second", file=sys.stderr)
    for result in failed:
        print(f"failed: {result['log']}: {result['why']}", file=sys.stderr)
    if failed and not arguments.leave_out_failed or not sums:
        return 1
    return subprocess.run([arguments.duban, "merge", *sums, "--format", "json"]).returncode


if __name__ == "__main__":
    sys.exit(main())
