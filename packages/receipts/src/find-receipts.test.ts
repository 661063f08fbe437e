import { expect, it } from "vitest";
import { findReceipts } from "./find-receipts.ts";

const one = "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJ1cm4ifQ.c2lnbmF0dXJl";
const two = "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJ4In0.c2ln";

it.each([
  ["alone", one, [one]],
  ["by the line", ` ${one}\r\n\n${two}\n`, [one, two]],
  ["in an answer, each once", JSON.stringify({ success: true, receipt: one, final_receipt: one }), [one]],
  [
    "in a list of answers",
    JSON.stringify({ data: [{ receipt: one }, { receipt: two }] }, null, 2),
    [one, two],
  ],
  ["in answers by the line", `{"receipt":"${one}"}\n{"receipt":null}\n{"receipt":"${two}"}`, [one, two]],
  ["as a JSON string", JSON.stringify(one), [one]],
  ["amid words", `Your receipt: ${one}.\nRegards`, [one, "Regards"]],
])("finds receipts %s", (_, text, expected) => {
  expect(findReceipts(text)).toEqual(expected);
});

it("answers what was damaged, so that it is not overlooked", () => {
  expect(findReceipts(`${one}\nnonsense\n${one.slice(3)}`)).toEqual([one, "nonsense", one.slice(3)]);
});

it("finds none where there is none", () => {
  expect(findReceipts(" \n")).toEqual([]);
  expect(findReceipts('{"message":"eyJ0.eyJ0.eyJ0","receipt":null}')).toEqual([]);
});
