"""The steps at the desk with the keys alone: nothing is given the focus but by Tab."""

import re

from playwright.sync_api import expect

from logs import CELLS, MENDED, MENDS, another


def reach(page, target, key):
    """Presses a key that moves the focus until it is at the target."""
    for _ in range(60):
        if target.evaluate("e => e === document.activeElement"):
            return
        page.keyboard.press(key)
    yield f"{key} does not lead to {target}"
    target.focus()


def chosen(page, path):
    yield from reach(page, page.get_by_role("button", name="选择文件"), "Tab")
    with page.expect_file_chooser() as asked:
        page.keyboard.press("Enter")
    asked.value.set_files(path)


def dispatched(page, visit):
    """The mended log is taken in, and a document of it gets its number."""
    yield from reach(page, page.get_by_role("button", name="收入项目"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_have_text("键盘.csv 已收入项目")
    yield from reach(page, page.locator("#tab-rows"), "Shift+Tab")
    yield from reach(page, page.locator("#tab-dispatch"), "ArrowRight")
    page.keyboard.press("Tab")
    kind = page.locator("#panel-dispatch").get_by_label("监督检查通报")
    yield from reach(page, kind, "Tab")
    page.keyboard.press("Space")
    yield from reach(page, page.get_by_role("button", name="编号发文……"), "Tab")
    page.keyboard.press("Enter")
    yield from reach(page, page.get_by_role("button", name="取号并登记"), "Shift+Tab")
    page.keyboard.press("Enter")
    number = page.locator("#panel-dispatch .number").first
    number.wait_for()
    if not re.search(r"\d", number.inner_text()):
        yield f"the number is {number.inner_text()!r}"
    yield from visit.looked_at("dispatched")


def mended(page, visit):
    """From fault to fault and back with the keys, each mended where it stands."""
    expect(page.locator("#grid td.error")).to_have_count(4)
    yield from reach(page, page.locator("#grid"), "Tab")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageUp")

    def here():
        return (page.locator("#cell").text_content() or "").replace("✕", "").replace(" 错误", "").strip()

    seen = []
    for _ in CELLS:
        page.keyboard.press("j")
        seen.append(here())
    if seen != [text for _, text, _ in CELLS]:
        yield f"J goes to {seen}"
    page.keyboard.press("k")
    if here() != CELLS[2][1]:
        yield f"K goes back to {here()}"
    page.keyboard.press("Shift+F8")
    page.keyboard.press("p")
    if here() != "现场整该":
        yield f"from there Shift+F8 and P go to {here()}"
    # A word of a list: its first offer is what is alike.
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    if here().replace("✎", "").replace(" 已改", "") != "现场整改" or not page.evaluate("document.activeElement.id === 'grid'"):
        yield f"after Enter, ↓, Enter the cell is {here()}, and the focus at {page.evaluate('document.activeElement.outerHTML.slice(0, 60)')}"
    page.keyboard.press("Control+z")
    if here() != "现场整该":
        yield f"Ctrl+Z makes {here()}"
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("F8")
    # A box that is left as it is changes nothing.
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    if here() != "2021-13-40" or not page.evaluate("document.activeElement.id === 'grid'"):
        yield f"Enter twice makes {here()!r} of 2021-13-40"
    # What is no day is refused where it is written, and the box keeps the focus.
    page.keyboard.press("Enter")
    for text, word in [("0804-02-10", "早于 1900 年"), ("8月4日", "没有年份"), ("2021-02-30", "不是日历上的一天"), ("尽快", "不是日期")]:
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        said = page.locator(".detail .day [role=alert]").inner_text()
        if word not in said or text not in said:
            yield f"of the day {text} it says {said!r}"
        if text == "8月4日":
            yield from visit.looked_at("refused")
    page.keyboard.type("20210804")
    if page.locator(".detail .day [role=alert]").is_visible():
        yield "what is written anew is still called wrong"
    page.keyboard.press("Enter")
    if here().replace("✎", "").replace(" 已改", "") != MENDS["2021-13-40"]:
        yield f"20210804 makes {here()!r}"
    page.keyboard.press("F8")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("F8")
    page.keyboard.press("Enter")
    page.keyboard.type("2021.8.26")
    page.keyboard.press("Enter")
    # Any other cell too.
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    page.keyboard.type("点位消毒记录缺失（已补）")
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="写入 5 处改动并再查")
    yield from reach(page, button, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".files .state").first).to_contain_text("没有问题")
    yield from reach(page, page.get_by_role("button", name="下载改好的文件"), "Tab")
    with page.expect_download() as coming:
        page.keyboard.press("Enter")
    if open(coming.value.path(), "rb").read() != another(MENDED).replace("点位消毒记录缺失".encode(), "点位消毒记录缺失（已补）".encode()):
        yield "the file that was mended by keyboard holds something else"
