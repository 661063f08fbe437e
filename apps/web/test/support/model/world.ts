import { createHash, randomUUID } from "node:crypto";
import { z } from "zod";
import type { Caller } from "../caller.ts";
import { type Live, tryLive } from "../open-live.ts";
import { type Action, slots } from "./action.ts";
import type { Expected } from "./model.ts";

/** What a slot is in the real world. */
export type RealChat = {
  id: string;
  sockets: Live[];
  /** Of the last export: the ETag that came with it, the SHA-256 of its bytes, and how many messages it told. */
  exported: { etag: string; checksum: string } | null;
};

export type RealWorld = {
  callers: readonly [Caller, Caller];
  chats: RealChat[];
  /** Has the purge of a chat in the trash fall due, and purges. */
  purge: (chatId: string) => Promise<void>;
};

export const createRealWorld = (
  callers: readonly [Caller, Caller],
  purge: RealWorld["purge"],
): RealWorld => ({
  callers,
  chats: Array.from({ length: slots }, () => ({ id: randomUUID(), sockets: [], exported: null })),
  purge,
});

const problem = z.object({ code: z.string() });
const outcomes = z.object({ data: z.array(z.object({ chat_id: z.string(), outcome: z.string() })) });
const deletion = z.object({ export_checksum: z.string().nullable() });

/** Does it, and says what was answered. Throws what no model needs to know: a checksum that is not the file's. */
export async function perform(world: RealWorld, action: Action): Promise<Expected> {
  const caller = world.callers[action.server];
  if ("slots" in action) return performOnSet(world, caller, action);
  const chat = chatOf(world, action.slot);
  const path = `/chats/${chat.id}`;
  switch (action.kind) {
    case "create":
      return answered(await caller.send("POST", "/chats", { id: chat.id, title: "0" }));
    case "write":
      return answered(await caller.send("POST", `${path}/messages`, { author: "Ada", body: "Hello" }));
    case "rename": {
      const title = String(Number((await caller.getChat(chat.id))?.title ?? 0) + 1);
      return answered(await caller.send("PATCH", path, { title }));
    }
    case "connect": {
      const live = await tryLive(caller.url, chat.id, { headers: { "X-API-Key": caller.apiKey } });
      if ("status" in live) return { status: live.status, code: problem.parse(JSON.parse(live.body)).code };
      chat.sockets.push(live);
      return { status: 101 };
    }
    case "disconnect":
      await Promise.all(chat.sockets.splice(0).map((live) => live.leave()));
      return { status: 200 };
    case "trash":
    case "restore": {
      const answer = await answered(await caller.send("POST", `${path}/${action.kind}`));
      if (action.kind === "trash") await sentAway(chat);
      return answer;
    }
    case "hold":
      return answered(await caller.send("PUT", `${path}/hold`, { reason: "To be kept" }));
    case "release":
      return answered(await caller.send("DELETE", `${path}/hold`));
    case "export":
      return exportChat(caller, chat, action.format);
    case "purge":
      await world.purge(chat.id);
      return { status: 200 };
    case "delete":
      return deleteChat(caller, chat, action);
  }
}

function chatOf(world: RealWorld, slot: number): RealChat {
  const chat = world.chats[slot];
  if (!chat) throw new Error(`There is no slot ${slot}`);
  return chat;
}

async function answered(answer: Response): Promise<Expected> {
  const body: unknown = await answer.json();
  return answer.ok ? { status: answer.status } : { status: answer.status, code: problem.parse(body).code };
}

/** The server closes what was connected to a chat that has gone or is in the trash. */
async function sentAway(chat: RealChat): Promise<void> {
  await Promise.all(chat.sockets.splice(0).map(({ closed }) => closed));
}

async function performOnSet(
  world: RealWorld,
  caller: Caller,
  action: Extract<Action, { slots: number[] }>,
): Promise<Expected> {
  const chats = action.slots.map((slot) => chatOf(world, slot));
  const path = { bulkDelete: "bulk-delete", bulkTrash: "bulk-trash", bulkRestore: "bulk-restore" }[
    action.kind
  ];
  const body = {
    chat_ids: chats.map(({ id }) => id),
    ...(action.kind === "bulkDelete" && { force: action.force }),
  };
  const answer = await caller.send("POST", `/chats/${path}`, body);
  const told = outcomes.parse(await answer.json()).data;
  if (told.some(({ chat_id }, index) => chat_id !== chats[index]?.id)) throw new Error("Told of other chats");
  for (const [index, { outcome }] of told.entries()) {
    const chat = chats[index];
    if (chat && ["deleted", "trashed"].includes(outcome)) await sentAway(chat);
  }
  return { status: answer.status, outcomes: told.map(({ outcome }) => outcome) };
}

async function exportChat(caller: Caller, chat: RealChat, format: string): Promise<Expected> {
  const answer = await caller.send("GET", `/chats/${chat.id}/export?format=${format}`);
  if (!answer.ok) return answered(answer);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const checksum = createHash("sha256").update(bytes).digest("hex");
  chat.exported = { etag: answer.headers.get("etag") ?? "", checksum };
  return { status: answer.status };
}

async function deleteChat(
  caller: Caller,
  chat: RealChat,
  { force, match }: Extract<Action, { kind: "delete" }>,
): Promise<Expected> {
  const now = await caller.send("GET", `/chats/${chat.id}`);
  await now.arrayBuffer();
  const current = now.headers.get("etag") ?? '"none"';
  const named = { none: undefined, current, exported: chat.exported?.etag ?? '"never"' }[match];
  const headers = named === undefined ? {} : { "If-Match": named };
  const answer = await caller.send("DELETE", `/chats/${chat.id}?force=${force}`, undefined, headers);
  if (!answer.ok) return answered(answer);
  await sentAway(chat);
  const told = deletion.parse(await answer.json()).export_checksum;
  const expected = chat.exported?.etag === current ? chat.exported.checksum : null;
  if (told !== expected) throw new Error(`The deletion tells of the export ${told}, not of ${expected}`);
  return { status: answer.status };
}
