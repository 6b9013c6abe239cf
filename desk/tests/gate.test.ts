import assert from "node:assert/strict";
import { test } from "node:test";
import { App, type LogFile } from "../src/app";
import { BackendError, failureOf } from "../src/backend";
import { cancel, read } from "../src/files";
import { GateBackend } from "../src/gate";
import type { FromWorker, ToWorker } from "../src/messages";
import type { CheckResult } from "../src/protocol";
import { ServerBackend } from "../src/server";

/** A worker that answers what it is asked, but for calls, which the test answers. */
class StubWorker {
  static made: StubWorker[] = [];
  readonly asked: ToWorker[] = [];
  onmessage: ((event: { data: FromWorker }) => void) | null = null;
  onerror: ((event: { message: string; preventDefault(): void }) => void) | null = null;
  isEnded = false;

  constructor() {
    StubWorker.made.push(this);
  }

  postMessage(asked: ToWorker): void {
    this.asked.push(asked);
    if (asked.do === "start") this.answer({ id: asked.id, module: { compiled: true } as unknown as WebAssembly.Module });
    if (asked.do === "put") this.answer({ id: asked.id, path: `in/${asked.name}` });
    if (asked.do === "forget") this.answer({ id: asked.id });
  }

  answer(data: FromWorker): void {
    queueMicrotask(() => !this.isEnded && this.onmessage?.({ data }));
  }

  /** Answers the call that came last: with a log without faults, or with what ends an instance. */
  ran(ran: { stdout: string; stderr: string } = { stdout: JSON.stringify({ status: 0, messages: "", result: checked(), files: [] }), stderr: "" }): void {
    this.answer({ id: this.asked[this.asked.length - 1]!.id, ran: { status: 0, ...ran } });
  }

  die(message: string): void {
    this.onerror?.({ message, preventDefault: () => undefined });
  }

  terminate(): void {
    this.isEnded = true;
  }
}

const checked = (): CheckResult => ({ files: 1, issues: 1, errors: 0, warnings: 0, diagnostics: [], tables: [{ file: "in/a.csv", form: "table", header: 0, columns: [null], rows: [{ line: 1, cells: ["编号"], faults: [] }, { line: 2, cells: ["1"], faults: [] }], faults: [] }] });
const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 5));
const states = (...files: LogFile[]): string[] => files.map((file) => file.state);

/** A gate with two files that are being read. */
async function reading(): Promise<{ app: App; first: LogFile; second: LogFile; both: Promise<unknown> }> {
  StubWorker.made = [];
  const said = { textContent: "" };
  Object.assign(globalThis, { Worker: StubWorker, document: { getElementById: () => said } });
  const app = new App({ mode: "gate", lang: "zh", version: "", office: null }, new GateBackend({}, Promise.resolve("packed")));
  const [first, second] = ["a.csv", "b.csv"].map((name) => app.newFile(name, "dropped", new Uint8Array([1]))) as [LogFile, LogFile];
  app.files.push(first, second);
  const both = Promise.all([read(app, first), read(app, second)]);
  await settled();
  return { app, first, second, both };
}

test("of two files in a gate, the second waits until the first is read", async () => {
  const { app, first, second, both } = await reading();
  const [worker] = StubWorker.made;
  assert.deepEqual(states(first, second), ["reading", "waiting"]);
  second.since = 0;
  worker!.ran();
  await settled();
  assert.deepEqual(states(first, second), ["ready", "reading"]);
  assert.ok(second.since > 0, "its seconds are counted from its turn on");
  worker!.ran();
  await both;
  assert.deepEqual(states(first, second), ["ready", "ready"]);
  assert.equal(app.t.waiting, "等待");
});

test("a file that waits is cancelled at once, and the one that is being read goes on", async () => {
  const { app, first, second, both } = await reading();
  cancel(app, second);
  await settled();
  assert.deepEqual(states(first, second), ["reading", "cancelled"]);
  StubWorker.made[0]!.ran();
  await both;
  assert.deepEqual(states(first, second), ["ready", "cancelled"]);
  assert.equal(StubWorker.made.length, 1);
});

test("a worker that dies gives its file a sentence, and another one reads the next file", async () => {
  const { app, first, second, both } = await reading();
  StubWorker.made[0]!.die("out of memory");
  await settled();
  assert.deepEqual(states(first, second), ["failed", "reading"]);
  assert.equal(first.why, `${app.t.failures.crashed}\nout of memory`);
  assert.equal(StubWorker.made.length, 2);
  const [before, after] = StubWorker.made;
  assert.equal(before!.isEnded, true);
  // The module is not unpacked and compiled a second time, and the files are there again.
  assert.deepEqual(after!.asked[0], { id: after!.asked[0]!.id, do: "start", files: {}, module: { compiled: true } });
  assert.deepEqual(after!.asked.map((asked) => (asked.do === "put" ? asked.name : asked.do)), ["start", "a.csv", "b.csv", "call"]);
  after!.ran();
  await both;
  assert.equal(second.state, "ready");
  // What broke may be read again.
  void read(app, first);
  await settled();
  after!.ran();
  await settled();
  assert.deepEqual([first.state, StubWorker.made.length], ["ready", 2]);
});

test("a file that is cancelled ends its worker, and the next file is read by another", async () => {
  const { app, first, second, both } = await reading();
  cancel(app, first);
  await settled();
  assert.deepEqual(states(first, second), ["cancelled", "reading"]);
  assert.deepEqual(StubWorker.made.map(({ isEnded }) => isEnded), [true, false]);
  StubWorker.made[1]!.ran();
  await both;
  assert.equal(second.state, "ready");
});

test("an instance that ends in a trap gives its file what it said, and its worker reads the next", async () => {
  const { app, first, second, both } = await reading();
  const [worker] = StubWorker.made;
  worker!.ran({ stdout: "", stderr: "unreachable" });
  await settled();
  assert.deepEqual([first.state, first.why], ["failed", `${app.t.failures.crashed}\nunreachable`]);
  worker!.ran();
  await both;
  assert.deepEqual([second.state, StubWorker.made.length], ["ready", 1]);
});

test("a worker that can't be started is tried again by the next call", async () => {
  StubWorker.made = [];
  Object.assign(globalThis, { Worker: StubWorker });
  let isBroken = true;
  const backend = new GateBackend({}, Promise.resolve("packed"));
  const start = StubWorker.prototype.postMessage;
  StubWorker.prototype.postMessage = function (this: StubWorker, asked: ToWorker): void {
    if (isBroken && asked.do === "start") this.answer({ id: asked.id, error: "no memory" });
    else start.call(this, asked);
  };
  try {
    await assert.rejects(backend.put("a.csv", new Uint8Array(1)), (error) => failureOf(error) === "crashed" && (error as BackendError).message === "no memory");
    isBroken = false;
    assert.equal(await backend.put("a.csv", new Uint8Array(1)), "in/a.csv");
    assert.equal(StubWorker.made.length, 2);
  } finally {
    StubWorker.prototype.postMessage = start;
  }
});

test("at the desk two calls run at a time, and the third has not started", async () => {
  const answers: (() => void)[] = [];
  const kept = globalThis.fetch;
  Object.assign(globalThis, { fetch: () => new Promise((resolve) => answers.push(() => resolve(new Response('{"status": 0}')))) });
  try {
    const desk = new ServerBackend(Promise.resolve("token"));
    const started: number[] = [];
    const calls = [0, 1, 2].map((number) => desk.call({ call: "about", lang: "zh", today: "" }, undefined, () => started.push(number)));
    await settled();
    assert.deepEqual(started, [0, 1]);
    answers.shift()?.();
    await settled();
    assert.deepEqual(started, [0, 1, 2]);
    for (const answer of answers) answer();
    assert.equal((await Promise.all(calls)).length, 3);
  } finally {
    Object.assign(globalThis, { fetch: kept });
  }
});
