"""Drives the page of `duban gate` or `duban open` in Chromium, as someone at a desk does: drop, look, filter, mend, check
again, download, tally, receipt, draft; and in a desk: take in, teach a word, dispatch.

    ui.py CHROMIUM PAGE [--duban PROGRAM] [--screens FOLDER] [--only WAY] [--quick]

PAGE is the HTML file of a gate, or the address of a desk with its token, both of examples/zhengdong-2021 (a desk of a
copy: it takes a log in, learns a word and dispatches). With PROGRAM, what the page says of a workbook is held against it, and
a desk of its own is asked by a page of another origin. Needs openpyxl. Exit 1 if anything is not as it should be.
"""

import argparse
import pathlib
import sys
import tempfile
import time

from playwright.sync_api import expect, sync_playwright

import books
import by_keys
import foreign
import steps
from logs import SLOW, BROKEN, FAULTY, MARKED_NAME, MENDED, another, large
from look import ARGUMENTS, DESKTOP, PHONE, axe, narrow

expect.set_options(timeout=20_000)

# What the page left in the browser, but for names that it may.
KEPT = """async (allowed) => [
  ...Object.keys(localStorage).map(name => `localStorage keeps ${name}`),
  ...Object.keys(sessionStorage).filter(name => !allowed.includes(name)).map(name => `sessionStorage keeps ${name}`),
  ...(document.cookie === '' ? [] : [`a cookie stays: ${document.cookie}`]),
  ...(await indexedDB.databases()).map(({name}) => `a database stays: ${name}`),
]"""


class Visit:
    """The page, opened on a screen of some size, with all that it asked for and all that the browser said of it."""

    def __init__(self, browser, address, size, scheme, screens=None, is_quick=False, duban=None):
        self.address, self.screens, self.name = address, screens, f"{size['width']}-{scheme}"
        self.is_gate = address.startswith("file:")
        self.is_quick, self.duban = is_quick, duban
        self.context = browser.new_context(viewport=size, color_scheme=scheme, accept_downloads=True)
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.requests, self.said = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: dialog.accept())
        # Asked for early: the browser takes a moment until it hands choosers over instead of showing them.
        self.page.on("filechooser", lambda chooser: None)
        self.page.goto(address)

    def shot(self, what):
        if self.screens:
            self.page.screenshot(path=self.screens / f"{self.name}-{what}.png", full_page=self.page.viewport_size["width"] < 600)

    def looked_at(self, what):
        self.shot(what)
        yield from (f"{self.name} {what}: {fault}" for fault in [*axe(self.page), *narrow(self.page)])

    def silent(self):
        """Whether nothing went elsewhere, nothing is kept, and nothing was wrong."""
        home = self.address.split("#")[0]
        own = home if self.is_gate else "/".join(home.split("/")[:3]) + "/"
        for url in self.requests:
            if not url.startswith((own, "data:", "blob:")) or (self.is_gate and url.startswith("file:") and url.split("#")[0] != home):
                yield f"{self.name}: the page asks for {url[:120]}"
        for line in self.said:
            yield f"{self.name}: the browser says {line[:300]}"
        yield from (f"{self.name}: {fault}" for fault in narrow(self.page))
        yield from (f"{self.name}: {kept}" for kept in self.page.evaluate(KEPT, [] if self.is_gate else ["duban-desk-token"]))

    def close(self):
        self.page.close(run_before_unload=False)
        self.context.close()


def by_mouse(visit, folder):
    """The whole way on a desktop by day."""
    page = visit.page
    yield from visit.looked_at("empty")
    steps.drop(page, "台账.csv", FAULTY)
    yield from steps.marked(page)
    yield from visit.looked_at("faults")
    yield from steps.filtered(page)
    yield from steps.explained(page)
    yield from steps.mended(page, visit, folder)
    yield from visit.looked_at("mended")
    yield from steps.counted(page, visit)
    yield from steps.receipt(page, visit)
    yield from steps.draft(page, visit, folder)
    if visit.is_gate:
        yield from steps.no_dispatch(page, visit)
    else:
        yield from steps.take_in(page, visit)
        yield from steps.taught(page, visit)
        yield from steps.dispatched(page, visit, folder)
    yield from steps.english(page, visit)


def workbook(visit, folder):
    """A workbook with days, colours and a second sheet is mended, and held against the program."""
    page = visit.page
    path = write(folder, "工作簿.xlsx", books.faulty())
    page.locator("#choose").set_input_files(path)
    yield from books.mended(page, path, visit.duban)
    yield from visit.looked_at("workbook")


def by_keyboard(visit, folder):
    """From the choice of a log to the number of a document with the keys alone, in the dark."""
    page = visit.page
    yield from by_keys.chosen(page, write(folder, "键盘.csv", another(FAULTY)))
    yield from by_keys.mended(page, visit)
    yield from visit.looked_at("keyboard")
    if not visit.is_gate:
        yield from by_keys.dispatched(page, visit)


def on_a_phone(visit, folder):
    page = visit.page
    yield from visit.looked_at("empty")
    page.locator("#choose").set_input_files(write(folder, MARKED_NAME, FAULTY))
    if page.locator(".files .filename").inner_text() != MARKED_NAME:
        yield f"the file is called {page.locator('.files .filename').inner_text()}"
    yield from steps.marked(page)
    yield from visit.looked_at("faults")
    page.locator(".grid td.error").first.click()
    page.locator(".detail .combobox input, .detail textarea, .detail input").first.focus()
    yield from visit.looked_at("editor")
    for section in ("tally", "due", "receipt", "draft", "dispatch"):
        page.locator(f"#tab-{section}").click()
        page.locator(f"#panel-{section}").get_by_text("正在准备").wait_for(state="detached")
        yield from visit.looked_at(section)


def broken(visit, folder):
    """Files that can't be read each get a sentence, and the page goes on with the next."""
    page = visit.page
    files_of = {name: content for name, content in BROKEN.items() if not (visit.is_quick and name in SLOW)}
    page.locator("#choose").set_input_files([write(folder, name, content) for name, content in files_of.items()])
    files = page.locator(".files li")
    expect(files).to_have_count(len(files_of))
    page.locator("#choose").set_input_files(write(folder, "好的.csv", MENDED))
    expect(files).to_have_count(len(files_of) + 1)
    expect(page.locator(".files li.waiting, .files li.reading")).to_have_count(0, timeout=120_000)
    if "well" not in files.last.get_attribute("class"):
        yield f"after the broken files a good one is {files.last.inner_text()}"
    for place, name in enumerate(files_of):
        files.nth(place).locator(".file").click()
        said = page.locator("#panel-rows .notes").inner_text().strip()
        state = files.nth(place).locator(".state").first.inner_text()
        if len(said) < 8 or "没有问题" in state:
            yield f"of {name} it says {state!r} and {said!r}"
    yield from visit.looked_at("broken")
    files.last.locator(".file").click()
    expect(page.locator("#grid")).to_be_visible()


def many_rows(visit, folder):
    """Ten thousand rows of twenty columns: few elements, and each key shows its row at once."""
    page = visit.page
    page.locator("#choose").set_input_files(write(folder, "一万行.csv", large(10_000, 20)))
    begun = time.monotonic()
    expect(page.locator("#grid")).to_be_visible(timeout=120_000)
    print(f"{visit.name}: 10,000 rows are there after {time.monotonic() - begun:.1f} s")
    if page.locator("#grid").get_attribute("aria-rowcount") != "10001":
        yield "the table does not say how many rows it has"
    if page.locator("#grid tr").count() > 120:
        yield f"{page.locator('#grid tr').count()} rows are elements"
    took = page.evaluate(steps.SCROLL)
    print(f"{visit.name}: a step of scrolling takes {took:.1f} ms")
    if took > 50:
        yield f"scrolling takes {took:.0f} ms for a step"
    page.locator("#grid").focus()
    for _ in range(3):
        page.keyboard.press("j")
    if not page.evaluate("document.getElementById('cell').matches('.error')"):
        yield "the next fault is not selected"


def large_workbook(visit, folder):
    """A workbook of 20 MB: the page stays alive while it is read."""
    page = visit.page
    content = books.large(20)
    page.evaluate(steps.TICK)
    page.locator("#choose").set_input_files(write(folder, "大.xlsx", content))
    begun = time.monotonic()
    expect(page.locator("#grid")).to_be_visible(timeout=600_000)
    took, gap = time.monotonic() - begun, page.evaluate("window.gap")
    print(f"{visit.name}: a workbook of {len(content) / 1e6:.1f} MB is there after {took:.0f} s; the longest gap is {gap:.0f} ms")
    if gap > 2000:
        yield f"the page stands still for {gap:.0f} ms"
    page.locator("#grid td.error").first.wait_for()


def leaving(visit, folder):
    """Changes that were not downloaded are not left without a question."""
    page = visit.page
    page.locator("#choose").set_input_files(write(folder, "走.csv", FAULTY))
    page.locator(".grid td.error").first.wait_for()
    page.locator(".grid td.error").first.dblclick()
    page.keyboard.type("别的")
    page.keyboard.press("Enter")
    asked = []
    page.on("dialog", lambda dialog: asked.append(dialog.type))
    page.reload()
    if asked != ["beforeunload"]:
        yield f"leaving with changes asks {asked}"


def foreign_page(visit, folder):
    """A page of another origin can neither read a desk nor write by it. With --duban, which starts one for it."""
    if not visit.is_gate and visit.duban:
        yield from foreign.refused(visit.context, folder, visit.duban)


def ended(visit, folder):
    """A page of the desk ends the program, after a question if changes were not downloaded. It comes last."""
    page = visit.page
    if visit.is_gate:
        if page.locator("#end").count():
            yield "a gate has a program to end"
        return
    page.locator("#choose").set_input_files(write(folder, "结束.csv", FAULTY))
    page.locator(".grid td.error").first.wait_for()
    page.locator(".grid td.error").first.dblclick()
    page.keyboard.type("别的")
    page.keyboard.press("Enter")
    page.locator("#end").click()
    if "结束.csv" not in page.get_by_role("dialog").inner_text():
        yield f"it asks {page.get_by_role('dialog').inner_text()!r}"
    page.get_by_role("dialog").get_by_role("button", name="结束").click()
    expect(page.locator("#ended")).to_have_text("duban 已结束，可以关闭本页。")
    yield from visit.looked_at("ended")


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content)
    return str(path)


WAYS = [
    (by_mouse, DESKTOP, "light"),
    (workbook, DESKTOP, "light"),
    (by_keyboard, DESKTOP, "dark"),
    (on_a_phone, PHONE, "light"),
    (on_a_phone, PHONE, "dark"),
    (broken, DESKTOP, "light"),
    (many_rows, DESKTOP, "light"),
    (leaving, DESKTOP, "light"),
    (foreign_page, DESKTOP, "light"),
    (ended, DESKTOP, "light"),
]

# These take minutes: run where --only names them.
LONG = [(large_workbook, DESKTOP, "light")]


def main():
    given = argparse.ArgumentParser()
    given.add_argument("chromium")
    given.add_argument("page")
    given.add_argument("--duban", type=pathlib.Path)
    given.add_argument("--screens", type=pathlib.Path)
    given.add_argument("--only", default="")
    given.add_argument("--quick", action="store_true", help="without what a program that is built without optimisation takes minutes for")
    given = given.parse_args()
    address = given.page if given.page.startswith("http") else pathlib.Path(given.page).resolve().as_uri()
    if given.screens:
        given.screens.mkdir(parents=True, exist_ok=True)
    failed = 0
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=given.chromium, args=ARGUMENTS)
        for way, size, scheme in WAYS + (LONG if given.only else []):
            if given.only not in way.__name__:
                continue
            visit = Visit(browser, address, size, scheme, given.screens, given.quick, given.duban and given.duban.resolve())
            begun = time.monotonic()
            found = []
            try:
                found += way(visit, pathlib.Path(folder))
            except Exception as error:  # What does not come is a fault of the page like any other.
                found.append(f"{type(error).__name__}: {str(error)[:1200]}")
                visit.shot("stopped")
            found += visit.silent()
            for fault in found:
                print(f"{way.__name__}: {fault}")
            print(f"{way.__name__} {visit.name}: {'not well' if found else 'well'}, {time.monotonic() - begun:.1f} s")
            failed += len(found)
            visit.close()
        browser.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
