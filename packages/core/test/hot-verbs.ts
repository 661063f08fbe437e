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
import { indexMessages } from "../src/messages/index-messages.ts";
import { actor, contextOf, store, tenantId } from "./grown-store.ts";

/** A verb, or a piece of work, that is asked for often. */
export type HotVerb = {
  name: string;
  /** Rows of tables and indexes that it looks at, at most, however many there are and each in one version. */
  rows: number;
  /** Sessions that it needs at once; 1 by default. */
  sessions?: 1 | 2;
  /** Makes what it is about, through another client, and answers what is to be measured. */
  prepare(db: Database, behind: Database): Promise<() => Promise<unknown>>;
};

/** What stands in the messages of one measurement alone: what is found by it does not grow with those before. */
const wordOf = (chatId: string) => chatId.replaceAll("-", "");

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
    const ids: string[] = [];
    for (let n = 0; n < count; n += 1) {
      const { id } = await createChat(contextOf(behind), { title: `chat ${randomUUID()}` });
      ids.push(id);
      const body = `hello ${wordOf(ids[0] ?? id)}`;
      await createMessage(contextOf(behind), { chatId: id, author: "Ada", body });
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
  // The first, so that they are planned in a store to which nothing was added since it was made.
  onChats("list", 330, 0, (ctx) => listChats(ctx, { limit: 50, state: "active" })),
  onChats("list the trash", 240, 0, (ctx) => listChats(ctx, { limit: 50, state: "trashed" })),
  onChats("list by creation", 300, 0, (ctx) =>
    listChats(ctx, { limit: 50, state: "active", sort: "created", order: "oldest_first" }),
  ),
  onChats("list what was not used of late", 260, 0, (ctx) =>
    listChats(ctx, { limit: 50, state: "active", updatedBefore: new Date(Date.now() - 8 * 86_400_000) }),
  ),
  onChats("delete", 12, 1, (ctx, [chatId]) => deleteChats(ctx.db, [request(chatId)])),
  onChats("delete 16", 220, 16, (ctx, ids) =>
    deleteChats(
      ctx.db,
      ids.map((id) => request(id)),
    ),
  ),
  onChats("preview", 5, 1, (ctx, chatIds) => previewBulkDelete(ctx, { chatIds, force: false })),
  onChats("trash", 10, 1, (ctx, [chatId]) => trashChat(ctx, { chatId })),
  onChats("trash 16", 120, 16, (ctx, chatIds) => bulkTrash(ctx, { chatIds })),
  onChats(
    "restore",
    12,
    1,
    (ctx, [chatId]) => restoreChat(ctx, { chatId }),
    (ctx, [chatId = ""]) => trashChat(ctx, { chatId }),
  ),
  onChats(
    "restore 16",
    170,
    16,
    (ctx, chatIds) => bulkRestore(ctx, { chatIds }),
    (ctx, chatIds) => bulkTrash(ctx, { chatIds }),
  ),
  onChats("get", 5, 1, (ctx, [chatId]) => getChat(ctx, { chatId })),
  onChats("get 16", 40, 1, (ctx, [chatId]) =>
    Promise.all(Array.from({ length: 16 }, () => getChat(ctx, { chatId }))),
  ),
  onChats("list some", 100, 16, (ctx, onlyChats) =>
    listChats({ ...ctx, onlyChats }, { limit: 50, state: "active", q: "chat" }),
  ),
  onChats(
    "list what is on hold",
    20,
    1,
    (ctx) => listChats(ctx, { limit: 50, state: "active", held: true }),
    async (ctx, [chatId = ""]) => {
      // Those of the measurements before.
      await ctx.db.chat.updateMany({ where: { tenantId, heldAt: { not: null } }, data: { heldAt: null } });
      await holdChat(ctx, { chatId, reason: "x" });
    },
  ),
  // In this store everything is open: more than is fetched and sorted. Where not many more are open all may be counted.
  onChats("list what is open", 4_700, 0, (ctx) => listChats(ctx, { limit: 50, state: "active", live: true })),
  onChats("export 16", 270, 16, async (ctx, chatIds) => {
    const { chunks } = await exportChats(ctx, { chats: { chatIds }, format: "json" });
    while (!(await chunks.next()).done);
  }),
  onChats("list messages", 5, 1, (ctx, [chatId]) => listMessages(ctx, { chatId, limit: 50 })),
  onChats(
    "search messages",
    45,
    1,
    // Both that there are: it ends by itself, and not when it has no more time, which is sooner on a busy machine.
    (ctx, [chatId]) => searchMessages(ctx, { q: wordOf(chatId), limit: 1, state: "active" }),
    async (ctx, [chatId = ""]) => {
      await createMessage(ctx, { chatId, author: "Ada", body: wordOf(chatId) });
      await ctx.db.$executeRaw`
        UPDATE message SET created_at = now() - interval '6 hours', terms = NULL
        WHERE tenant_id = ${tenantId}::uuid AND chat_id = ${chatId}::uuid AND seq = 2`;
      await indexMessages(ctx.db, tenantId, null, 1);
    },
  ),
  onChats("search in some", 90, 16, (ctx, onlyChats) =>
    searchMessages({ ...ctx, onlyChats }, { q: wordOf(onlyChats[0]), limit: 15, state: "active" }),
  ),
  onChats("list the ledger", 60, 0, (ctx) => listDeletions(ctx, { limit: 50 })),
  onChats("find in the ledger", 5, 0, (ctx) => listDeletions(ctx, { limit: 50, actorId: "nobody" })),
  onChats("send", 12, 1, (ctx, [chatId]) => createMessage(ctx, { chatId, author: "Ada", body: "hello" })),
  onChats("send 3", 15, 1, (ctx, [chatId]) =>
    Promise.all([1, 2, 3].map(() => createMessage(ctx, { chatId, author: "Ada", body: "hello" }))),
  ),
  onChats("send into 16", 120, 16, (ctx, ids) =>
    Promise.all(ids.map((chatId) => createMessage(ctx, { chatId, author: "Ada", body: "hello" }))),
  ),
  onChats("create", 6, 0, (ctx) => createChat(ctx, { title: "new" })),
  onChats("rename", 10, 1, (ctx, [chatId]) => renameChat(ctx, { chatId, title: "other" })),
  onChats("hold", 22, 1, async (ctx, [chatId]) => {
    await holdChat(ctx, { chatId, reason: "x" });
    await releaseHold(ctx, { chatId });
  }),
  onChats("connect", 10, 1, async (ctx, [chatId]) => {
    const connection = { chatId, connectionId: randomUUID() };
    await openConnection(ctx, { ...connection, gatewayId: store.gatewayId });
    await releaseConnection(ctx, connection);
  }),
  onChats(
    "recall",
    8,
    1,
    (ctx, [chatId]) => deleteChats(ctx.db, [request(chatId, chatId)]),
    (ctx, [chatId = ""]) => deleteChats(ctx.db, [request(chatId, chatId)]),
  ),
  onChats("contents", 8, 1, (ctx, [chatId]) =>
    readContents(ctx, { chatIds: [chatId], messages: [{ chatId, seq: 1 }] }),
  ),
];
