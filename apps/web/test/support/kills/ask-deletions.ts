import { z } from "zod";
import { createCaller } from "../caller.ts";
import type { KeptServer } from "./kept-server.ts";
import type { TrackedChat } from "./seed-chats.ts";

const answerSchema = z.object({ success: z.literal(true), deletion_id: z.string() });

export type Asking = {
  /** Asks a server, chosen at random among those that serve, to delete the chat. Never throws. */
  ask: (chat: TrackedChat) => Promise<void>;
  /** Deletions asked for and not answered yet. */
  open: () => number;
  /** How often each status was answered; `broken` where no answer came, `unsent` where no server was there. */
  answers: Map<string, number>;
};

/** A caller that asks once for each deletion and writes down what is answered. */
export function createAsking(servers: readonly KeptServer[], apiKey: string): Asking {
  const answers = new Map<string, number>();
  let open = 0;

  async function send(chat: TrackedChat): Promise<string> {
    const urls = servers.flatMap((server) => server.url() ?? []);
    const url = urls[Math.floor(Math.random() * urls.length)];
    if (url === undefined) return "unsent";
    chat.asked = true;
    const answer = await createCaller(url, apiKey).send("DELETE", `/chats/${chat.id}`);
    const body: unknown = await answer.json();
    if (answer.status === 200) chat.deletionId = answerSchema.parse(body).deletion_id;
    return `${answer.status}`;
  }

  return {
    ask: async (chat) => {
      open += 1;
      const answer = await send(chat).catch(() => "broken");
      open -= 1;
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    },
    open: () => open,
    answers,
  };
}
