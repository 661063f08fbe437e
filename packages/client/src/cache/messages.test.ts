import { expect, test } from "vitest";
import { message } from "../testing/fixtures.ts";
import type { MessageListData } from "./list-data.ts";
import { joinNewest } from "./messages.ts";

/** A page from `newest` down to `oldest`. */
const page = (newest: number, oldest: number) => ({
  data: Array.from({ length: newest - oldest + 1 }, (_, index) => message("a", newest - index)),
  next_cursor: oldest > 1 ? `before ${oldest}` : null,
});
const known: MessageListData = { pages: [page(9, 7), page(6, 4)], pageParams: [null, "before 7"] };
const seqs = (data: MessageListData) => data.pages.map(({ data }) => data.map(({ seq }) => seq));

test.each([
  [
    "nothing new",
    page(9, 7),
    [
      [9, 8, 7],
      [6, 5, 4],
    ],
  ],
  [
    "some that follow on what is known",
    page(12, 10),
    [
      [12, 11, 10, 9, 8, 7],
      [6, 5, 4],
    ],
  ],
  [
    "some that are known in part",
    page(10, 8),
    [
      [10, 9, 8, 7],
      [6, 5, 4],
    ],
  ],
  ["so many that some are missing between", page(40, 38), [[40, 39, 38]]],
  [
    "all that there are",
    page(11, 1),
    [
      [11, 10, 9, 8, 7],
      [6, 5, 4],
    ],
  ],
])("joins %s", (_, newest, expected) => {
  expect(seqs(joinNewest(known, newest))).toEqual(expected);
});

test("goes on behind the page that is left where messages are missing", () => {
  const { pages, pageParams } = joinNewest(known, page(40, 38));
  expect(pages.at(-1)?.next_cursor).toBe("before 38");
  expect(pageParams).toEqual([null]);
});
