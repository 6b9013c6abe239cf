"""The steps at the desk, each of which says what is not as it should be."""

import base64
import re

from playwright.sync_api import expect

from logs import CELLS, MARKUP, MENDED, MENDS, NEW_WORD

CHINESE = re.compile(r"[\u4e00-\u9fff]")

# A file is dropped as the browser would: an event with the file in it.
DROP = """([name, content]) => {
  const bytes = Uint8Array.from(atob(content), c => c.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name));
  for (const kind of ['dragenter', 'dragover', 'drop'])
    document.querySelector('.drop').dispatchEvent(new DragEvent(kind, {dataTransfer: carried, bubbles: true, cancelable: true}));
}"""

# The longest that the page does not come to itself, in milliseconds.
TICK = """() => {
  let before = performance.now();
  window.gap = 0;
  setInterval(() => {
    window.gap = Math.max(window.gap, performance.now() - before);
    before = performance.now();
  }, 20);
}"""

SCROLL = """async () => {
  const grid = document.getElementById('grid'), steps = 100, begun = performance.now();
  for (let step = 1; step <= steps; step += 1) {
    grid.scrollTop += 240;
    grid.dispatchEvent(new Event('scroll'));
    void grid.offsetHeight;
  }
  return (performance.now() - begun) / steps;
}"""


def drop(page, name, content):
    page.evaluate(DROP, [name, base64.b64encode(content).decode()])


def cell(page, text):
    """The cell of the table that shows the text."""
    return page.locator("#grid td[role=gridcell]").filter(has_text=text).first


def marked(page):
    """The cells with faults are marked, the others are not, and the counts stand above."""
    page.locator("#grid td.error").first.wait_for()
    for _, text, _ in CELLS:
        mark = cell(page, text).get_attribute("class") or ""
        if "error" not in mark.split():
            yield f"{text} is not marked: {mark!r}"
        if "错误" not in (cell(page, text).text_content() or ""):
            yield f"{text} is marked by its colour alone"
    if MARKUP not in (cell(page, "登记不全").text_content() or ""):
        yield f"a cell with markup shows {cell(page, '登记不全').text_content()!r}"
    if page.locator("#grid td.error").count() != len(CELLS):
        yield f"{page.locator('#grid td.error').count()} cells are marked"
    counts = page.locator(".counts").inner_text().split()
    if counts[:4] != ["问题", "5", "错误", str(len(CELLS))]:
        yield f"the counts are {counts}"


def filtered(page):
    """A chip of a code shows its rows alone; so do a unit, and the rows with faults."""
    rows = page.locator("#grid tr[data-at]")
    page.locator(".chip[data-code=V102]").click()
    expect(rows).to_have_count(1)
    if "DT-001" not in rows.first.inner_text():
        yield f"the chip V102 shows {rows.first.inner_text()}"
    page.locator(".chip[data-code=V102]").click()
    expect(rows).to_have_count(5)
    page.get_by_label("只看有问题的行").check()
    expect(rows).to_have_count(4)
    page.get_by_label("只看有问题的行").uncheck()
    units = page.get_by_label("责任单位", exact=True)
    units.select_option(value="=贾陈社区")
    expect(rows).to_have_count(2)
    units.select_option(index=0)
    page.get_by_label("查找").fill("消毒")
    expect(rows).to_have_count(1)
    page.get_by_label("查找").fill("")
    expect(rows).to_have_count(5)


def explained(page):
    """The code of a fault tells what it means."""
    cell(page, "现场整该").click()
    page.get_by_role("button", name="V102 的说明").first.click()
    dialog = page.get_by_role("dialog")
    if "V102" not in dialog.inner_text() or len(dialog.inner_text()) < 60:
        yield f"the explanation is {dialog.inner_text()!r}"
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def calendar_without_picker(page, day):
    """Where the browser does not open its calendar for the page, its own box for days is shown, and what it holds is taken."""
    page.evaluate("() => { HTMLInputElement.prototype.showPicker = () => { throw new Error('not here'); }; }")
    page.get_by_role("button", name="日历").click()
    own = page.locator(".detail .day input[type=date]")
    if not own.evaluate("e => e === document.activeElement && e.offsetWidth > 40"):
        yield "without a calendar of the browser there is no box for it either"
    own.fill("2021-08-05")
    if day.input_value() != "2021-08-05":
        yield f"a day of the calendar makes {day.input_value()!r}"


def mended(page, visit, folder):
    """Each fault is mended in the way of its field; one change is undone and made anew; the file is checked again."""
    cell(page, "现场整该").click()
    page.locator(".suggestion", has_text="现场整改").click()
    if "changed" not in (page.locator("#cell").get_attribute("class") or ""):
        yield "a changed cell is not marked"
    page.get_by_role("button", name="撤销", exact=True).click()
    expect(cell(page, "现场整该")).to_be_visible()
    page.locator(".suggestion", has_text="现场整改").click()

    cell(page, "2021-13-40").click()
    day = page.locator(".detail .day input[type=text]")
    yield from calendar_without_picker(page, day)
    day.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("2021/8/4")
    page.locator(".detail").get_by_role("button", name="改", exact=True).click()

    cell(page, "金光路街道办").click()
    box = page.locator(".detail [role=combobox]")
    box.click()
    offered = page.locator(".detail [role=option]").all_inner_texts()
    if not offered or MENDS["金光路街道办"] not in offered[0] or len(offered) < 10:
        yield f"for a unit it offers {offered[:3]} … ({len(offered)})"
    box.fill("金光")
    expect(page.locator(".detail [role=option]")).to_have_count(1)
    page.locator(".detail [role=option]").first.click()

    cell(page, "2021-08-01").click()
    day.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(MENDS["2021-08-01"])
    page.keyboard.press("Enter")
    visit.shot("changed")

    page.get_by_role("button", name="写入 4 处改动并再查").click()
    expect(page.locator(".files .state").first).to_contain_text("没有问题")
    if page.locator("#grid td.error").count():
        yield "after it was mended, a cell is still marked"
    with page.expect_download() as coming:
        page.get_by_role("button", name="下载改好的文件").click()
    name, content = coming.value.suggested_filename, open(coming.value.path(), "rb").read()
    if name != "台账（已改）.csv":
        yield f"the mended file is called {name}"
    if content != MENDED:
        yield f"the mended file holds {content.decode(errors='replace')}"
    with page.expect_download() as coming:
        page.get_by_role("button", name="下载批注副本").click()
    if not open(coming.value.path(), "rb").read().startswith(b"PK"):
        yield "the annotated copy is no workbook"


def counted(page, visit):
    page.locator("#tab-tally").click()
    panel = page.locator("#panel-tally")
    panel.locator(".tiles .found dd").wait_for()
    if panel.locator(".tiles .found dd").inner_text() != "5":
        yield f"the tally found {panel.locator('.tiles .found dd').inner_text()}"
    units = panel.locator("tbody tr").count()
    if units != 4:
        yield f"the tally has {units} units"
    yield from visit.looked_at("tally")
    panel.get_by_label("分组").select_option("category")
    expect(panel.locator("tbody tr")).to_have_count(3)
    page.locator("#tab-due").click()
    panel = page.locator("#panel-due")
    panel.locator("tbody tr").first.wait_for()
    if "天" not in panel.inner_text() or panel.locator("tbody tr").count() != 4:
        yield f"due is {panel.inner_text()}"
    yield from visit.looked_at("due")


def receipt(page, visit):
    page.locator("#tab-receipt").click()
    text = page.locator("#panel-receipt .receipt")
    text.wait_for()
    if not re.search(r"[0-9a-f]{8}", text.inner_text()):
        yield f"the receipt has no hash: {text.inner_text()}"
    if not page.locator(".qr").evaluate("e => e.complete && e.naturalWidth > 0"):
        yield "the code of the receipt does not show"
    page.get_by_role("button", name="复制").click()
    expect(page.locator("#said")).to_have_text("已复制")
    yield from visit.looked_at("receipt")


def draft(page, visit, folder):
    page.locator("#tab-draft").click()
    panel = page.locator("#panel-draft")
    panel.get_by_label("问题台账").check()
    panel.get_by_label("Markdown").check()
    panel.get_by_role("button", name="起草", exact=True).click()
    made = panel.locator(".made li")
    made.first.wait_for()
    if made.count() < 2:
        yield f"two formats make {made.count()} file"
    for place in range(made.count()):
        with page.expect_download() as coming:
            made.nth(place).get_by_role("button").click()
        content = open(coming.value.path(), "rb").read()
        if coming.value.suggested_filename.endswith(".docx") != content.startswith(b"PK"):
            yield f"the draft {coming.value.suggested_filename} begins with {content[:8]}"
    yield from visit.looked_at("draft")


def no_dispatch(page, visit):
    """In a gate the button is there, can't be pressed, and the reason stands beside it."""
    page.locator("#tab-dispatch").click()
    button = page.get_by_role("button", name="编号发文……")
    if button.is_enabled():
        yield "a gate lets dispatch be pressed"
    if "编号由本单位统一登记" not in page.locator("#panel-dispatch").inner_text():
        yield "a gate does not say why it does not dispatch"
    yield from visit.looked_at("dispatch")


def take_in(page, visit):
    page.locator("#tab-rows").click()
    page.get_by_role("button", name="收入项目").click()
    expect(page.locator("#said")).to_have_text("台账.csv 已收入项目")
    # A second time it asks first.
    page.get_by_role("button", name="收入项目").click()
    page.get_by_role("button", name="换成这一份").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator("#tab-project").click()
    expect(page.locator("#panel-project").get_by_text("台账.csv")).to_be_visible()
    yield from visit.looked_at("project")


def taught(page, visit):
    """A word that is not known is taught as a new one, after which the log has no fault."""
    page.locator("#tab-rows").click()
    drop(page, "新词.csv", NEW_WORD)
    page.locator(".files .file", has_text="新词.csv").click()
    cell(page, "云台街道办事处").click()
    page.get_by_role("button", name="教它认识这个词").click()
    yield from visit.looked_at("teach")
    page.get_by_label("这是新的责任单位，加进名录").check()
    page.get_by_role("button", name="记住").click()
    expect(page.locator(".files .active .state").first).to_contain_text("没有问题")


def dispatched(page, visit, folder):
    """Asked once more: Escape and 不了 dispatch nothing, the second yes shows the number."""
    page.locator("#tab-dispatch").click()
    panel = page.locator("#panel-dispatch")
    panel.get_by_label("问题台账").check()
    go = panel.get_by_role("button", name="编号发文……")
    go.click()
    dialog = page.get_by_role("dialog")
    yield from visit.looked_at("sure")
    if not page.evaluate("document.activeElement.textContent === '不了'"):
        yield "Enter would dispatch at once"
    for _ in range(6):
        page.keyboard.press("Tab")
        if not page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')"):
            yield "Tab leaves the dialog"
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    if not go.evaluate("e => e === document.activeElement"):
        yield "after Escape the focus is elsewhere"
    if panel.locator(".number").count():
        yield "Escape dispatched"
    panel.get_by_label("监督检查通报").check()
    go.click()
    page.get_by_role("button", name="取号并登记").click()
    number = panel.locator(".number").first
    number.wait_for()
    if not re.search(r"\d", number.inner_text()):
        yield f"the number is {number.inner_text()!r}"
    if number.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") < 28:
        yield "the number is small"
    with page.expect_download():
        panel.locator(".made button").first.click()
    yield from visit.looked_at("dispatched")


def english(page, visit):
    """In English, what the page says holds no Chinese but the office's own words."""
    page.locator("#tab-rows").click()
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="Check again").wait_for()
    expect(page.locator(".files .state").first).to_contain_text("all well")
    sections = page.locator(".sections [role=tab]")
    for place in range(sections.count()):
        sections.nth(place).click()
        expect(page.locator(".answer .note", has_text="Getting ready")).to_have_count(0)
        words = page.locator(":is(button:not(#language, .file, .remove, .suggestion, .made button), legend, .keys, .controls, .choose .note):visible").all_inner_texts()
        for text in words:
            if CHINESE.search(text.replace("台账.csv", "").replace("新词.csv", "")):
                yield f"in English it says {text!r}"
    sections.filter(has_text="Rows").click()
    if page.evaluate("document.documentElement.lang") != "en":
        yield "the page does not say that it is in English"
    yield from visit.looked_at("english")
