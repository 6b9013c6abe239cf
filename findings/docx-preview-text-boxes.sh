#!/usr/bin/env bash
# docx-preview: of a drawing that is written twice it always shows the copy for old readers, and without one it shows nothing.
#
# Expected: a .docx renderer of today understands `wps` shapes, as every file of Word has them, so in `mc:AlternateContent` it takes
#   `mc:Choice Requires="wps"`. The standard lets a writer leave `mc:Fallback` out (ECMA-376 Part 3, 7.5).
# What happens: the list of namespaces that it understands is empty. It draws the text of `mc:Fallback`; where only the choice stands,
#   the text box and its text are missing, without an error or a warning. The paragraph around it is drawn.
# Why it matters: a program that fills a text box and drops the copy, or leaves it as it was, is right in Word and LibreOffice, and
#   in a web preview the number of a letter is missing or an unfilled tag is shown.
# Instead: fill both copies alike, and look at previews with a box whose two copies differ.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund docx-preview@0.4.1 jszip@3.10.1 jsdom@24.1.3 >/dev/null
cat >run.cjs <<'JS'
const JSZip = require("jszip");
const { JSDOM } = require("jsdom");
const dom = new JSDOM("<!doctype html><div id=a></div>");
for (const name of ["window", "document", "DOMParser", "XMLSerializer", "Node", "HTMLElement", "Blob"])
  globalThis[name] = name === "window" ? dom.window : dom.window[name];
globalThis.Highlight = undefined;
// jsdom lays nothing out: what is measured after drawing is skipped.
globalThis.requestAnimationFrame = () => 0;
const { renderAsync } = require("docx-preview");

const names = [
  ["w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"],
  ["mc", "http://schemas.openxmlformats.org/markup-compatibility/2006"],
  ["wps", "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"],
  ["wp", "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"],
  ["a", "http://schemas.openxmlformats.org/drawingml/2006/main"],
  ["v", "urn:schemas-microsoft-com:vml"],
].map(([prefix, uri]) => `xmlns:${prefix}="${uri}"`).join(" ");
const text = (words) => `<w:p><w:r><w:t>${words}</w:t></w:r></w:p>`;
const content = (words) => `<w:txbxContent>${text(words)}</w:txbxContent>`;
const choice = `<mc:Choice Requires="wps"><w:drawing><wp:inline><wp:extent cx="900000" cy="300000"/><wp:docPr id="1" name="b"/>` +
  `<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:txbx>` +
  `${content("NEW")}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>`;
const fallback = `<mc:Fallback><w:pict><v:rect style="width:90pt;height:30pt"><v:textbox>${content("OLD")}</v:textbox></v:rect></w:pict></mc:Fallback>`;

async function shown(box) {
  const zip = new JSZip();
  const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const types = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
  zip.file("[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ` +
    `ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="${types}"/></Types>`);
  zip.file("_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" ` +
    `Type="${office}/officeDocument" Target="word/document.xml"/></Relationships>`);
  zip.file("word/document.xml", `<w:document ${names}><w:body><w:p><w:r><w:t>around</w:t></w:r><w:r><mc:AlternateContent>${box}` +
    `</mc:AlternateContent></w:r></w:p></w:body></w:document>`);
  const bytes = await zip.generateAsync({ type: "uint8array" });
  const target = document.createElement("div");
  await renderAsync(bytes, target, target);
  target.querySelectorAll("style").forEach((style) => style.remove());
  return target.textContent.replace(/\s+/g, " ").trim();
}

(async () => {
  const both = await shown(choice + fallback);
  const alone = await shown(choice);
  console.log(`docx-preview ${JSON.parse(require("fs").readFileSync("node_modules/docx-preview/package.json")).version}`);
  console.log(`both copies, NEW and OLD: "${both}"`);
  console.log(`the choice alone, NEW:    "${alone}"`);
})().catch((error) => { console.error(error); process.exit(1); });
JS
seen=$(node run.cjs)
echo "$seen"
diff -u --label seen --label recorded <(echo "$seen") - <<'TEXT' || { echo "the behaviour has changed" >&2; exit 1; }
docx-preview 0.4.1
both copies, NEW and OLD: "aroundOLD"
the choice alone, NEW:    "around"
TEXT
