"""What two builds of duban are both given, to see whether they say the same: the projects below some folders, and all files there that
somebody might take for a log.

    release/inputs.py [--largest BYTES] FOLDER…      a line each: a project or nothing, a tab, a file of it or nothing for the project
"""

import sys
from pathlib import Path

# What is left out, so that a kind of file that nobody thought of is given to both: what people read, and what makes or runs something.
NO_LOGS = {"", ".md", ".html", ".docx", ".fodt", ".feature", ".py", ".sh", ".png", ".jpg", ".svg"}
CONFIG = "duban.yaml"
# The gate takes no larger file.
MOST = 64 << 20


def inputs(folders, largest=MOST):
    """Pairs of a project and a file: no file stands for the project itself, no project for a file that lies in none."""
    for folder in map(Path, folders):
        projects = {config.parent for config in folder.rglob(CONFIG)}
        yield from ((project, None) for project in sorted(projects))
        for path in sorted(folder.rglob("*")):
            is_log = path.is_file() and path.name != CONFIG and path.suffix.lower() not in NO_LOGS
            if is_log and path.stat().st_size <= largest:
                yield next((parent for parent in path.parents if parent in projects), None), path


if __name__ == "__main__":
    given = sys.argv[1:]
    most = {"largest": int(given[1])} if given[:1] == ["--largest"] else {}
    for project, path in inputs(given[2:] if most else given, **most):
        print(project or "", path or "", sep="\t")
