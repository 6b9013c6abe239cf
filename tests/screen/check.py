"""Looks at HTML documents in Chromium: on a phone, in the dark, on paper, through axe-core, and at the links from figures.

    check.py CHROMIUM FOLDER

checks every page of FOLDER, beside which its figures.json stands (those of a `--together` page are beside its parts), and
plants a fault for each check, which must find it. Exit 1 if a page fails, or a planted fault is not found.
"""

import ctypes
import importlib.resources
import json
import pathlib
import sys

import pypdfium2
from playwright.sync_api import sync_playwright

AXE = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1366, "height": 900}
MM = 72 / 25.4

# What does not depend on the size of the screen: links, contents, rows.
STRUCTURE = """() => {
  const wrong = [], id = href => document.getElementById(decodeURIComponent(href.slice(1)));
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  if (new Set(ids).size !== ids.length) wrong.push('an id stands twice');
  if (document.querySelector('script,link,img:not([src^="data:image/"]),iframe,object,[onload],[onclick]')) wrong.push('the page loads or runs something');
  for (const a of document.querySelectorAll('a')) {
    const href = a.getAttribute('href') || '';
    if (!href.startsWith('#') || !id(href)) wrong.push('a link leads nowhere: ' + href);
  }
  const headings = document.querySelectorAll('article :is(h2,h3)').length + document.querySelectorAll('.attachment h1').length;
  const documents = document.querySelectorAll('article').length;
  if ((headings >= 3 || documents > 1) !== !!document.querySelector('nav.contents a')) wrong.push('contents');
  // The rows that a list quotes, or names: 4–7 are four.
  const rows = list => [...list.querySelectorAll('li')].concat([...list.querySelectorAll('.count a')].flatMap(a => {
    const joined = node => node && node.textContent === '–', from = Number(a.textContent);
    const to = joined(a.nextSibling) ? Number(a.nextElementSibling.textContent) : from;
    return joined(a.previousSibling) ? [] : Array.from({length: to - from + 1}, (_, index) => from + index);
  }));
  const figures = [...document.querySelectorAll('a.n')].map(a => {
    const list = id(a.getAttribute('href'));
    if (!list) return null;
    const listed = rows(list), prefix = list.id.match(/^(d\\d+-)?/)[0];
    for (const row of listed) if (row > 0 && !document.getElementById(prefix + 'r' + row)) wrong.push('there is no row ' + row);
    const said = list.querySelector('.count');
    if (listed.length !== (said ? parseInt(said.textContent) : 0)) wrong.push(list.id + ' does not list what it says');
    return {id: list.id.slice(prefix.length + 1), prefix, text: a.textContent, value: list.querySelector('b').textContent, rows: listed.length};
  });
  return {wrong, figures: figures.filter(Boolean)};
}"""

# Whether anything is wider than the phone, a column narrower than three characters, or the text of a drawing small.
NARROW = """() => {
  const wrong = [];
  if (document.scrollingElement.scrollWidth > innerWidth) wrong.push('the page is wider than the phone: ' + document.scrollingElement.scrollWidth);
  for (const cell of document.querySelectorAll('th,td')) {
    const style = getComputedStyle(cell), size = parseFloat(style.fontSize);
    const inner = cell.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    if (inner < 2.95 * size && cell.textContent.length > 1) wrong.push('a narrow column: ' + inner / size + ' characters: ' + cell.textContent);
  }
  for (const box of document.querySelectorAll('.table'))
    if (box.scrollWidth > box.clientWidth + 1 && box.tabIndex !== 0) wrong.push('a table can not be scrolled with the keys');
  for (const text of document.querySelectorAll('svg text')) {
    const size = parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a;
    if (size < 11) wrong.push('a small text in a drawing: ' + size + ' px: ' + text.textContent);
  }
  return wrong.slice(0, 3);
}"""

COLOURS = """() => ['color', 'backgroundColor'].map(what => {
  const [r, g, b] = getComputedStyle(document.querySelector('.sheet'))[what].match(/[\\d.]+/g).map(Number);
  return (r * 2 + g * 5 + b) / 8 / 255;
})"""


class Page:
    """A page, opened on a phone in the dark and on a desk by day."""

    def __init__(self, browser, path):
        self.path, self.requests, self.contexts = path, [], []
        self.phone = self.open(browser, PHONE, "dark")
        self.desktop = self.open(browser, DESKTOP, "light")

    def open(self, browser, size, scheme):
        context = browser.new_context(viewport=size, color_scheme=scheme)
        self.contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(self.path.as_uri())
        return page

    def close(self):
        for context in self.contexts:
            context.close()

    def colours(self):
        ink, paper = self.phone.evaluate(COLOURS)
        if ink < 0.7 or paper > 0.3:
            yield f"it is not dark: ink {ink:.2f} on {paper:.2f}"
        ink, paper = self.desktop.evaluate(COLOURS)
        if ink > 0.3 or paper < 0.9:
            yield f"it is not light: ink {ink:.2f} on {paper:.2f}"

    def width(self):
        yield from self.phone.evaluate(NARROW)

    def structure(self):
        found = self.phone.evaluate(STRUCTURE)
        yield from found["wrong"]
        yield from self.figures(found["figures"])
        if any(url.split("#")[0] != self.path.as_uri() for url in self.requests if not url.startswith("data:image/")):
            yield f"it asks for {self.requests}"

    def access(self):
        yield from axe(self.desktop)
        # With the list of a figure open, if it has one.
        link = self.phone.locator("a.n").first
        if link.count():
            link.click()
        yield from axe(self.phone)

    def paper(self):
        yield from paper_faults(self.phone)

    def figures(self, printed):
        """Holds the lists of a page against figures.json; a page of several has that of none of them beside it."""
        file = self.path.parent / f"{self.path.stem}.figures.json"
        if not file.exists():
            return
        known = {figure["id"]: figure for figure in json.loads(file.read_text())["figures"]}
        for seen in printed:
            number, _, part = seen["id"].partition(".")
            figure = known[int(number)]
            whole = figure["parts"][int(part) - 1] if part else figure
            rows = sum(row[1] - row[0] + 1 if isinstance(row, list) else 1 for row in whole["rows"])
            if seen["rows"] != rows:
                yield f"figure {seen['id']} lists {seen['rows']} rows, not {rows}"
            if (part or figure["function"] in ("count", "table")) and seen["value"] != str(whole["value"]):
                yield f"figure {seen['id']} is {whole['value']}, not {seen['value']}"
            counts = part or figure["function"] in ("count", "issues", "records", "table")
            if counts and figure.get("rows_withheld") is None and seen["rows"] != int(seen["value"]):
                yield f"figure {seen['id']} says {seen['value']} and lists {seen['rows']} rows"

    def follow(self):
        """A number that is followed shows its list, and the way back closes it."""
        link = self.desktop.locator("a.n").first
        if not link.count():
            return
        href = link.get_attribute("href")
        shown = self.desktop.locator(f"[id='{href[1:]}']")
        if shown.is_visible():
            yield "a list shows before its number was followed"
        link.click()
        box = shown.bounding_box() if shown.is_visible() else None
        if not box or box["y"] + 40 > DESKTOP["height"]:
            yield "a number was followed, and its list does not show"
            return
        shown.locator(".back").click()
        if shown.is_visible():
            yield "the way back does not close the list"


CHECKS = (Page.width, Page.colours, Page.structure, Page.follow, Page.access, Page.paper)


def faults(browser, path, checks=CHECKS):
    page = Page(browser, path)
    try:
        return [fault for check in checks for fault in check(page)]
    finally:
        page.close()


# Only what is wrong comes back: all that is right is as long as the page.
RUN_AXE = """() => axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations.map(
  ({id, help, nodes}) => `axe: ${id}: ${help}: ${nodes[0].html.slice(0, 120)} (${nodes.length})`))"""


def axe(page):
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE + ";0")
    yield from page.evaluate(RUN_AXE)


def paper_faults(page):
    """The pages of the document, and nothing that only a screen has."""
    language = page.evaluate("document.documentElement.lang")
    wide = page.locator(".wide").count()
    pdf = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    # Letter paper is wider than A4, and the text is as wide on both.
    is_letter = "size:letter" in page.content()
    paper = (215.9, 279.4) if is_letter else (210, 297)
    top, right, bottom, left = (37, 26, 35, 28) if language == "zh-CN" else (30, paper[0] - 184, 30, 28)
    text, turned = "", 0
    for number, sheet in enumerate(pdf, 1):
        width, height = sheet.get_width() / MM, sheet.get_height() / MM
        is_turned = width > height
        turned += is_turned
        if any(abs(one - other) > 0.5 for one, other in zip(sorted((width, height)), paper)):
            yield f"page {number} is {width:.0f} × {height:.0f} mm"
        _, to_right, to_bottom, to_left = (left, top, right, bottom) if is_turned else (top, right, bottom, left)
        letters = sheet.get_textpage()
        printed = letters.get_text_range()
        text += printed
        for index in range(letters.count_chars()):
            ink = colour(letters, index)
            if max(ink) > 26 and not (ink[0] > 200 and max(ink[1:]) < 50):
                yield f"page {number} has ink of the colour {ink}"
                return
            x0, y0, x1, _ = (length / MM for length in letters.get_charbox(index))
            # The number of the page stands below the text.
            if x1 - x0 > 0.2 and y0 > to_bottom and (x0 < to_left - 1 or x1 > width - to_right + 2):
                yield f"page {number}: a letter stands at {x0:.0f}–{x1:.0f} mm"
                break
    if bool(turned) != bool(wide):
        yield f"{turned} pages are in landscape, {wide} sections are wide"
    for part in ("数据来源", "Where the figures come from", "目录", "Contents"):
        if part in text:
            yield f"{part} is printed"


def colour(letters, index):
    parts = [ctypes.c_uint() for _ in range(4)]
    pypdfium2.raw.FPDFText_GetFillColor(letters, index, *parts)
    return tuple(part.value for part in parts[:3])


def plant(page, folder):
    """Pages with a fault each, and what must be said of it."""
    html = page.read_text()
    def with_style(rule):
        return html.replace("</style>", rule + "</style>")
    first = html.index('class="n"')
    planted = {
        ("wider than the phone", Page.width): html.replace("<article", "<div style='width:500px'>x</div><article", 1),
        ("narrow column", Page.width): with_style("@media screen{th,td,.r,.name,.long{min-width:0!important}thead th{white-space:normal!important}table{table-layout:fixed}}"),
        ("scrolled with the keys", Page.width): html.replace(' tabindex="0"', ""),
        ("small text in a drawing", Page.width): html.replace("</article>", "<svg viewBox='0 0 3800 90'><text font-size='100' y='80'>x</text></svg></article>", 1),
        ("not dark", Page.colours): html.replace("prefers-color-scheme:dark", "prefers-contrast:more"),
        ("not light", Page.colours): html.replace("and (prefers-color-scheme:dark)", ""),
        ("an id stands twice", Page.structure): html.replace('id="f1"', 'id="top"', 1),
        ("loads or runs", Page.structure): html.replace("</main>", "<script>0</script></main>"),
        ("asks for", Page.structure): html.replace("default-src 'none'; ", "").replace("</main>", "<video src='x.mp4'></video></main>"),
        ("leads nowhere", Page.structure): html[:first] + html[first:].replace('href="#f', 'href="#g', 1),
        ("contents", Page.structure): html.replace('<nav class="contents"', "<nav hidden class='none'"),
        ("does not list what it says", Page.structure): html.replace('<p class="count">', '<p class="count">9'),
        ("does not show", Page.follow): with_style(".figure:target{display:none}"),
        ("before its number was followed", Page.follow): with_style(".figure{display:block}"),
        ("does not close", Page.follow): html.replace('class="back" href="#n-', 'class="back" href="#'),
        ("axe: color-contrast", Page.access): with_style("p{color:#888!important}"),
        ("axe: html-has-lang", Page.access): html.replace('lang="zh-CN"', ""),
        ("axe: landmark-one-main", Page.access): html.replace("<main>", "<div>").replace("</main>", "</div>"),
        ("mm", Page.paper): with_style("@page{size:a5!important}"),
        ("stands at", Page.paper): with_style("@media print{article{margin-left:-20mm}}"),
        ("in landscape", Page.paper): with_style(".wide{page:auto!important}"),
        ("ink of the colour", Page.paper): with_style("@media print{p{color:#00c}}"),
        ("is printed", Page.paper): with_style("@media print{.sources{display:block!important}}"),
    }
    for number, ((said, check), text) in enumerate(planted.items()):
        assert text != html, said
        path = folder / f"planted-{number}.html"
        path.write_text(text)
        yield said, check, path
    figures = json.loads((page.parent / f"{page.stem}.figures.json").read_text())
    next(figure for figure in figures["figures"] if figure["function"] == "count")["rows"].pop()
    path = folder / "planted-figures.html"
    path.write_text(html)
    (folder / "planted-figures.figures.json").write_text(json.dumps(figures))
    yield "rows, not", Page.structure, path


def main(chromium, folder):
    folder = pathlib.Path(folder)
    pages = sorted(folder.glob("*/*.html"))
    assert pages, "there is no page"
    failed = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for path in pages:
            for fault in faults(browser, path):
                failed += 1
                print(f"{path.relative_to(folder)}: {fault}")
        planted = folder / "planted"
        planted.mkdir()
        for said, check, path in plant(next(folder.glob("zh/bulletin*.html")), planted):
            found = faults(browser, path, [check])
            if not any(said in fault for fault in found):
                failed += 1
                print(f"a planted fault was not found: {said}: {found}")
        browser.close()
    print(f"{len(pages)} pages: {failed or 'no'} fault{'' if failed == 1 else 's'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
