import { z } from "zod";

/** What signs a browser in. */
export const createSessionSchema = z.object(
  {
    api_key: z
      .string("api_key is required: send one of your tenant's API keys")
      .trim()
      .min(1, "api_key must not be empty")
      .max(200, "api_key must be at most 200 characters long"),
  },
  "Send a JSON object with an api_key",
);
