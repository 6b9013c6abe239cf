import assert from "node:assert/strict";
import { test } from "node:test";
import { Edits } from "../src/edits";
import type { Table } from "../src/protocol";

const row = (line: number, ...cells: string[]) => ({ line, cells, faults: [] });
const csv: Table = { file: "in/a.csv", form: "table", header: 0, columns: ["unit", null], rows: [row(1, "单位", "x"), row(2, "甲", ""), row(4, "乙", "b")], faults: [] };
const tree: Table = { file: "in/a.yaml", form: "tree", header: 0, columns: [null, "unit"], rows: [row(1, "行", "单位"), row(9, "9", "甲")], faults: [] };
const at = (line: number, column: number, table = 0) => ({ table, line, column });
const inFile = (tables: Table[]) => ({ table, line, column }: { table: number; line: number; column: number }) =>
  tables[table]?.rows.find((one) => one.line === line)?.cells[column];

test("a change is asked for with what stood there, from the top down", () => {
  const edits = new Edits();
  assert.equal(edits.set(at(4, 1), "b", "b", "c"), true);
  assert.equal(edits.set(at(2, 0), "甲", "甲", "丙"), true);
  assert.deepEqual(edits.request([csv]), [
    { line: 2, column: 1, was: "甲", value: "丙" },
    { line: 4, column: 2, was: "b", value: "c" },
  ]);
});

test("of a tree the column is the key of its field, of a workbook the sheet is named", () => {
  const edits = new Edits();
  edits.set(at(9, 1), "甲", "甲", "乙");
  edits.set(at(2, 0, 1), "甲", "甲", "乙");
  assert.deepEqual(edits.request([tree, { ...csv, sheet: "八月" }]), [
    { line: 9, column: "unit", was: "甲", value: "乙" },
    { sheet: "八月", line: 2, column: 1, was: "甲", value: "乙" },
  ]);
});

test("what is as in the file again is no change", () => {
  const edits = new Edits();
  edits.set(at(2, 0), "甲", "甲", "丙");
  edits.set(at(2, 0), "甲", "丙", "甲");
  assert.equal(edits.count, 0);
  assert.equal(edits.set(at(2, 0), "甲", "甲", "甲"), false);
});

test("undo goes back step by step", () => {
  const edits = new Edits();
  edits.set(at(2, 0), "甲", "甲", "丙");
  edits.set(at(2, 0), "甲", "丙", "丁");
  assert.deepEqual(edits.undo(inFile([csv])), at(2, 0));
  assert.equal(edits.get(at(2, 0)), "丙");
  edits.undo(inFile([csv]));
  assert.equal(edits.count, 0);
  assert.equal(edits.undo(inFile([csv])), null);
});

test("undo of a change that is in the file already is a new change", () => {
  const edits = new Edits();
  edits.set(at(2, 0), "甲", "甲", "丙");
  edits.wrote();
  assert.equal(edits.count, 0);
  assert.equal(edits.isWritten(at(2, 0)), true);
  const now = { ...csv, rows: [row(1, "单位", "x"), row(2, "丙", ""), row(4, "乙", "b")] };
  edits.undo(inFile([now]));
  assert.deepEqual(edits.request([now]), [{ line: 2, column: 1, was: "丙", value: "甲" }]);
});

test("undo passes over a cell that is not what it was made into", () => {
  const edits = new Edits();
  edits.set(at(2, 0), "甲", "甲", "丙");
  edits.wrote();
  assert.equal(edits.undo(inFile([csv])), null);
});
