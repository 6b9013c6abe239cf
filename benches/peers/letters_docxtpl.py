"""Letters with docxtpl: one template opened for each, as its documentation has it."""

import json
import sys
from pathlib import Path

from docxtpl import DocxTemplate

template, letters, folder = sys.argv[1:]
for letter in json.loads(Path(letters).read_text(encoding="utf-8")):
    document = DocxTemplate(template)
    # A template of duban's asks for its issues with a function.
    functions = {"issues": lambda: letter["rows"]} if "rows" in letter else {}
    document.render(letter | functions, autoescape=True)
    document.save(f"{folder}/{letter['addressee']}.docx")
