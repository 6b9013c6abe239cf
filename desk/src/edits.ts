// What was changed in a file's cells and not yet written into it, and the way back.

import type { Edit, Table } from "./protocol";

/** A cell, so that it is found again after the file was checked anew. */
export interface Place {
  table: number;
  line: number;
  column: number;
}

interface Step extends Place {
  from: string;
  to: string;
}

const keyOf = ({ table, line, column }: Place): string => `${table}:${line}:${column}`;

export class Edits {
  private readonly pending = new Map<string, Place & { value: string }>();
  /** Cells whose change is in the file already. */
  private readonly written = new Set<string>();
  private steps: Step[] = [];

  get count(): number {
    return this.pending.size;
  }

  get canUndo(): boolean {
    return this.steps.length > 0;
  }

  get(place: Place): string | undefined {
    return this.pending.get(keyOf(place))?.value;
  }

  isWritten(place: Place): boolean {
    return this.written.has(keyOf(place));
  }

  /** Changes a cell that shows `shown` and is `inFile` in the file. Returns whether anything changed. */
  set(place: Place, inFile: string, shown: string, value: string): boolean {
    if (value === shown) return false;
    this.steps.push({ ...place, from: shown, to: value });
    this.put(place, inFile, value);
    return true;
  }

  /** Takes the last change back, and returns its place. */
  undo(inFile: (place: Place) => string | undefined): Place | null {
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      const held = inFile(step);
      // Whether the cell still shows what this step made of it: rows may have moved since.
      if (held === undefined || (this.get(step) ?? held) !== step.to) continue;
      this.put(step, held, step.from);
      return { table: step.table, line: step.line, column: step.column };
    }
    return null;
  }

  /** The changes as duban is asked to make them, from the top of the file down. */
  request(tables: Table[]): Edit[] {
    const cells = [...this.pending.values()].sort((a, b) => a.table - b.table || a.line - b.line || a.column - b.column);
    return cells.flatMap((cell) => {
      const table = tables[cell.table];
      const row = table?.rows.find((one) => one.line === cell.line);
      if (!table || !row) return [];
      const column = table.form === "tree" ? (table.columns[cell.column] ?? cell.column + 1) : cell.column + 1;
      const edit: Edit = { line: cell.line, column, was: row.cells[cell.column] ?? "", value: cell.value };
      return [table.sheet === undefined ? edit : { sheet: table.sheet, ...edit }];
    });
  }

  /** The pending changes now stand in the file. */
  wrote(): void {
    for (const key of this.pending.keys()) this.written.add(key);
    this.pending.clear();
  }

  private put(place: Place, inFile: string, value: string): void {
    if (value === inFile) this.pending.delete(keyOf(place));
    else this.pending.set(keyOf(place), { table: place.table, line: place.line, column: place.column, value });
  }
}
