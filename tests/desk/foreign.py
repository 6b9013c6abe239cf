"""A page of another origin, which tries what it can at a desk of its own that is started for it."""

import http.server
import json
import shutil
import subprocess
import threading

from books import PROJECT

PAGE = "<!DOCTYPE html><title>another page</title><body>".encode()
# It would write into the project.
REQUEST = {"call": "learn", "lang": "zh", "today": "2021-08-20", "field": "unit", "value": "外来单位", "as": None}

# Returns what could be read or was loaded.
ATTACK = """async ([desk, token, request]) => {
  const json = {'Content-Type': 'application/json'}, known = {'X-Duban-Token': token}, unseen = {mode: 'no-cors'}, post = {method: 'POST'};
  const attempts = {
    'the page': () => fetch(desk),
    'the page, unread': () => fetch(desk, unseen),
    'a call with the token': () => fetch(desk + 'call', {...post, headers: {...json, ...known}, body: request}),
    'a call without the token': () => fetch(desk + 'call', {...post, headers: json, body: request}),
    'a call, unread': () => fetch(desk + 'call', {...post, ...unseen, body: request}),
    'a call, unread, with the token': () => fetch(desk + 'call', {...post, ...unseen, headers: known, body: request}),
    'a log with the token': () => fetch(desk + 'files/duban.yaml', {headers: known}),
    'a file with the token': () => fetch(desk + 'files/a.csv', {method: 'PUT', headers: known, body: 'a'}),
    'the end with the token': () => fetch(desk + 'end', {...post, headers: known}),
    'the end, unread': () => fetch(desk + 'end', {...post, ...unseen}),
  };
  const got = [], late = () => new Promise(done => setTimeout(done, 3000, 'late'));
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      const answer = await Promise.race([attempt(), late()]);
      if (answer === 'late') got.push(name + ' (no answer)');
      else if (answer.type !== 'opaque') got.push(name);
    } catch {}
  }
  for (const [tag, place] of [['img', ''], ['script', ''], ['script', 'files/duban.yaml']]) {
    await new Promise(done => {
      const element = document.createElement(tag);
      element.onload = () => { got.push(`<${tag}> ${place}`); done(); };
      element.onerror = done;
      element.src = desk + place;
      document.body.append(element);
    });
  }
  return got;
}"""

# A form in plain text whose field is the request: no preflight asks whether it may be sent.
FORM = """([desk, request]) => {
  const form = document.body.appendChild(document.createElement('form'));
  Object.assign(form, {action: desk + 'call', method: 'POST', enctype: 'text/plain'});
  const field = form.appendChild(document.createElement('input'));
  [field.name, field.value] = [request.slice(0, -1) + ',"x":"', '"}'];
  form.submit();
}"""

# The same request from the page of the desk itself.
OWN = """async ([token, request]) => (await fetch('/call', {method: 'POST', headers: {'Content-Type': 'application/json', 'X-Duban-Token': token}, body: request})).status"""


class Other(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_):
        pass


def files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def attacked(context, desk, token, origin):
    """What a page of an origin gets from a desk."""
    page = context.new_page()
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    page.goto(origin)
    request = json.dumps(REQUEST)
    for what in page.evaluate(ATTACK, [desk, token, request]):
        yield f"a page of {origin} gets {what}"
    if sum(url.startswith(desk) for url in sent) < 10:
        yield f"a page of {origin} asks little of the desk"
    with page.expect_response(desk + "call") as answer:
        page.evaluate(FORM, [desk, request])
    if answer.value.status != 403:
        yield f"a form of {origin} is answered {answer.value.status}"
    page.close()


def refused(context, folder, duban):
    project = shutil.copytree(PROJECT, folder / "foreign")
    before = files(project)
    other = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Other)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    program = subprocess.Popen([duban, "open", project, "--no-browser"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        address = program.stdout.readline().strip()
        desk, token = address.split("#t=")
        # Another port is another origin of the same site, another name another site.
        for host in ("127.0.0.1", "localhost"):
            yield from attacked(context, desk, token, f"http://{host}:{other.server_port}/")
        if files(project) != before:
            yield "a page of another origin changed the project"
        # It was the origin, and not the request, that was refused; and nobody ended the desk.
        page = context.new_page()
        page.goto(address)
        status = page.evaluate(OWN, [token, json.dumps(REQUEST)])
        if status != 200 or files(project) == before:
            yield f"the page of the desk itself is answered {status}, and changes {'nothing' if files(project) == before else 'the project'}"
        page.close()
    finally:
        program.terminate()
        program.wait()
        other.shutdown()
