"""Issues by unit, category and disposition with the readers of Python: counts_python.py json|yaml|xlsx FILE."""

import sys


def read_json(path: str):
    import json

    with open(path, encoding="utf-8") as file:
        return listed(json.load(file))


def read_yaml(path: str):
    """The loader in C, and texts only: the fastest that PyYAML has."""
    import yaml

    with open(path, "rb") as file:
        return listed(yaml.load(file, Loader=yaml.CBaseLoader))


def read_xlsx(path: str):
    from python_calamine import CalamineWorkbook

    keys, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return (dict(zip(keys, row)) for row in rows)


def listed(tree):
    """The issues, whether they stand alone or in a mapping."""
    return tree if isinstance(tree, list) else tree["issues"]


counts = {}
for row in {"json": read_json, "yaml": read_yaml, "xlsx": read_xlsx}[sys.argv[1]](sys.argv[2]):
    key = row["责任单位"], row["问题类别"], row["整改方式"]
    counts[key] = counts.get(key, 0) + 1
for key in sorted(counts):
    print(*key, counts[key], sep=",")
