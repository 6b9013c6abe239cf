"""Letters with docxtpl: one template opened for each, as its documentation has it."""

import json
import sys
from pathlib import Path

from docxtpl import DocxTemplate

template, letters, folder = sys.argv[1:]
for letter in json.loads(Path(letters).read_text(encoding="utf-8")):
    document = DocxTemplate(template)
    document.render(letter, autoescape=True)
    document.save(f"{folder}/{letter['unit']}.docx")
