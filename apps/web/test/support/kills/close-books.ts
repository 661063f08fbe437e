import type { Database } from "@lethe/db";
import { z } from "zod";
import { type Caller, createCaller } from "../caller.ts";
import type { Arena } from "./arena.ts";
import { judgeChats } from "./judge-chats.ts";
import type { TrackedChat } from "./seed-chats.ts";
import { persist, until } from "./until.ts";

const pageSchema = z.object({
  data: z.array(z.object({ id: z.string() })),
  next_cursor: z.string().nullable(),
});

export type CloseBooks = {
  arena: Arena;
  tenantId: string;
  apiKey: string;
  /** Settled when every deletion was answered or broken off. */
  asked: Promise<void>[];
  chats: readonly TrackedChat[];
  erasedWithinMs: number;
};

/**
 * After the last kill: lets everything settle, asks once more for what was not acknowledged, waits until
 * all is erased, and compares what is left with what was asked for, row by row and through the API.
 */
export async function closeBooks({ arena, tenantId, apiKey, asked, chats, erasedWithinMs }: CloseBooks) {
  const lastKill = performance.now();
  const { db, servers } = arena;
  await Promise.all(asked);
  await until("all servers serve again", 180_000, () => servers.every((server) => server.url()));
  const settled = await persist(() => judgeChats(db, tenantId, chats));
  const violations = [...settled.violations];

  const caller = createCaller(servers[0]?.url() ?? "", apiKey);
  const unacknowledged = { whole: 0, gone: 0 };
  for (const chat of chats.filter((one) => one.asked && one.deletionId === null)) {
    const isWhole = settled.states.get(chat.id) === "whole";
    unacknowledged[isWhole ? "whole" : "gone"] += 1;
    const status = await caller.deleteChat(chat.id);
    if (status !== (isWhole ? 200 : 404)) violations.push(`asked again for ${chat.id}: ${status}`);
  }

  await until("all is erased", erasedWithinMs, async () => (await countPending(db)) === 0);
  const erasedAfter = (performance.now() - lastKill) / 1_000;

  const final = await judgeChats(db, tenantId, chats);
  violations.push(...final.violations);
  const whole = chats.filter(({ id }) => final.states.get(id) === "whole");
  const unasked = chats.filter((chat) => !chat.asked);
  if (whole.length !== unasked.length) {
    violations.push(`${whole.length} chats are whole, ${unasked.length} were never asked for`);
  }
  const gone = chats.length - whole.length;
  const expected = {
    chat: whole.length,
    transcript: whole.length,
    message: whole.reduce((sum, { messages }) => sum + messages, 0),
    deletion: gone,
    told: gone,
  };
  const found = await countRows(db, tenantId);
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    violations.push(`the tables hold ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
  }
  const listed = await listIds(caller);
  if (listed.length !== whole.length || whole.some(({ id }) => !listed.includes(id))) {
    violations.push(`the list shows ${listed.length} chats, ${whole.length} are whole`);
  }
  return { unacknowledged, erasedAfter, violations };
}

/** Deleted chats whose rows are still to be erased, in all tenants. */
export const countPending = (db: Database): Promise<number> =>
  db.deletion.count({ where: { erasedAt: null } });

async function countRows(db: Database, tenantId: string) {
  const where = { tenantId };
  const [chat, transcript, message, deletion, told] = await db.$transaction([
    db.chat.count({ where }),
    db.transcript.count({ where }),
    db.message.count({ where }),
    db.deletion.count({ where }),
    db.event.count({ where: { tenantId, type: "chat.deleted" } }),
  ]);
  return { chat, transcript, message, deletion, told };
}

async function listIds(caller: Caller): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await caller.send("GET", `/chats?limit=100${query}`);
    const page = pageSchema.parse(await answer.json());
    ids.push(...page.data.map(({ id }) => id));
    cursor = page.next_cursor;
  }
  return ids;
}
