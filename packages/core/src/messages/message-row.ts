import { z } from "zod";
import type { Message } from "../types.ts";

/** A row of the message table, read as a message. */
export const messageRow = z
  .object({
    id: z.string(),
    chat_id: z.string(),
    seq: z.int(),
    author: z.string(),
    body: z.string(),
    created_at: z.date(),
  })
  .transform(
    ({ chat_id, created_at, ...row }): Message => ({ ...row, chatId: chat_id, createdAt: created_at }),
  );

/** The rows of a statement over the message table. */
export const messageRows = z.array(messageRow);
