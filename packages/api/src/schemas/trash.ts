import { limits } from "@lethe/core/limits";
import { z } from "zod";
import { changedChatSchema } from "./chat.ts";
import { strictInput } from "./strict-input.ts";
import { chatIdSchema } from "./text.ts";

const sizeRule = `chat_ids must be a list of 1 to ${limits.bulkSize} chat ids`;

/** A set of chats by their ids. An id may come twice. */
export const chatSetSchema = strictInput(
  { chat_ids: z.array(chatIdSchema, sizeRule).min(1, sizeRule).max(limits.bulkSize, sizeRule) },
  "Send a JSON object with chat_ids",
).meta({ id: "ChatSet" });

const bulkOf = <Done extends string>(done: Done) =>
  z.object({
    data: z
      .array(
        z.object({
          chat_id: z.string().meta({ format: "uuid" }),
          outcome: z.enum([done, "not_found"]),
          chat: changedChatSchema
            .optional()
            .meta({ description: "The chat as it is now; left out if there is none." }),
        }),
      )
      .meta({
        description: "One entry for each id that was sent, in the same order, repeated ones included.",
      }),
  });

export const bulkTrashSchema = bulkOf("trashed").meta({ id: "BulkTrash" });
export type BulkTrash = z.infer<typeof bulkTrashSchema>;

export const bulkRestoreSchema = bulkOf("restored").meta({ id: "BulkRestore" });
export type BulkRestore = z.infer<typeof bulkRestoreSchema>;
