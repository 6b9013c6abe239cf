// Names of files.

/** Returns a name that none of `taken` has: 台账 (2).xlsx. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  const [stem, end] = split(name);
  let free = name;
  for (let number = 2; taken.has(free.toLowerCase()); number += 1) free = `${stem} (${number})${end}`;
  return free;
}

/** 台账.xlsx and （已改） give 台账（已改）.xlsx, and the same again if it is mended once more. */
export function mendedName(name: string, mark: string, end?: string): string {
  const [stem, own] = split(name);
  return `${stem.endsWith(mark) ? stem : stem + mark}${end ?? own}`;
}

export function withoutEnd(name: string): string {
  return split(name)[0];
}

export function lastPart(path: string): string {
  return path.split("/").pop() ?? path;
}

function split(name: string): [string, string] {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
}

/** Names that Windows keeps for devices, whatever ending they have. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[1-9¹²³])[ ]*([.:]|$)/i;

/** Returns the name under which a dropped file lies: one file in one folder on any system, whatever it calls itself. */
export function plainName(name: string): string {
  const last = name.split(/[/\\]/).pop() ?? "";
  const plain = last.replace(/[\u0000-\u001f\u007f]/g, "").replace(/:/g, "-").trim().replace(/[. ]+$/, "");
  if (plain === "") return "file";
  return DEVICE.test(plain) ? `_${plain}` : plain;
}
