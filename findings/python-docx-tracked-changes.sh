#!/usr/bin/env bash
# python-docx: where a change is tracked, `Paragraph.text` has neither the old text nor the new one.
#
# Expected: in a document with tracked changes, `paragraph.text` is either the text with all changes accepted or the
#   text as it was before; text in a drop-down or date field of a form is there too, since it is plain text on screen.
# What happens: only runs and hyperlinks that are direct children of the paragraph are read. Inserted runs lie one level
#   deeper, deleted text has an element of its own: both are left out, and so is all text in content controls. A control
#   around whole paragraphs hides them from `document.paragraphs`. There is no sign that anything was skipped.
# Why it matters: "within 10 days", corrected to 15, is read as "within days"; letters pass from desk to desk with
#   changes tracked, and forms are built of content controls. A search for a deadline finds none and says so.
# Instead: go over the paragraph's XML and take every `w:t` (that is the text with all changes accepted), as mammoth
#   does, or stop with an error when the document holds `w:ins`, `w:del` or `w:sdt`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    python-docx==1.2.0 lxml==6.1.3 typing_extensions==4.16.0 mammoth==1.13.0 cobble==0.1.4
"$work/venv/bin/pip" list --disable-pip-version-check | grep -i -E 'python-docx|mammoth'
cat >"$work/finding.py" <<'PYTHON'
import sys

import docx
import mammoth
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn


def part(xml):
    return parse_xml(xml.replace(">", f" {nsdecls('w')}>", 1))


def run(text, tag="t"):
    return f'<w:r><w:{tag} xml:space="preserve">{text}</w:{tag}></w:r>'


path = sys.argv[1] + "/letter.docx"
document = docx.Document()
paragraph = document.add_paragraph("Mend within ")
paragraph._p.append(part(f'<w:del w:id="1" w:author="A">{run("10", "delText")}</w:del>'))
paragraph._p.append(part(f'<w:ins w:id="2" w:author="A">{run("15")}</w:ins>'))
paragraph.add_run(" days. Charged: ")
paragraph._p.append(part(f'<w:sdt><w:sdtContent>{run("East Town")}</w:sdtContent></w:sdt>'))
block = part(f'<w:sdt><w:sdtContent><w:p>{run("Report in writing.")}</w:p></w:sdtContent></w:sdt>')
paragraph._p.addnext(block)
document.save(path)

document = docx.Document(path)
print("python-docx:", [paragraph.text for paragraph in document.paragraphs])
every = ["".join(t.text for t in p.iter(qn("w:t"))) for p in document.element.body.iter(qn("w:p"))]
print("every w:t:", every)
with open(path, "rb") as file:
    print("mammoth:", mammoth.extract_raw_text(file).value.split("\n\n")[:-1])
PYTHON
seen=$("$work/venv/bin/python" "$work/finding.py" "$work")
echo "$seen"
diff -u --label seen --label recorded <(echo "$seen") - <<'TEXT' || { echo "the behaviour has changed" >&2; exit 1; }
python-docx: ['Mend within  days. Charged: ']
every w:t: ['Mend within 15 days. Charged: East Town', 'Report in writing.']
mammoth: ['Mend within 15 days. Charged: East Town', 'Report in writing.']
TEXT
