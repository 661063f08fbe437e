import { expect, it } from "vitest";
import { findReceipts } from "./find-receipts.ts";

const one = "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJ1cm4ifQ.c2lnbmF0dXJl";
const two = "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJ4In0.c2ln";

it("finds receipts alone, by the line, and in the JSON of an answer, each once", () => {
  expect(findReceipts(one)).toEqual([one]);
  expect(findReceipts(` ${one}\n${two}\n`)).toEqual([one, two]);
  expect(findReceipts(JSON.stringify({ success: true, receipt: one, final_receipt: one }))).toEqual([one]);
});

it("finds none where there is none", () => {
  expect(findReceipts("")).toEqual([]);
  expect(findReceipts("a.b.c and www.example.org")).toEqual([]);
});
