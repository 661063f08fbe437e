import { limits } from "@lethe/core/limits";
import { z } from "zod";
import { onlyTrpc } from "./strict-input.ts";
import { text, wholeNumber } from "./text.ts";

/** How many items a page holds when the caller does not say. */
export const defaultPageSize = 50;

const limitSchema = wholeNumber("limit", { min: 1, max: limits.pageSize });

/** Where a page begins: `next_cursor` of the page before, unchanged. Its inside is nobody's business. */
export const cursorSchema = text("cursor", { min: 1, max: limits.cursorLength, trim: false });

/** How a page is asked for. */
export const pageInput = {
  limit: limitSchema.default(defaultPageSize),
  cursor: cursorSchema.nullish(),
  // TanStack Query's infinite queries say which way they go.
  direction: onlyTrpc(
    z.literal("forward", "direction must be forward: a page leads to the next one only").optional(),
  ),
};

/** A page of `item`. `next_cursor` is null on the last one. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ data: z.array(item), next_cursor: z.string().nullable() });
}
