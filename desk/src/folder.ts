// The folder that the program in the worker sees: the project's files, what was dropped (`in/`), what it wrote (`out/`).

import { plainName } from "./names";
import { ConsoleStdout, Directory, Fd, File, OpenFile, PreopenDirectory, WASI, wasi, type Inode } from "@bjorn3/browser_wasi_shim";

// The shim makes a file larger by copying it whole at each write, which takes minutes for a workbook of 20 MB. Here it
// grows by half, and `data` shows what is used of its room.
OpenFile.prototype.fd_write = function (this: OpenFile, data: Uint8Array) {
  if (this.file.readonly) return { ret: wasi.ERRNO_BADF, nwritten: 0 };
  const from = Number(this.file_pos);
  const end = from + data.byteLength;
  const held = this.file.data;
  if (end > held.byteLength) {
    if (end <= held.buffer.byteLength - held.byteOffset) {
      this.file.data = new Uint8Array(held.buffer, held.byteOffset, end);
    } else {
      const room = new Uint8Array(Math.max(end, Math.ceil(held.byteLength * 1.5), 65536));
      room.set(held);
      this.file.data = room.subarray(0, end);
    }
  }
  this.file.data.set(data, from);
  this.file_pos = BigInt(end);
  return { ret: wasi.ERRNO_SUCCESS, nwritten: data.byteLength };
};
// Cut off, it must not show again what stood there before it grew anew.
OpenFile.prototype.fd_filestat_set_size = function (this: OpenFile, size: bigint) {
  const cut = new Uint8Array(Number(size));
  cut.set(this.file.data.subarray(0, cut.byteLength));
  this.file.data = cut;
  return wasi.ERRNO_SUCCESS;
};

/** Gives a program its request, a slice at a time. */
class Input extends Fd {
  private at = 0;
  constructor(private readonly bytes: Uint8Array) {
    super();
  }
  override fd_fdstat_get() {
    return { ret: 0, fdstat: new wasi.Fdstat(wasi.FILETYPE_CHARACTER_DEVICE, 0) };
  }
  override fd_read(size: number) {
    const data = this.bytes.subarray(this.at, this.at + size);
    this.at += data.byteLength;
    return { ret: 0, data };
  }
}

class Output extends ConsoleStdout {
  readonly parts: Uint8Array[] = [];
  constructor() {
    super((part) => this.parts.push(part));
  }
  text(): string {
    const decoder = new TextDecoder();
    return this.parts.map((part) => decoder.decode(part, { stream: true })).join("") + decoder.decode();
  }
}

const TRAPPED = 134;

export interface Ran {
  status: number;
  stdout: string;
  stderr: string;
}

export class Folder {
  private readonly dropped = new Map<string, Inode>();
  private readonly written = new Map<string, Inode>();

  constructor(private readonly project: Map<string, Uint8Array>) {}

  put(name: string, bytes: Uint8Array): string {
    const plain = plainName(name);
    const file = new File(new Uint8Array(0));
    // Its constructor would copy them.
    file.data = bytes;
    this.dropped.set(plain, file);
    return `in/${plain}`;
  }

  forget(path: string): void {
    this.dropped.delete(path.replace(/^in\//, ""));
  }

  get(path: string): Uint8Array | null {
    const parts = path.split("/").filter((part) => part !== "" && part !== ".");
    let entries: Map<string, Inode> | null = new Map<string, Inode>([
      ["in", new Directory(this.dropped)],
      ["out", new Directory(this.written)],
    ]);
    let found: Inode | undefined;
    for (const part of parts) {
      found = entries?.get(part);
      entries = found instanceof Directory ? found.contents : null;
    }
    // A copy: what is handed out is given away, and the file stays.
    return found instanceof File ? found.data.slice() : null;
  }

  /** Runs a fresh instance: one that ends in a trap takes nothing with it but what it was about to write. */
  async run(module: WebAssembly.Module, argv: string[], input: Uint8Array): Promise<Ran> {
    const [stdout, stderr] = [new Output(), new Output()];
    const program = new WASI(argv, [], [new Input(input), stdout, stderr, new PreopenDirectory("/", this.tree())], { debug: false });
    const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: program.wasiImport as WebAssembly.ModuleImports });
    let status = TRAPPED;
    try {
      status = program.start(instance as unknown as { exports: { memory: WebAssembly.Memory; _start: () => unknown } });
    } catch (error) {
      // What a panic said stands on its standard error; the trap itself says little more than `unreachable`.
      stderr.fd_write(new TextEncoder().encode(`\n${String(error)}`));
    }
    return { status, stdout: stdout.text(), stderr: stderr.text() };
  }

  /** The project's own files are laid out anew for each run, so that none finds what another left there. */
  private tree(): Map<string, Inode> {
    const root = new Map<string, Inode>();
    for (const [path, bytes] of this.project) {
      const parts = path.split("/");
      const name = parts.pop() ?? path;
      let folder = root;
      for (const part of parts) {
        let next = folder.get(part);
        if (!(next instanceof Directory)) folder.set(part, (next = new Directory(new Map<string, Inode>())));
        folder = (next as Directory).contents;
      }
      folder.set(name, new File(bytes));
    }
    root.set("in", new Directory(this.dropped));
    root.set("out", new Directory(this.written));
    root.set("tmp", new Directory(new Map<string, Inode>()));
    return root;
  }
}
