#!/usr/bin/env bash
# @bjorn3/browser_wasi_shim: each write that makes a file longer copies the whole file: of 8 MB in slices, 4 GB are moved.
#
# Expected: a file of the in-memory file system grows as a vector does, with room to spare, so that writing n bytes in slices moves
#   about n bytes.
# What happens: `OpenFile.fd_write` at the end of a file allocates a new array of exactly the new length each time and copies all
#   that was there. A thousand slices of 8 KB, 8 MB in all, make a thousand arrays and move about 4 GB. Cutting the file
#   (`fd_filestat_set_size`) copies it too, which nobody notices once.
# Why it matters: a program of Rust writes through a buffer of 8 KB; a workbook with photos of 20 MB is then 2,500 writes and 25 GB
#   of copies, on the thread that the page waits for. It looks like a slow program, and small files show nothing of it.
# Instead: give `fd_write` an array with room (grow by half, and show what is used of it), or write into memory in the program and hand
#   the file over in one write.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @bjorn3/browser_wasi_shim@0.4.2 >/dev/null 2>&1
cat >run.mjs <<'JS'
import { readFileSync } from "node:fs";
import { File, OpenFile } from "@bjorn3/browser_wasi_shim";
console.log(`browser_wasi_shim ${JSON.parse(readFileSync("node_modules/@bjorn3/browser_wasi_shim/package.json")).version}`);
const file = new File(new Uint8Array(0));
const open = new OpenFile(file);
const slice = new Uint8Array(8192).fill(7);
const buffers = new Set();
let moved = 0;
for (let number = 0; number < 1000; number += 1) {
  const before = file.data;
  open.fd_write(slice);
  if (file.data.buffer !== before.buffer) moved += before.byteLength;
  buffers.add(file.data.buffer);
}
console.log(`written: ${file.data.byteLength} bytes in 1000 slices`);
console.log(`arrays made: ${buffers.size}; room to spare in the last: ${file.data.buffer.byteLength - file.data.byteLength}`);
console.log(`bytes copied from one to the next: ${moved}`);
JS
seen=$(node run.mjs)
echo "$seen"
diff -u --label seen --label recorded <(echo "$seen") - <<'TEXT' || { echo "the behaviour has changed" >&2; exit 1; }
browser_wasi_shim 0.4.2
written: 8192000 bytes in 1000 slices
arrays made: 1000; room to spare in the last: 0
bytes copied from one to the next: 4091904000
TEXT
