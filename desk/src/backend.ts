// The door to duban. Two stand behind it: WebAssembly in a worker (gate.ts) and the native program on this machine (server.ts).

import type { CallAnswer, CallRequest } from "./protocol";

export interface Backend {
  /** Stores a dropped file, in the place of one of the same name, and returns its path for calls. */
  put(name: string, bytes: Uint8Array): Promise<string>;
  /** Answers a call; `started` is told when it begins, after those that it waits for. */
  call(request: CallRequest, signal?: AbortSignal, started?: () => void): Promise<CallAnswer>;
  /** Returns a file that an answer named. */
  get(path: string): Promise<Uint8Array>;
  /** Takes a dropped file away. */
  forget(path: string): Promise<void>;
  /** Ends the program, where it is one of its own. */
  quit?(): Promise<void>;
}

/** Why a call brought no answer. The page has a sentence for each. */
export type Failure = "cancelled" | "denied" | "unreachable" | "crashed" | "too-large" | "too-old";

export class BackendError extends Error {
  constructor(
    readonly failure: Failure,
    detail = "",
  ) {
    super(detail || failure);
  }
}

export const failureOf = (error: unknown): Failure => (error instanceof BackendError ? error.failure : "crashed");

/** Whether it is an answer, as far as the page reads it. */
export function asAnswer(value: unknown): CallAnswer {
  const answer = value as Partial<CallAnswer> | null;
  if (typeof answer !== "object" || answer === null || typeof answer.status !== "number") {
    throw new BackendError("crashed", "not an answer");
  }
  return {
    status: answer.status,
    messages: answer.messages ?? "",
    result: answer.result ?? null,
    files: answer.files ?? [],
  };
}
