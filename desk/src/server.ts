// The native program on this machine (`duban open`).

import { asAnswer, BackendError, type Backend } from "./backend";
import type { CallAnswer, CallRequest } from "./protocol";

const KEPT = "duban-desk-token";

/**
 * Returns the token of the address, or the one that its code is good for, and takes either out of there: an address is
 * kept in the history and shown to whoever looks at the screen. A reload finds the token in the session of this tab.
 */
export async function takeToken(): Promise<string | null> {
  const given = new URLSearchParams(location.hash.slice(1));
  const [token, code] = [given.get("t"), given.get("c")];
  if (token === null && code === null) return sessionStorage.getItem(KEPT);
  history.replaceState(null, "", location.pathname + location.search);
  const known = token ?? (await traded(code ?? "")) ?? sessionStorage.getItem(KEPT);
  if (known !== null) sessionStorage.setItem(KEPT, known);
  return known;
}

/** The token for the code that the browser was started with; nothing if it was used before. */
async function traded(code: string): Promise<string | null> {
  try {
    const response = await fetch("/token", { method: "POST", headers: { "X-Duban-Token": code }, cache: "no-store", credentials: "omit", redirect: "error" });
    return response.ok ? ((await response.json()) as { token: string }).token : null;
  } catch {
    return null;
  }
}

/** So many requests are answered at a time; a page in another tab may make some too. */
const AT_ONCE = 2;
/** How long is waited before one that found the program busy is made again, in milliseconds; longer each time. */
const PAUSE = 150;
const TRIES = 40;

export class ServerBackend implements Backend {
  private open = 0;
  private isOver = false;
  private readonly waiting: (() => void)[] = [];

  /** Another tab, or this one loaded anew, has its own files. */
  private readonly page = crypto.randomUUID();

  constructor(private readonly token: Promise<string | null>) {}

  async put(name: string, bytes: Uint8Array): Promise<string> {
    const response = await this.ask(`/files/${encodeURIComponent(name)}`, { method: "PUT", body: new Blob([bytes as BlobPart]) });
    return ((await response.json()) as { path: string }).path;
  }

  async call(request: CallRequest, signal?: AbortSignal, started?: () => void): Promise<CallAnswer> {
    const asked: RequestInit = {
      method: "POST",
      body: JSON.stringify(request),
      headers: { "Content-Type": "application/json" },
    };
    if (signal) asked.signal = signal;
    const response = await this.ask("/call", asked, started);
    try {
      return asAnswer(await response.json());
    } catch (error) {
      throw signal?.aborted ? new BackendError("cancelled") : error instanceof BackendError ? error : new BackendError("crashed");
    }
  }

  async get(path: string): Promise<Uint8Array> {
    const response = await this.ask(`/files/${encodeURIComponent(path)}`, { method: "GET" });
    return new Uint8Array(await response.arrayBuffer());
  }

  async forget(path: string): Promise<void> {
    await this.ask(`/files/${encodeURIComponent(path)}`, { method: "DELETE" });
  }

  async quit(): Promise<void> {
    // What waits for its turn is asked of nobody any more.
    this.isOver = true;
    await this.once("/end", { method: "POST" });
  }

  private async ask(address: string, asked: RequestInit, started?: () => void): Promise<Response> {
    if (this.open >= AT_ONCE) await new Promise<void>((free) => this.waiting.push(free));
    this.open += 1;
    try {
      return await this.tried(address, asked, started);
    } finally {
      this.open -= 1;
      this.waiting.shift()?.();
    }
  }

  private async tried(address: string, asked: RequestInit, started?: () => void): Promise<Response> {
    for (let tried = 1; ; tried += 1) {
      if (asked.signal?.aborted) throw new BackendError("cancelled");
      if (this.isOver) throw new BackendError("unreachable");
      // Made again after the program was busy, it begins again.
      started?.();
      const response = await this.once(address, asked);
      if (response.status !== 503) return checked(response);
      if (tried === TRIES) throw new BackendError("unreachable", await said(response));
      await new Promise((done) => setTimeout(done, Math.min(PAUSE * tried, 3000)));
    }
  }

  private async once(address: string, asked: RequestInit): Promise<Response> {
    const headers = { ...(asked.headers as Record<string, string> | undefined), "X-Duban-Token": (await this.token) ?? "", "X-Duban-Page": this.page };
    try {
      return await fetch(address, { ...asked, headers, cache: "no-store", credentials: "omit", redirect: "error" });
    } catch {
      throw new BackendError(asked.signal?.aborted ? "cancelled" : "unreachable");
    }
  }
}

async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  if (response.status === 401 || response.status === 403) throw new BackendError("denied");
  if (response.status === 413) throw new BackendError("too-large");
  throw new BackendError("crashed", await said(response));
}

/** What the program said of it, or at least the number of its answer. */
async function said(response: Response): Promise<string> {
  const text = (await response.text()).slice(0, 2000);
  try {
    return (JSON.parse(text) as { messages?: string }).messages ?? String(response.status);
  } catch {
    return text || String(response.status);
  }
}
