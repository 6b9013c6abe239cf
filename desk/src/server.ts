// The native program on this machine (`duban open`).

import { asAnswer, BackendError, type Backend } from "./backend";
import type { CallAnswer, CallRequest } from "./protocol";

const KEPT = "duban-desk-token";

/**
 * Returns the token of the address, and takes it out of there: an address is kept in the history and shown to
 * whoever looks at the screen. A reload finds it in the session of this tab.
 */
export function takeToken(): string | null {
  const given = new URLSearchParams(location.hash.slice(1)).get("t");
  if (given) {
    sessionStorage.setItem(KEPT, given);
    history.replaceState(null, "", location.pathname + location.search);
    return given;
  }
  return sessionStorage.getItem(KEPT);
}

export class ServerBackend implements Backend {
  constructor(private readonly token: string | null) {}

  async put(name: string, bytes: Uint8Array): Promise<string> {
    const response = await this.ask(`/files/${encodeURIComponent(name)}`, { method: "PUT", body: new Blob([bytes as BlobPart]) });
    return ((await response.json()) as { path: string }).path;
  }

  async call(request: CallRequest, signal?: AbortSignal): Promise<CallAnswer> {
    const asked: RequestInit = {
      method: "POST",
      body: JSON.stringify(request),
      headers: { "Content-Type": "application/json" },
    };
    if (signal) asked.signal = signal;
    const response = await this.ask("/call", asked);
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

  private async ask(address: string, asked: RequestInit): Promise<Response> {
    const headers = { ...(asked.headers as Record<string, string> | undefined), "X-Duban-Token": this.token ?? "" };
    let response: Response;
    try {
      response = await fetch(address, { ...asked, headers, cache: "no-store", credentials: "omit", redirect: "error" });
    } catch {
      throw new BackendError(asked.signal?.aborted ? "cancelled" : "unreachable");
    }
    if (response.status === 401 || response.status === 403) throw new BackendError("denied");
    if (response.status === 413) throw new BackendError("too-large");
    if (!response.ok) throw new BackendError("crashed", `${response.status} ${(await response.text()).slice(0, 300)}`);
    return response;
  }
}
