import { randomUUID } from "node:crypto";
import type { Database } from "@lethe/db";
import {
  bulkRestore,
  bulkTrash,
  type Context,
  createChat,
  createMessage,
  deleteChats,
  exportChats,
  getChat,
  holdChat,
  listChats,
  listDeletions,
  listMessages,
  openConnection,
  previewBulkDelete,
  readContents,
  releaseConnection,
  releaseHold,
  renameChat,
  restoreChat,
  searchMessages,
  trashChat,
} from "../src/index.ts";
import { actor, contextOf, store, tenantId } from "./grown-store.ts";

/** A verb, or a piece of work, that is asked for often. */
export type HotVerb = {
  name: string;
  /** Rows of tables and indexes that it looks at, at most, however many there are and each in one version. */
  rows: number;
  /** Makes what it is about, through another client, and answers what is to be measured. */
  prepare(db: Database, behind: Database): Promise<() => Promise<unknown>>;
};

const onChats = (
  name: string,
  rows: number,
  count: number,
  run: (ctx: Context, chatIds: [string, ...string[]]) => Promise<unknown>,
  before?: (ctx: Context, chatIds: string[]) => Promise<unknown>,
): HotVerb => ({
  name,
  rows,
  async prepare(db, behind) {
    const ids = [];
    for (let n = 0; n < count; n += 1) {
      const { id } = await createChat(contextOf(behind), { title: `chat ${randomUUID()}` });
      await createMessage(contextOf(behind), { chatId: id, author: "Ada", body: "hello" });
      ids.push(id);
    }
    const [first = "", ...others] = ids;
    await before?.(contextOf(behind), ids);
    return () => run(contextOf(db), [first, ...others]);
  },
});
const request = (chatId: string, deletionId?: string) => ({
  tenantId,
  chatId,
  force: false,
  actor,
  deletionId,
});

/** What people and programs ask of chats. */
export const chatVerbs: readonly HotVerb[] = [
  onChats("delete", 20, 1, (ctx, [chatId]) => deleteChats(ctx.db, [request(chatId)])),
  onChats("delete 16", 250, 16, (ctx, ids) =>
    deleteChats(
      ctx.db,
      ids.map((id) => request(id)),
    ),
  ),
  onChats("preview", 10, 1, (ctx, chatIds) => previewBulkDelete(ctx, { chatIds, force: false })),
  onChats("trash", 15, 1, (ctx, [chatId]) => trashChat(ctx, { chatId })),
  onChats("trash 16", 150, 16, (ctx, chatIds) => bulkTrash(ctx, { chatIds })),
  onChats(
    "restore",
    15,
    1,
    (ctx, [chatId]) => restoreChat(ctx, { chatId }),
    (ctx, [chatId = ""]) => trashChat(ctx, { chatId }),
  ),
  onChats(
    "restore 16",
    150,
    16,
    (ctx, chatIds) => bulkRestore(ctx, { chatIds }),
    (ctx, chatIds) => bulkTrash(ctx, { chatIds }),
  ),
  onChats("get", 10, 1, (ctx, [chatId]) => getChat(ctx, { chatId })),
  onChats("get 16", 100, 1, (ctx, [chatId]) =>
    Promise.all(Array.from({ length: 16 }, () => getChat(ctx, { chatId }))),
  ),
  onChats("list", 400, 0, (ctx) => listChats(ctx, { limit: 50, state: "active" })),
  onChats("list the trash", 500, 0, (ctx) => listChats(ctx, { limit: 50, state: "trashed" })),
  onChats("list by creation", 400, 0, (ctx) =>
    listChats(ctx, { limit: 50, state: "active", sort: "created", order: "oldest_first" }),
  ),
  onChats("list some", 100, 16, (ctx, onlyChats) =>
    listChats({ ...ctx, onlyChats }, { limit: 50, state: "active", q: "chat" }),
  ),
  onChats("list what was not used of late", 400, 0, (ctx) =>
    listChats(ctx, { limit: 50, state: "active", updatedBefore: new Date(Date.now() - 8 * 86_400_000) }),
  ),
  onChats(
    "list what is on hold",
    100,
    1,
    (ctx) => listChats(ctx, { limit: 50, state: "active", held: true }),
    async (ctx, [chatId = ""]) => holdChat(ctx, { chatId, reason: "x" }),
  ),
  // In this store everything is open: more than is fetched and sorted.
  onChats("list what is open", 2_500, 0, (ctx) => listChats(ctx, { limit: 50, state: "active", live: true })),
  onChats("export 16", 200, 16, async (ctx, chatIds) => {
    const { chunks } = await exportChats(ctx, { chats: { chatIds }, format: "json" });
    while (!(await chunks.next()).done);
  }),
  onChats("list messages", 10, 1, (ctx, [chatId]) => listMessages(ctx, { chatId, limit: 50 })),
  onChats(
    "search messages",
    700,
    1,
    (ctx) => searchMessages(ctx, { q: "needle", limit: 50, state: "active" }),
    (ctx, [chatId = ""]) => createMessage(ctx, { chatId, author: "Ada", body: "a needle" }),
  ),
  onChats("search in some", 900, 16, (ctx, onlyChats) =>
    searchMessages({ ...ctx, onlyChats }, { q: "hello", limit: 50, state: "active" }),
  ),
  onChats("list the ledger", 80, 0, (ctx) => listDeletions(ctx, { limit: 50 })),
  onChats("find in the ledger", 80, 0, (ctx) => listDeletions(ctx, { limit: 50, actorId: "nobody" })),
  onChats("send", 10, 1, (ctx, [chatId]) => createMessage(ctx, { chatId, author: "Ada", body: "hello" })),
  onChats("send 3", 20, 1, (ctx, [chatId]) =>
    Promise.all([1, 2, 3].map(() => createMessage(ctx, { chatId, author: "Ada", body: "hello" }))),
  ),
  onChats("send into 16", 200, 16, (ctx, ids) =>
    Promise.all(ids.map((chatId) => createMessage(ctx, { chatId, author: "Ada", body: "hello" }))),
  ),
  onChats("create", 10, 0, (ctx) => createChat(ctx, { title: "new" })),
  onChats("rename", 10, 1, (ctx, [chatId]) => renameChat(ctx, { chatId, title: "other" })),
  onChats("hold", 15, 1, async (ctx, [chatId]) => {
    await holdChat(ctx, { chatId, reason: "x" });
    await releaseHold(ctx, { chatId });
  }),
  onChats("connect", 100, 1, async (ctx, [chatId]) => {
    const connection = { chatId, connectionId: randomUUID() };
    await openConnection(ctx, { ...connection, gatewayId: store.gatewayId });
    await releaseConnection(ctx, connection);
  }),
  onChats(
    "recall",
    10,
    1,
    (ctx, [chatId]) => deleteChats(ctx.db, [request(chatId, chatId)]),
    (ctx, [chatId = ""]) => deleteChats(ctx.db, [request(chatId, chatId)]),
  ),
  onChats("contents", 10, 1, (ctx, [chatId]) =>
    readContents(ctx, { chatIds: [chatId], messages: [{ chatId, seq: 1 }] }),
  ),
];
