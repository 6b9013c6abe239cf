"""Looks at the page for the leader in Chromium: phone, dark, paper, axe-core, drill-down by keyboard, with and without its script.

    page.py CHROMIUM PAGE.html…

checks each page, beside which its figures.json stands. Prints how long each takes to open. Exit 1 if a page fails.
"""

import json
import pathlib
import sys
import time

import pypdfium2
from playwright.sync_api import sync_playwright

from check import DESKTOP, MM, NARROW, PHONE, axe

# Every figure of the page with the rows that its list names.
FIGURES = """() => [...document.querySelectorAll('a.n')].map(a => {
  const list = document.getElementById(a.getAttribute('href').slice(1));
  if (!list) return {text: a.textContent, id: null};
  const count = list.querySelector('.count'), said = count ? parseInt(count.textContent) : 0;
  let named = list.querySelectorAll('li').length;
  if (count && !named) for (const [, from, to] of count.textContent.replace(/^[^:：]*[:：]/, '').matchAll(/(\\d+)(?:–(\\d+))?/g))
    named += to ? to - from + 1 : 1;
  return {id: list.id.slice(1), text: a.textContent, said, named};
})"""

STRUCTURE = """() => {
  const wrong = [], ids = new Set();
  for (const e of document.querySelectorAll('[id]')) { if (ids.has(e.id)) wrong.push('an id stands twice: ' + e.id); ids.add(e.id); }
  for (const a of document.querySelectorAll('a[href]')) if (!ids.has(a.getAttribute('href').slice(1))) wrong.push('a link leads nowhere: ' + a.href);
  for (const e of document.querySelectorAll('img')) if (!e.alt || !(e.naturalWidth > 0)) wrong.push('a photo does not show, or is not described: ' + e.alt);
  if (document.querySelector('[style],[onclick],link,iframe,object')) wrong.push('something that the policy forbids');
  return wrong.slice(0, 5);
}"""


def opened(browser, path, size, scheme, script=True):
    context = browser.new_context(viewport=size, color_scheme=scheme, java_script_enabled=script)
    page, seen = context.new_page(), {"requests": [], "console": []}
    page.on("request", lambda request: seen["requests"].append(request.url))
    page.on("console", lambda message: seen["console"].append(message.text))
    page.on("pageerror", lambda error: seen["console"].append(str(error)))
    page.goto(path.as_uri())
    return page, seen


def faults(browser, path):
    figures = {figure["id"]: figure for figure in json.loads(path.with_suffix(".figures.json").read_text())["figures"]}
    desktop, seen = opened(browser, path, DESKTOP, "light")
    yield from desktop.evaluate(STRUCTURE)
    for shown in desktop.evaluate(FIGURES):
        if not shown["id"]:
            yield f"{shown['text']} leads to no list"
            continue
        number, _, part = shown["id"].partition(".")
        figure = figures[int(number)]
        whole = figure["parts"][int(part) - 1] if part else figure
        rows = sum(row[1] - row[0] + 1 if isinstance(row, list) else 1 for row in whole["rows"])
        if not rows == shown["said"] == shown["named"]:
            yield f"{shown['text']} ({shown['id']}): {rows} rows, says {shown['said']}, names {shown['named']}"
    yield from keyboard(desktop)
    yield from axe(desktop)
    if desktop.locator("#filter").count():
        desktop.fill("#filter", desktop.locator("li[id^=i] b").first.text_content())
        # The policy of the page allows nothing to be evaluated on it that waits.
        for _ in range(100):
            if desktop.text_content("#hits"):
                break
            desktop.wait_for_timeout(50)
        hits = int(desktop.text_content("#hits") or 0)
        if hits != desktop.evaluate("[...document.querySelectorAll('li[id^=i]')].filter(l => !l.hidden).length") or hits == 0:
            yield f"the filter shows {hits}"
    phone, also = opened(browser, path, PHONE, "dark")
    yield from phone.evaluate(NARROW)
    phone.locator("a.n").first.click()
    yield from axe(phone)
    ink = phone.evaluate("getComputedStyle(document.body).color.match(/\\d+/g).map(Number)")
    if min(ink) < 150:
        yield f"it is not dark: {ink}"
    plain, without = opened(browser, path, DESKTOP, "light", script=False)
    last = plain.locator("li[id^=i]").count()
    plain.goto(f"{path.as_uri()}#i{last}")
    if not plain.locator(f"#i{last}").is_visible():
        yield "without its script, a link does not open the list that it leads into"
    if plain.locator("#filter").is_visible():
        yield "without its script there is a box that does nothing"
    for page in (seen, also, without):
        if any(url.split("#")[0] != path.as_uri() for url in page["requests"] if not url.startswith("data:image/")):
            yield f"it asks for {page['requests']}"
        if page["console"]:
            yield f"the browser complains: {page['console'][:3]}"
    yield from paper(desktop)


def keyboard(page):
    """From a figure to its list, from there to an issue, with the keys alone."""
    page.locator("a.n").first.focus()
    href = page.locator("a.n").first.get_attribute("href")
    page.keyboard.press("Enter")
    panel = page.locator(f"[id='{href[1:]}']")
    if not panel.is_visible():
        yield "Enter on a figure does not show its list"
        return
    for _ in range(3):
        page.keyboard.press("Tab")
        target = page.evaluate("document.activeElement.getAttribute('href') || ''")
        if target.startswith("#i"):
            page.keyboard.press("Enter")
            if not page.locator(target).is_visible():
                yield f"Enter on a row does not show its issue: {target}"
            return
    yield "from the list of a figure, Tab does not lead to its rows"


def paper(page):
    page.emulate_media(media="print", color_scheme="light")
    pdf = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    for number, sheet in enumerate(pdf, 1):
        width, height = sheet.get_width() / MM, sheet.get_height() / MM
        if abs(height - 297) > 1 and abs(height - 279.4) > 1 or width > height:
            yield f"page {number} is {width:.0f} × {height:.0f} mm"
            return
    text = "".join(sheet.get_textpage().get_text_range() for sheet in list(pdf)[:3])
    for part in ("数据来源", "Where the figures come from", "筛选", "Filter"):
        if part in text:
            yield f"{part} is printed"


def opening(browser, path):
    """Seconds until the first picture of the page stands."""
    page = browser.new_page(viewport=DESKTOP)
    begin = time.monotonic()
    page.goto(path.as_uri())
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    took = time.monotonic() - begin
    page.close()
    return took


def main(chromium, *paths):
    failed = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for path in map(pathlib.Path, paths):
            took = min(opening(browser, path) for _ in range(3))
            print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB, opens in {took:.2f} s")
            for fault in faults(browser, path):
                failed += 1
                print(f"{path.name}: {fault}")
        browser.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
