import { expect, test } from "vitest";
import { isTyped } from "./is-typed.ts";

test.each(["1204", "1,204", "1.204", " 1 204\n", "1’204", "1'204"])("%j is 1,204", (typed) => {
  expect(isTyped(typed, 1_204)).toBe(true);
});

test.each(["", "120", "12040", "-1204", "1204 chats", "delete"])("%j is not", (typed) => {
  expect(isTyped(typed, 1_204)).toBe(false);
});
