// What the page and its worker say to each other.

import type { Ran } from "./folder";

export type ToWorker = { id: number } & (
  | { do: "start"; files: Record<string, string>; module: string | WebAssembly.Module }
  | { do: "put"; name: string; bytes: Uint8Array }
  | { do: "get"; path: string }
  | { do: "forget"; path: string }
  | { do: "call"; request: string }
);

export interface FromWorker {
  id: number;
  error?: string;
  path?: string;
  bytes?: Uint8Array;
  module?: WebAssembly.Module;
  ran?: Ran;
}
