"""Counts the logs of a folder on a Dask cluster of two workers, one of which is killed on the way: cluster.py DUBAN FOLDER.

The engine does what engines do: hands out the work, notices that a worker is gone, gives its work to another. duban only
counts a log into a partial, and adds partials; a log that is counted a second time gives the same file once more.
"""
import os
import pathlib
import signal
import subprocess
import sys
import time

from dask.distributed import Client, LocalCluster

ASKED = ["--by", "unit,category", "--as-of", "2021-08-20"]


def count(duban: str, log: str) -> str:
    """Counts one log; a task of the cluster."""
    part = log.removesuffix(".csv") + ".json"
    subprocess.run([duban, "tally", log, *ASKED, "--partial", "-o", part], check=True)
    # Long enough that a worker can be killed while it has work.
    time.sleep(0.2)
    return part


def main() -> None:
    duban, folder = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
    logs = sorted(str(path.resolve()) for path in folder.glob("*.csv"))
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        with Client(cluster) as client:
            tasks = client.map(count, [duban] * len(logs), logs, retries=3)
            while sum(task.done() for task in tasks) < 2:
                time.sleep(0.05)
            victim = next(iter(client.run(os.getpid).values()))
            os.kill(victim, signal.SIGKILL)
            print(f"killed a worker after {sum(task.done() for task in tasks)} of {len(tasks)} logs", file=sys.stderr)
            parts = sorted(client.gather(tasks))
    subprocess.run([duban, "merge", *parts, "--format", "json"], check=True)


if __name__ == "__main__":
    main()
