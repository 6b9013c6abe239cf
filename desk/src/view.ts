// Which rows of a table are shown, how often each code stands in it, and the way from fault to fault.

import type { Fault, Row, Severity, Table } from "./protocol";

export interface Filter {
  codes: ReadonlySet<string>;
  onlyFaults: boolean;
  unit: string | null;
  text: string;
}

export const EVERYTHING: Filter = { codes: new Set(), onlyFaults: false, unit: null, text: "" };

/** The index of the unit's column, or -1. */
export const unitColumn = (table: Table): number => table.columns.indexOf("unit");

/** The unit whose row it is, whatever its cell calls it. */
const unitOf = (row: Row, column: number): string => row.unit ?? (row.cells[column] ?? "").trim();

/** Returns the indices of the rows that are shown, without the header, which stands above them. */
export function shownRows(table: Table, filter: Filter): number[] {
  const column = unitColumn(table);
  const text = filter.text.trim().toLowerCase();
  const shown: number[] = [];
  table.rows.forEach((row, index) => {
    if (index === table.header) return;
    if (filter.onlyFaults && row.faults.length === 0) return;
    if (filter.codes.size > 0 && !row.faults.some((fault) => filter.codes.has(fault.code))) return;
    if (filter.unit !== null && unitOf(row, column) !== filter.unit) return;
    if (text !== "" && !row.cells.some((cell) => cell.toLowerCase().includes(text))) return;
    shown.push(index);
  });
  return shown;
}

export interface CodeCount {
  code: string;
  severity: Severity;
  count: number;
}

const RANK: Record<Severity, number> = { error: 0, warning: 1, info: 2 };

export const worst = (faults: readonly Fault[]): Severity | null =>
  faults.reduce<Severity | null>((so, { severity }) => (so === null || RANK[severity] < RANK[so] ? severity : so), null);

/** The faults that no row shows: of the file as a whole, and of the header, which stands above the rows. */
export const faultsAbove = (table: Table): Fault[] => [...table.faults, ...(table.header === null ? [] : (table.rows[table.header]?.faults ?? []))];

/** Whether there is anything below the header. */
export const hasRows = (table: Table): boolean => table.rows.length > (table.header === null ? 0 : 1);

/** Returns the codes of a table's rows: the errors first, each kind by its number. */
export function codeCounts(table: Table): CodeCount[] {
  const counts = new Map<string, CodeCount>();
  for (const [index, row] of table.rows.entries()) {
    if (index === table.header) continue;
    for (const { code, severity } of row.faults) {
      const so = counts.get(code) ?? { code, severity, count: 0 };
      so.count += 1;
      if (RANK[severity] < RANK[so.severity]) so.severity = severity;
      counts.set(code, so);
    }
  }
  return [...counts.values()].sort((a, b) => RANK[a.severity] - RANK[b.severity] || (a.code < b.code ? -1 : 1));
}

export interface UnitCount {
  unit: string;
  rows: number;
  faults: number;
}

/** Returns the units that the rows are of, those with most faults first. */
export function unitCounts(table: Table): UnitCount[] {
  const column = unitColumn(table);
  if (column < 0) return [];
  const counts = new Map<string, UnitCount>();
  table.rows.forEach((row, index) => {
    if (index === table.header || (table.header !== null && index < table.header)) return;
    const unit = unitOf(row, column);
    if (unit === "") return;
    const so = counts.get(unit) ?? { unit, rows: 0, faults: 0 };
    so.rows += 1;
    so.faults += row.faults.length;
    counts.set(unit, so);
  });
  return [...counts.values()].sort((a, b) => b.faults - a.faults || (a.unit < b.unit ? -1 : 1));
}

/** A stop on the way from fault to fault: a row of those shown, and a cell or -1 for the row as a whole. */
export interface Stop {
  at: number;
  column: number;
}

/** Returns the stops in reading order, a cell with two faults once. */
export function stops(table: Table, shown: readonly number[], codes: ReadonlySet<string>): Stop[] {
  const found: Stop[] = [];
  shown.forEach((index, at) => {
    const columns = new Set<number>();
    for (const fault of table.rows[index]?.faults ?? []) {
      if (codes.size === 0 || codes.has(fault.code)) columns.add(fault.cell ?? -1);
    }
    for (const column of [...columns].sort((a, b) => a - b)) found.push({ at, column });
  });
  return found;
}

/** Returns the number of the next (1) or previous (-1) stop, round the end; -1 if there is none. */
export function nextStop(all: readonly Stop[], from: Stop, step: 1 | -1): number {
  if (all.length === 0) return -1;
  const isAfter = (stop: Stop): boolean => stop.at > from.at || (stop.at === from.at && stop.column > from.column);
  const isBefore = (stop: Stop): boolean => stop.at < from.at || (stop.at === from.at && stop.column < from.column);
  if (step === 1) {
    const next = all.findIndex(isAfter);
    return next < 0 ? 0 : next;
  }
  for (let index = all.length - 1; index >= 0; index -= 1) if (isBefore(all[index]!)) return index;
  return all.length - 1;
}
