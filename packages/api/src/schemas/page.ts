import { limits } from "@lethe/core/limits";
import { z } from "zod";
import { text } from "./text.ts";

const limitRule = `limit must be a whole number from 1 to ${limits.pageSize}`;

/** How many items a page holds when the caller does not say. */
export const defaultPageSize = 50;

/** The size of a page as JSON carries it. */
export const limitSchema = z.int(limitRule).min(1, limitRule).max(limits.pageSize, limitRule);

/** The size of a page as a query string carries it. */
export const limitParameterSchema = z
  .string(limitRule)
  .regex(/^\d{1,3}$/, limitRule)
  .transform(Number)
  .pipe(limitSchema)
  .meta({ type: "integer", minimum: 1, maximum: limits.pageSize });

/** Where a page begins: `next_cursor` of the page before, unchanged. Its inside is nobody's business. */
export const cursorSchema = text("cursor", { min: 1, max: limits.cursorLength, trim: false });

/** A page of `item`. `next_cursor` is null on the last one. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ data: z.array(item), next_cursor: z.string().nullable() });
}
