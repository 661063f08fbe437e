import { LetheError } from "@lethe/core";
import { bodyLimit } from "hono/body-limit";

/** Refuses a body of more than `maxSize` bytes before it is read into memory. */
export const limitBody = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new LetheError(
        "PAYLOAD_TOO_LARGE",
        "payload_too_large",
        `The body is larger than ${maxSize} bytes; send less`,
      );
    },
  });

/** Enough for the longest message with every character escaped. */
export const restBodySize = 256 * 1_024;

/** A batch of calls comes in one body. */
export const trpcBodySize = 1_024 * 1_024;
