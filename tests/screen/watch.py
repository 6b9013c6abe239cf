"""Watches a bulletin in Chromium while its template is edited, broken and mended.

    watch.py CHROMIUM DUBAN PROJECT [FOLDER FOR PICTURES]

PROJECT is a copy of an example, which is changed. The page must show each change by itself, stay where the reader was, ask
no other site for anything and break no policy. Exit 1 if it does not.
"""

import pathlib
import shutil
import signal
import subprocess
import sys

from playwright.sync_api import sync_playwright

import check

WAIT = 60_000
ROOT = pathlib.Path(__file__).parent.parent.parent
# Where the reader is, measured from the top of the document.
PLACE = "scrollY - (document.querySelector('.duban-watch')?.offsetHeight ?? 0)"


def main(chromium, duban, project, pictures=None):
    project, failed = pathlib.Path(project), []

    def wrong(what):
        failed.append(what)
        print(f"watch: {what}")

    template = project / "report-templates/bulletin/zh.md"
    template.parent.mkdir(parents=True)
    shutil.copy(ROOT / "report-templates/bulletin/zh.md", template)
    whole = template.read_text()
    command = [duban, "watch", "bulletin", "--all", "-C", project, "--as-of", "2021-08-20", "--port", "0", "--lang", "zh"]
    watch = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    address = watch.stdout.readline().strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 900, "height": 900})
        page.on("console", lambda message: wrong(f"console: {message.text}") if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong(f"the script fails: {error}"))
        page.on("request", lambda request: None if request.url.startswith(address) else wrong(f"it asks for {request.url}"))

        def shows(text, what):
            try:
                page.wait_for_function("text => document.body.innerText.includes(text)", arg=text, timeout=WAIT)
            except Exception:  # noqa: BLE001
                wrong(f"{what} does not show")

        def picture(name):
            if pictures:
                page.screenshot(path=f"{pictures}/{name}.png")

        page.goto(address)
        shows("第", "the first page")
        page.wait_for_selector("article", timeout=WAIT)
        if page.locator(".duban-watch.faults").count():
            wrong("there are faults at the beginning")
        page.evaluate("scrollTo(0, 700)")
        template.write_text(whole + "\n改过的一行。\n")
        shows("改过的一行。", "the edited template")
        page.wait_for_function(f"Math.abs({PLACE} - 700) < 3", timeout=WAIT)
        # Above, what is to be told; below, the page before.
        template.write_text(whole + "\n{{ nope }}\n")
        shows("没有变量 `nope`", "the fault")
        shows("改过的一行。", "the last good page")
        page.wait_for_function(f"Math.abs({PLACE} - 700) < 3", timeout=WAIT)
        banner = page.locator(".duban-watch.faults")
        if not banner.is_visible() or banner.bounding_box()["y"] != 0:
            wrong("the faults are not in sight")
        picture("faults")
        for fault in check.axe(page):
            wrong(fault)
        page.emulate_media(media="print")
        if banner.is_visible():
            wrong("the faults are printed")
        page.emulate_media(media="screen", color_scheme="dark")
        for fault in check.axe(page):
            wrong(f"dark: {fault}")
        picture("faults-dark")
        page.emulate_media(color_scheme="light")
        template.write_text(whole + "\n好了的一行。\n")
        shows("好了的一行。", "the mended template")
        if page.locator(".duban-watch.faults").count():
            wrong("the faults stay")
        page.set_viewport_size({"width": 390, "height": 844})
        for fault in page.evaluate(check.NARROW):
            wrong(fault)
        # Without the script the page is as good, but stays as it is.
        still = browser.new_context(java_script_enabled=False).new_page()
        still.goto(address)
        if "好了的一行。" not in still.inner_text("article"):
            wrong("without scripts there is no page")
        browser.close()
    watch.send_signal(signal.SIGINT)
    try:
        status = watch.wait(timeout=30)
    except subprocess.TimeoutExpired:
        watch.kill()
        status = "none"
    if status != 0:
        wrong(f"it ends with the status {status}: {watch.stderr.read()}")
    print(f"watched: {len(failed) or 'no'} fault{'' if len(failed) == 1 else 's'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
