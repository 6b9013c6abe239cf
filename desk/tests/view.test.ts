import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fault, Table } from "../src/protocol";
import { codeCounts, EVERYTHING, faultsAbove, nextStop, shownRows, stops, unitCounts } from "../src/view";

const fault = (code: string, cell: number | null, severity: Fault["severity"] = "error"): Fault => ({ code, severity, cell, message: "", help: null });
const table: Table = {
  file: "in/a.csv",
  form: "table",
  header: 1,
  columns: ["id", "unit"],
  rows: [
    { line: 1, cells: ["台账", ""], faults: [] },
    { line: 2, cells: ["编号", "单位"], faults: [fault("L120", 0, "warning")] },
    { line: 3, cells: ["A1", "甲"], faults: [fault("V105", 1), fault("V109", 0), fault("V105", 1)] },
    { line: 4, cells: ["A2", "乙"], faults: [] },
    { line: 5, cells: ["B3", "甲"], faults: [fault("P301", null, "warning")] },
  ],
  faults: [],
};
const show = (part: object) => shownRows(table, { ...EVERYTHING, ...part });

test("rows are shown by fault, code, unit and text; the header is none of them", () => {
  assert.deepEqual(show({}), [0, 2, 3, 4]);
  assert.deepEqual(show({ onlyFaults: true }), [2, 4]);
  assert.deepEqual(show({ codes: new Set(["P301"]) }), [4]);
  assert.deepEqual(show({ unit: "甲" }), [2, 4]);
  assert.deepEqual(show({ text: " b" }), [4]);
  assert.deepEqual(show({ unit: "甲", text: "a" }), [2]);
});

test("codes are counted, errors first, without those of the header, which stand above", () => {
  assert.deepEqual(codeCounts(table).map(({ code, count }) => [code, count]), [["V105", 2], ["V109", 1], ["P301", 1]]);
  assert.deepEqual(faultsAbove(table).map(({ code }) => code), ["L120"]);
});

test("units are those below the header, with most faults first", () => {
  assert.deepEqual(unitCounts(table), [{ unit: "甲", rows: 2, faults: 4 }, { unit: "乙", rows: 1, faults: 0 }]);
});

test("a row that names its unit by 同上, another name or a merged cell is one of that unit", () => {
  const named: Table = {
    ...table,
    rows: [...table.rows, { line: 6, cells: ["A4", "同上"], faults: [fault("V109", 0)], unit: "甲" }, { line: 7, cells: ["A5", " 乙 "], faults: [] }, { line: 8, cells: ["A6", ""], faults: [], unit: "乙" }],
  };
  assert.deepEqual(unitCounts(named), [{ unit: "甲", rows: 3, faults: 5 }, { unit: "乙", rows: 3, faults: 0 }]);
  assert.deepEqual(shownRows(named, { ...EVERYTHING, unit: "甲" }), [2, 4, 5]);
  assert.deepEqual(shownRows(named, { ...EVERYTHING, unit: "乙" }), [3, 6, 7]);
  assert.deepEqual(shownRows(named, { ...EVERYTHING, unit: "同上" }), []);
});

test("the way from fault to fault goes by row and cell, and round", () => {
  const shown = show({});
  const all = stops(table, shown, new Set());
  assert.deepEqual(all, [{ at: 1, column: 0 }, { at: 1, column: 1 }, { at: 3, column: -1 }]);
  assert.equal(nextStop(all, { at: 0, column: 0 }, 1), 0);
  assert.equal(nextStop(all, { at: 1, column: 0 }, 1), 1);
  assert.equal(nextStop(all, { at: 3, column: 4 }, 1), 0);
  assert.equal(nextStop(all, { at: 3, column: 4 }, -1), 2);
  assert.equal(nextStop(all, { at: 1, column: 0 }, -1), 2);
  assert.equal(nextStop([], { at: 0, column: 0 }, 1), -1);
  assert.deepEqual(stops(table, shown, new Set(["V109"])), [{ at: 1, column: 0 }]);
});
