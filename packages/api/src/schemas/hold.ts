import { limits } from "@lethe/core/limits";
import { strictInput } from "./strict-input.ts";
import { chatIdSchema, text } from "./text.ts";

/** Why a chat must be kept. */
export const holdChatSchema = strictInput(
  { reason: text("reason", { min: 1, max: limits.reasonLength, trim: true }) },
  "Send a JSON object with a reason",
).meta({ id: "HoldChat" });

export const holdChatInputSchema = holdChatSchema.extend({ chat_id: chatIdSchema });
