// Runs duban apart from the page, so that the page stays alive whatever a file is.

import { Folder } from "./folder";
import type { FromWorker, ToWorker } from "./messages";
import { asBytes } from "./base64";

interface Scope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
}
const scope = self as unknown as Scope;

let folder: Folder | null = null;
let module: Promise<WebAssembly.Module> | null = null;
// One after the other: each is answered before the next is looked at.
let last: Promise<void> = Promise.resolve();

scope.onmessage = ({ data }) => {
  last = last.then(() => answer(data));
};

async function answer(asked: ToWorker): Promise<void> {
  try {
    switch (asked.do) {
      case "start": {
        folder = new Folder(new Map(Object.entries(asked.files).map(([path, text]) => [path, asBytes(text)])));
        module = typeof asked.module === "string" ? compiled(asked.module) : Promise.resolve(asked.module);
        scope.postMessage({ id: asked.id, module: await module });
        return;
      }
      case "put":
        scope.postMessage({ id: asked.id, path: folder!.put(asked.name, asked.bytes) });
        return;
      case "forget":
        folder!.forget(asked.path);
        scope.postMessage({ id: asked.id });
        return;
      case "get": {
        const bytes = folder!.get(asked.path);
        if (bytes) scope.postMessage({ id: asked.id, bytes }, [bytes.buffer]);
        else scope.postMessage({ id: asked.id, error: `no such file: ${asked.path}` });
        return;
      }
      case "call": {
        const ran = await folder!.run(await module!, ["duban", "call"], new TextEncoder().encode(asked.request));
        scope.postMessage({ id: asked.id, ran });
      }
    }
  } catch (error) {
    scope.postMessage({ id: asked.id, error: String(error) });
  }
}

/** The module is packed by gzip and written in base64. It is compiled while it is unpacked. */
async function compiled(packed: string): Promise<WebAssembly.Module> {
  const stream = new Blob([asBytes(packed) as BlobPart]).stream().pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compileStreaming(new Response(stream, { headers: { "Content-Type": "application/wasm" } }));
}
