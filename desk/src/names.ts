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
