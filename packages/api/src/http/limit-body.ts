import type { MiddlewareHandler } from "hono";
import { bufferBody } from "./buffer-body.ts";
import { bodyTooLarge, drain } from "./drain-body.ts";

/** Enough for the longest message with every character escaped. */
export const restBodySize = 256 * 1_024;

/** A thousand ids, however generously they are set out. */
export const bulkBodySize = 128 * 1_024;

/** A batch of calls comes in one body. */
export const trpcBodySize = 1_024 * 1_024;

/** Refuses a body of more than `maxSize` bytes: never more than that of it is held in memory. */
export function limitBody(maxSize: number): MiddlewareHandler {
  return async (c, next) => {
    const length = c.req.header("content-length");
    // Only what does not say its length has to be counted.
    if (length === undefined) await bufferBody(c, maxSize);
    else if (Number(length) > maxSize) {
      await drain(c.req.raw.body);
      throw bodyTooLarge(maxSize);
    }
    await next();
  };
}
