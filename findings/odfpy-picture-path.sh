#!/usr/bin/env bash
# odfpy: a picture goes to another folder of the package depending on whether it is given as a file or as bytes.
#
# Expected: the pictures of an .odt or .ods lie in `Pictures/`, as every office program writes them, whichever way a
#   library is given them.
# What happens: `addPictureFromFile` (or `addPicture` with a file name) writes `Pictures/NAME`; `addPicture(name,
#   mediatype, content)` writes the name as it is, at the root of the package, beside content.xml. Both are valid: a picture
#   is where its `xlink:href` says.
# Why it matters: a program that collects the photos of a submission from `Pictures/`, or leaves everything out that is not
#   there, loses those of reports that a script made, without a word.
# Instead: follow the href of each `draw:image` through the manifest; when writing, put `Pictures/` before the name.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check odfpy==1.4.1 defusedxml==0.7.1
"$work/venv/bin/pip" list --disable-pip-version-check | grep -i odfpy
cat >"$work/finding.py" <<'PYTHON'
import base64
import re
import sys
import zipfile

from odf.draw import Frame, Image
from odf.opendocument import OpenDocumentText
from odf.text import P

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
photo, path = f"{sys.argv[1]}/photo.png", f"{sys.argv[1]}/report.odt"
with open(photo, "wb") as file:
    file.write(PNG)
document = OpenDocumentText()
for href in (document.addPicture(photo), document.addPicture("before.png", "image/png", PNG)):
    frame = Frame(width="1cm", height="1cm", anchortype="as-char")
    frame.addElement(Image(href=href))
    paragraph = P()
    paragraph.addElement(frame)
    document.text.addElement(paragraph)
document.save(path)
with zipfile.ZipFile(path) as package:
    names = [name for name in package.namelist() if name.endswith(".png")]
    hrefs = re.findall(r'xlink:href="([^"]+)"', package.read("content.xml").decode())
for way, href in zip(("as a file", "as bytes"), hrefs):
    folder = href.rpartition("/")[0] or "(root)"
    print(f"{way}: in {folder}, found by its href: {href in names}")
PYTHON
seen=$("$work/venv/bin/python" "$work/finding.py" "$work")
echo "$seen"
diff -u --label seen --label recorded <(echo "$seen") - <<'TEXT' || { echo "the behaviour has changed" >&2; exit 1; }
as a file: in Pictures, found by its href: True
as bytes: in (root), found by its href: True
TEXT
