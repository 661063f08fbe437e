import { expect, test } from "vitest";
import { isTyped } from "../../../lib/format.ts";
import { mostTrashed, readMatchingIds } from "./target.ts";

const before = "2026-01-01T00:00:00.000Z";
const asOf = "2026-01-02T00:00:00.000Z";
test.each([
  ["goes on over pages with few chats and none, to the end", 40, 9, 9],
  ["ends when it has as many as there were", 40, 2, 2],
  ["takes no more than can be brought back together", 4_000, 4_000, mostTrashed],
])("%s", async (_, pages, count, expected) => {
  let asked = 0;
  const readPage = async () => {
    asked += 1;
    const data = asked % 4 === 0 || count > 9 ? [{ id: `${asked}`, updated_at: before }] : [];
    return { data, next_cursor: asked < pages ? `${asked}` : null };
  };
  const ids = await readMatchingIds(readPage, {
    ...{ kind: "matching", search: "x", criteria: {} },
    ...{ count, asOf },
  });
  expect(ids).toHaveLength(expected);
  expect(asked).toBeLessThanOrEqual(pages);
});

test.each(["1204", "1,204", "1.204", " 1 204\n", "1’204", "1'204"])("%j is 1,204", (typed) => {
  expect(isTyped(typed, 1_204)).toBe(true);
});

test.each(["", "120", "12040", "-1204", "1204 chats", "delete"])("%j is not", (typed) => {
  expect(isTyped(typed, 1_204)).toBe(false);
});
