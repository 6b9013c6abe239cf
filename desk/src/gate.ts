// duban as WebAssembly in a worker (`duban gate`). A worker that dies, or is told to stop, is started anew with the same files.

import workerSource from "worker-source";
import { asAnswer, BackendError, type Backend } from "./backend";
import type { FromWorker, ToWorker } from "./messages";
import type { CallAnswer, CallRequest } from "./protocol";

type Asked = { resolve(answer: FromWorker): void; reject(error: BackendError): void };
type Question = ToWorker extends infer One ? (One extends ToWorker ? Omit<One, "id"> : never) : never;

export class GateBackend implements Backend {
  private worker: Worker | null = null;
  private readonly asked = new Map<number, Asked>();
  private readonly kept = new Map<string, { name: string; bytes: Uint8Array }>();
  private address: string | null = null;
  private module: Promise<string | WebAssembly.Module>;
  private starting: Promise<void>;
  private number = 0;
  // Calls wait for each other here rather than in the worker: one that is cancelled takes none with it.
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly files: Record<string, string>,
    module: Promise<string>,
  ) {
    this.module = module;
    this.starting = this.start();
    // Whoever asks first is told.
    this.starting.catch(() => undefined);
  }

  async put(name: string, bytes: Uint8Array): Promise<string> {
    const path = await this.inTurn(async () => (await this.ask({ do: "put", name, bytes })).path ?? "");
    this.kept.set(path, { name, bytes });
    return path;
  }

  async forget(path: string): Promise<void> {
    this.kept.delete(path);
    await this.inTurn(() => this.ask({ do: "forget", path }));
  }

  async get(path: string): Promise<Uint8Array> {
    const { bytes } = await this.inTurn(() => this.ask({ do: "get", path }));
    if (!bytes) throw new BackendError("crashed", path);
    return bytes;
  }

  call(request: CallRequest, signal?: AbortSignal, started?: () => void): Promise<CallAnswer> {
    return this.inTurn(async () => {
      if (signal?.aborted) throw new BackendError("cancelled");
      started?.();
      const stop = (): void => this.end(new BackendError("cancelled"));
      signal?.addEventListener("abort", stop);
      try {
        const { ran } = await this.ask({ do: "call", request: JSON.stringify(request) });
        return answered(ran?.stdout ?? "", ran?.stderr ?? "");
      } finally {
        signal?.removeEventListener("abort", stop);
      }
    });
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.last.then(work, work);
    this.last = mine.catch(() => undefined);
    return mine;
  }

  private async ask(question: Question): Promise<FromWorker> {
    if (!this.worker) this.starting = this.start();
    await this.starting;
    return this.send(question);
  }

  private send(question: Question | Promise<Question>): Promise<FromWorker> {
    const worker = this.worker;
    if (!worker) return Promise.reject(new BackendError("crashed"));
    return new Promise((resolve, reject) => {
      const id = (this.number += 1);
      this.asked.set(id, { resolve, reject });
      Promise.resolve(question)
        .then((question) => worker.postMessage({ id, ...question } as ToWorker))
        .catch((error: unknown) => {
          this.asked.delete(id);
          reject(new BackendError("crashed", String(error)));
        });
    });
  }

  private async start(): Promise<void> {
    // The module is packed, and nothing else in the page could unpack it.
    if (typeof DecompressionStream === "undefined") throw new BackendError("too-old");
    this.address ??= URL.createObjectURL(new Blob([workerSource], { type: "text/javascript" }));
    const worker = (this.worker = new Worker(this.address));
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      const asked = this.asked.get(data.id);
      this.asked.delete(data.id);
      if (data.error === undefined) asked?.resolve(data);
      else asked?.reject(new BackendError("crashed", data.error));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.end(new BackendError("crashed", event.message));
    };
    try {
      const started = await this.send(this.module.then((module) => ({ do: "start", files: this.files, module })));
      // A compiled module starts the next worker at once.
      if (started.module) this.module = Promise.resolve(started.module);
    } catch (error) {
      if (this.worker === worker) this.end(error instanceof BackendError ? error : new BackendError("crashed"));
      throw error;
    }
    for (const { name, bytes } of this.kept.values()) void this.send({ do: "put", name, bytes }).catch(() => undefined);
  }

  private end(error: BackendError): void {
    this.worker?.terminate();
    this.worker = null;
    const waiting = [...this.asked.values()];
    this.asked.clear();
    for (const one of waiting) one.reject(error);
  }
}

/** An instance that ended in a trap, or an older module, prints no answer: what it said is the message. */
function answered(stdout: string, stderr: string): CallAnswer {
  try {
    return asAnswer(JSON.parse(stdout));
  } catch {
    throw new BackendError("crashed", stderr.trim().slice(0, 1000));
  }
}
