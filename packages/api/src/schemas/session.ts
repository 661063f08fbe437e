import { z } from "zod";
import { strictInput } from "./strict-input.ts";

/**
 * The cookies that a signed-in browser may carry, the one that counts first. Over https it is bound to this very
 * host; browsers take none of that name otherwise. Sessions that are older than that have the plain one.
 */
export const sessionCookies = ["__Host-lethe_session", "lethe_session"] as const;

/** What signs a browser in. */
export const createSessionSchema = strictInput(
  {
    api_key: z
      .string({
        error: ({ input }) =>
          input === undefined
            ? "api_key is required: send one of your tenant's API keys"
            : "api_key must be a string",
      })
      .trim()
      .min(1, "api_key must not be empty")
      .max(200, "api_key must be at most 200 characters long"),
  },
  "Send a JSON object with an api_key",
);
