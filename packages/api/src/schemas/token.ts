import { limits, usualScopes } from "@lethe/core/limits";
import { z } from "zod";
import { strictInput } from "./strict-input.ts";
import { chatId, timeSchema, wholeNumber } from "./text.ts";

const { tokenChats, tokenSeconds } = limits;
const chatsRule = `chat_ids must be a list of 1 to ${tokenChats} chat ids`;

export const createTokenSchema = strictInput(
  {
    scopes: z
      .array(
        z.enum(usualScopes, `scopes of a token are ${usualScopes.join(", ")}`),
        "scopes must be a list of scopes",
      )
      .min(1, "scopes must name at least one"),
    expires_in: wholeNumber("expires_in", { min: 1, max: tokenSeconds }, ": seconds").meta({
      description: "For how many seconds; shorter where the API key ends before.",
      example: 900,
    }),
    chat_ids: z
      .array(chatId("each of chat_ids"), chatsRule)
      .min(1, chatsRule)
      .max(tokenChats, chatsRule)
      .optional()
      .meta({ description: "The only chats that it is for; whether they exist is not asked." }),
  },
  "Send a JSON object with scopes and expires_in, and perhaps chat_ids",
).meta({ id: "CreateToken" });

export const newTokenSchema = z
  .object({
    token: z.string().meta({ description: "Shown in this answer and never again." }),
    expires_at: timeSchema,
    scopes: z.array(z.string()),
    chat_ids: z.array(z.guid()).nullable(),
  })
  .meta({ id: "NewToken" });
