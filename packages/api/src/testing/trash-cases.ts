import {
  bulkTrash,
  type Context,
  createMessage,
  deleteChat,
  getChat,
  holdChat,
  listChats,
  listMessages,
  renameChat,
  trashChat,
} from "@lethe/core";
import { expect } from "vitest";
import {
  bulkRestoreSchema,
  bulkTrashSchema,
  changedChatSchema,
  chatPageSchema,
  deletionPreviewSchema,
} from "../schemas/index.ts";
import { nobody, type ParityCase } from "./caller.ts";
import { createWorld, type World, writeChat } from "./world.ts";

async function trashed({ context }: World, messages = 2) {
  const chat = await writeChat(context, { messages });
  return trashChat(context, { chatId: chat.id });
}

const isActive = async (context: Context, chatId: string) =>
  (await listChats(context, { limit: 100, state: "active" })).items.some(({ id }) => id === chatId);

/** Moving chats into the trash and out of it. */
export const trashCases: ParityCase[] = [
  {
    name: "moves a chat into the trash, and says who, when and until when",
    status: 200,
    given: async ({ context, keys }) => {
      const { id, version } = await writeChat(context, { messages: 1 });
      return {
        operation: "chat.trash",
        input: { chat_id: id.toUpperCase(), if_version: version },
        apiKey: keys.deleting,
        verify: async ({ body }) => {
          const chat = changedChatSchema.strict().parse(body);
          expect(chat).toMatchObject({ id, version: version + 1, trashed_by: { kind: "api_key" } });
          const days = (Date.parse(chat.purge_at ?? "") - Date.parse(chat.trashed_at ?? "")) / 86_400_000;
          expect(days).toBe(30);
          expect(await isActive(context, id)).toBe(false);
        },
      };
    },
  },
  {
    name: "moves a chat into the trash once, whatever version is asked for then",
    status: 200,
    given: async (world) => {
      const { id, version } = await trashed(world);
      return {
        operation: "chat.trash",
        input: { chat_id: id, if_version: 1 },
        apiKey: world.keys.all,
        verify: ({ body }) => expect(body).toMatchObject({ version }),
      };
    },
  },
  {
    name: "moves no chat into the trash that has changed since",
    status: 412,
    code: "version_mismatch",
    given: async ({ context, keys }) => {
      const { id, version } = await writeChat(context, { messages: 1 });
      return {
        operation: "chat.trash",
        input: { chat_id: id, if_version: 1 },
        apiKey: keys.all,
        verify: ({ body }) => expect(body).toMatchObject({ version }),
      };
    },
  },
  {
    name: "lists what is in the trash, what was put there last first",
    status: 200,
    given: async (world) => {
      const own = await createWorld(world.db);
      const [first, last] = [await trashed(own), await trashed(own)];
      await writeChat(own.context);
      return {
        operation: "chat.list",
        input: { state: "trashed" },
        apiKey: own.keys.reading,
        verify: ({ body }) => {
          const page = chatPageSchema.strict().parse(body);
          expect(page.data.map(({ id }) => id)).toEqual([last.id, first.id]);
        },
      };
    },
  },
  {
    name: "takes a chat out of the trash as it was",
    status: 200,
    given: async (world) => {
      const chat = await trashed(world);
      return {
        operation: "chat.restore",
        input: { chat_id: chat.id },
        apiKey: world.keys.all,
        verify: async ({ body }) => {
          expect(changedChatSchema.strict().parse(body)).toMatchObject({
            title: chat.title,
            message_count: 2,
            updated_at: chat.updatedAt.toISOString(),
            trashed_at: null,
            trashed_by: null,
            purge_at: null,
            version: chat.version + 1,
          });
          expect(await isActive(world.context, chat.id)).toBe(true);
        },
      };
    },
  },
  {
    name: "leaves a chat as it is that is not in the trash",
    status: 200,
    given: async ({ context, keys }) => {
      const { id, version } = await writeChat(context);
      return {
        operation: "chat.restore",
        input: { chat_id: id },
        apiKey: keys.all,
        verify: ({ body }) => expect(body).toMatchObject({ id, version, trashed_at: null }),
      };
    },
  },
  {
    name: "renames no chat in the trash",
    status: 409,
    code: "chat_trashed",
    given: async (world) => {
      const { id, title } = await trashed(world);
      return {
        operation: "chat.rename",
        input: { chat_id: id, title: "Too late" },
        apiKey: world.keys.all,
        verify: async () => expect(await getChat(world.context, { chatId: id })).toMatchObject({ title }),
      };
    },
  },
  {
    name: "writes no message into the trash",
    status: 409,
    code: "chat_trashed",
    given: async (world) => {
      const { id } = await trashed(world);
      return {
        operation: "message.create",
        input: { chat_id: id, author: "Ada", body: "too late" },
        apiKey: world.keys.all,
        verify: async () =>
          expect((await listMessages(world.context, { chatId: id, limit: 9 })).items).toHaveLength(2),
      };
    },
  },
  {
    name: "reads the messages of a chat in the trash",
    status: 200,
    given: async (world) => ({
      operation: "message.list",
      input: { chat_id: (await trashed(world)).id },
      apiKey: world.keys.reading,
      verify: ({ body }) => expect(body.data).toHaveLength(2),
    }),
  },
  {
    name: "deletes a chat in the trash for good",
    status: 200,
    given: async (world) => ({
      operation: "chat.delete",
      input: { chat_id: (await trashed(world)).id },
      apiKey: world.keys.all,
      verify: ({ body }) => expect(body).toMatchObject({ message_count: 2 }),
    }),
  },
  {
    name: "moves a set into the trash, with an outcome for every id",
    status: 200,
    given: async (world) => {
      const { id } = await writeChat(world.context);
      const { id: theirs } = await writeChat(world.strangers);
      const already = await trashed(world);
      return {
        operation: "chat.bulkTrash",
        input: { chat_ids: [id, nobody, already.id, id.toUpperCase(), theirs] },
        apiKey: world.keys.deleting,
        verify: async ({ body }) => {
          const { data } = bulkTrashSchema.strict().parse(body);
          expect(data.map(({ chat_id, outcome }) => [chat_id, outcome])).toEqual([
            [id, "trashed"],
            [nobody, "not_found"],
            [already.id, "trashed"],
            [id, "trashed"],
            [theirs, "not_found"],
          ]);
          expect(data[0]?.chat).toMatchObject({ id, version: 2 });
          expect(data[2]?.chat?.version).toBe(already.version);
          expect((await getChat(world.strangers, { chatId: theirs })).trashedAt).toBeNull();
        },
      };
    },
  },
  {
    name: "takes a set out of the trash, with an outcome for every id",
    status: 200,
    given: async ({ context, keys }) => {
      const chats = [await writeChat(context), await writeChat(context)];
      const [first, second] = chats.map(({ id }) => id);
      await bulkTrash(context, { chatIds: [first ?? ""] });
      return {
        operation: "chat.bulkRestore",
        input: { chat_ids: [second, nobody, first] },
        apiKey: keys.deleting,
        verify: ({ body }) => {
          const { data } = bulkRestoreSchema.strict().parse(body);
          expect(data.map(({ outcome, chat }) => [outcome, chat?.version])).toEqual([
            ["restored", 1],
            ["not_found", undefined],
            ["restored", 3],
          ]);
        },
      };
    },
  },
  {
    name: "puts a chat that is on hold into the trash",
    status: 200,
    given: async ({ context, keys }) => {
      const { id } = await writeChat(context);
      await holdChat(context, { chatId: id, reason: "Case 7" });
      await renameChat(context, { chatId: id, title: "On hold" });
      await createMessage(context, { chatId: id, author: "Ada", body: "still open" });
      return {
        operation: "chat.trash",
        input: { chat_id: id },
        apiKey: keys.all,
        verify: ({ body }) => expect(body).toMatchObject({ hold: { reason: "Case 7" } }),
      };
    },
  },
  {
    name: "tells what a shorter time in the trash would delete, and deletes nothing",
    status: 200,
    given: async ({ context, strangers, keys }) => {
      const [old, recent] = [await writeChat(context), await writeChat(context)];
      const foreign = await writeChat(strangers);
      for (const [ctx, { id: chatId }] of [
        [context, old],
        [context, recent],
        [strangers, foreign],
      ] as const)
        await trashChat(ctx, { chatId });
      for (const [{ tenantId }, { id }] of [
        [context, old],
        [strangers, foreign],
      ] as const)
        await context.db.chat.update({
          where: { tenantId_id: { tenantId, id } },
          data: { trashedAt: new Date(Date.now() - 8 * 86_400_000) },
        });
      return {
        operation: "settings.previewTrash",
        input: { trash_retention_days: 7 },
        apiKey: keys.reading,
        verify: async ({ body }) => {
          const { matched, sample } = deletionPreviewSchema.strict().parse(body);
          expect({ matched, sample }).toMatchObject({ matched: 1, sample: [{ id: old.id }] });
          for (const { id } of [old, recent]) await deleteChat(context, { chatId: id, force: true });
        },
      };
    },
  },
];
