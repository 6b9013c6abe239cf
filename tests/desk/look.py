"""What is looked at on every screen: axe-core, and whether anything is wider than the screen."""

import importlib.resources

AXE = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()
# How Chromium is started: without a window, and asking nobody for anything.
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}

RUN_AXE = """() => axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations.map(
  ({id, help, nodes}) => `axe: ${id}: ${help}: ${nodes[0].html.slice(0, 160)} (${nodes.length})`))"""

# What is wider than the window, unless it stands in a box that scrolls.
WIDE = """() => {
  const wrong = [];
  const box = document.scrollingElement;
  if (box.scrollWidth > innerWidth) wrong.push('the page is wider than the window: ' + box.scrollWidth);
  const scrolls = e => e && (/auto|scroll|hidden|clip/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
  for (const e of document.querySelectorAll('button,input,select,p,h1,h2,td,th')) {
    const {right, width} = e.getBoundingClientRect();
    if (width > 1 && right > innerWidth + 1 && !scrolls(e.parentElement)) wrong.push('it leaves the window: ' + e.outerHTML.slice(0, 100));
  }
  if (document.querySelector('[style*=expression],[onclick],link,iframe,object,embed')) wrong.push('something that the policy forbids');
  // MARKUP of logs.py.
  if (window.pwned !== undefined || document.querySelector('[src=x],[onerror]')) wrong.push('text of a log became markup');
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  if (new Set(ids).size !== ids.length) wrong.push('an id stands twice');
  return wrong.slice(0, 3);
}"""


def axe(page):
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE + ";0")
    return page.evaluate(RUN_AXE)


def narrow(page):
    return page.evaluate(WIDE)
