/** What becomes of a table's rows when their chat is deleted. */
export type ChatTable = { fate: "erased" | "cascaded" | "kept"; why: string };

/**
 * Every table that has something of a chat. A deletion must know them all: a table that is not named here
 * fails the tests, and so does one whose rows do not share the fate that is promised for them.
 */
export const chatTables: Readonly<Record<string, ChatTable>> = {
  chat: { fate: "erased", why: "Without its row nothing of the chat can be reached." },
  transcript: { fate: "erased", why: "It keeps the id occupied until the last message is gone." },
  message: { fate: "erased", why: "What was written." },
  title_index: { fate: "cascaded", why: "What finds a title has nothing to find without it." },
  connection: { fate: "cascaded", why: "A socket without a chat counts for nothing; its gateway closes it." },
  deletion: { fate: "kept", why: "The ledger proves the deletion and holds no content." },
  deletion_job_failure: {
    fate: "kept",
    why: "Why a job did not delete a chat; what became of the chat later is not its affair. No content.",
  },
  event: {
    fate: "kept",
    why: "Subscribers that come back are told; thin, without content, pruned after a day.",
  },
  used_chat_id: {
    fate: "kept",
    why: "No chat ever has the id again, once the ledger was pruned. No content.",
  },
  idempotency_key: {
    fate: "kept",
    why: "Whoever repeats a request is answered as before. The answer is kept without content, for a day.",
  },
};
