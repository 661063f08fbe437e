import { z } from "zod";
import type { Caller } from "../caller.ts";
import type { Model } from "./model.ts";
import type { RealWorld } from "./world.ts";

const chatSchema = z.object({
  id: z.string(),
  title: z.string(),
  message_count: z.int(),
  version: z.int(),
  active_connections: z.int(),
  trashed_at: z.string().nullable(),
  purge_at: z.string().nullable(),
  hold: z.object({ reason: z.string() }).nullable(),
  last_export: z.object({ version: z.int(), checksum: z.string() }).nullable(),
});
const pageSchema = z.object({
  data: z.array(z.object({ id: z.string() })),
  next_cursor: z.string().nullable(),
});
const ledgerSchema = z.object({ data: z.array(z.object({ chat_id: z.string() })) });

/** Everything that the API shows of the world's chats, through one server. */
export async function showReal({ chats }: RealWorld, caller: Caller) {
  const [active, trashed, ledger] = await Promise.all([
    idsIn(caller, "/chats?limit=100"),
    idsIn(caller, "/chats?limit=100&state=trashed"),
    caller
      .send("GET", "/deletions?limit=100")
      .then(async (answer) => ledgerSchema.parse(await answer.json())),
  ]);
  return Promise.all(
    chats.map(async ({ id, exported }) => {
      const answer = await caller.send("GET", `/chats/${id}`);
      const messages = await caller.send("GET", `/chats/${id}/messages?limit=100`);
      const page: unknown = await messages.json();
      const listed = [active.includes(id) && "active", trashed.includes(id) && "trashed"].filter(Boolean);
      const deletions = ledger.data.filter(({ chat_id }) => chat_id === id).length;
      if (!answer.ok) return { status: answer.status, messages: messages.status, listed, deletions };
      const chat = chatSchema.parse(await answer.json());
      return {
        status: answer.status,
        messages: z.object({ data: z.array(z.unknown()) }).parse(page).data.length,
        listed,
        deletions,
        title: chat.title,
        count: chat.message_count,
        version: chat.version,
        etag: answer.headers.get("etag"),
        sockets: chat.active_connections,
        trashed: chat.trashed_at !== null && chat.purge_at !== null,
        held: chat.hold !== null,
        exported: chat.last_export?.version ?? null,
        checksum: chat.last_export?.checksum === exported?.checksum,
      };
    }),
  );
}

/** The same as the model has it. */
export const showModel = (model: Model) =>
  model.slots.map((slot) => {
    if (slot.state !== "there") {
      return { status: 404, messages: 404, listed: [], deletions: slot.state === "gone" ? 1 : 0 };
    }
    const { chat } = slot;
    return {
      status: 200,
      messages: chat.messages,
      listed: [chat.trashed ? "trashed" : "active"],
      deletions: 0,
      title: String(chat.renamed),
      count: chat.messages,
      version: chat.version,
      etag: `"${chat.version}"`,
      sockets: chat.sockets,
      trashed: chat.trashed,
      held: chat.held,
      exported: chat.exported,
      checksum: true,
    };
  });

async function idsIn(caller: Caller, path: string): Promise<string[]> {
  const answer = await caller.send("GET", path);
  return pageSchema.parse(await answer.json()).data.map(({ id }) => id);
}
