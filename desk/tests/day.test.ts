import assert from "node:assert/strict";
import { test } from "node:test";
import { readDay } from "../src/day";

test("a day is read as people write it", () => {
  for (const text of ["2021-08-04", "2021-8-4", "20210804", "2021/8/4", "2021.08.04", "2021年8月4日", "2021年08月04号", " ２０２１－０８－０４ ", "2021。8。4", "2021—8—4", "2021 / 8 / 4"]) {
    assert.deepEqual(readDay(text), { day: "2021-08-04" }, text);
  }
  assert.deepEqual(readDay("1900-01-01"), { day: "1900-01-01" });
  assert.deepEqual(readDay("2024-02-29"), { day: "2024-02-29" });
});

test("what is no day is refused, and it is said why", () => {
  const faults = { shape: ["长期", "2021-08", "21-08-04", "2021-08-04前", "202184", "2021-08-04 10:00"], noYear: ["8月4日", "8/4", "08-04", "8.4", "0804"], early: ["0804-02-10", "08040101", "1899-12-31"], calendar: ["2021-13-40", "2021-02-30", "20210431", "2021-0-1", "2023-02-29"] };
  for (const [fault, texts] of Object.entries(faults)) for (const text of texts) assert.deepEqual(readDay(text), { fault }, text);
});
