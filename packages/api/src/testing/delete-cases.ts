import { deleteChat, getChat, listMessages } from "@lethe/core";
import { expect } from "vitest";
import { deletionSchema } from "../schemas/index.ts";
import { nobody, type ParityCase } from "./caller.ts";
import { openSockets, type World, writeChat } from "./world.ts";

async function expectGone({ context, db }: World, chatId: string): Promise<void> {
  await expect(getChat(context, { chatId })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(listMessages(context, { chatId, limit: 1 })).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await db.message.count({ where: { tenantId: context.tenantId, chatId } })).toBe(0);
}

const expectStill = async ({ context }: World, chatId: string, messageCount: number) =>
  expect(await getChat(context, { chatId })).toMatchObject({ id: chatId, messageCount });

/** Deleting: the job that the rest is here for. */
export const deleteCases: ParityCase[] = [
  {
    name: "deletes a chat and all its messages",
    status: 200,
    given: async (world) => {
      const { id } = await writeChat(world.context, { messages: 3 });
      return {
        operation: "chat.delete",
        input: { chat_id: id },
        apiKey: world.keys.deleting,
        verify: async ({ body }) => {
          const deletion = deletionSchema.strict().parse(body);
          expect(deletion.message_count).toBe(3);
          expect(Math.abs(Date.now() - Date.parse(deletion.deleted_at))).toBeLessThan(60_000);
          const where = { tenantId: world.context.tenantId, id: deletion.deletion_id };
          expect(await world.db.deletion.findFirst({ where })).toMatchObject({ chatId: id, messageCount: 3 });
          await expectGone(world, id);
        },
      };
    },
  },
  {
    name: "deletes a chat by its id in upper case",
    status: 200,
    given: async (world) => {
      const { id } = await writeChat(world.context);
      return {
        operation: "chat.delete",
        input: { chat_id: id.toUpperCase() },
        apiKey: world.keys.all,
        verify: () => expectGone(world, id),
      };
    },
  },
  {
    name: "deletes no chat twice",
    status: 404,
    code: "chat_not_found",
    given: async ({ context, keys }) => {
      const { id } = await writeChat(context);
      await deleteChat(context, { chatId: id, force: false });
      return { operation: "chat.delete", input: { chat_id: id }, apiKey: keys.all };
    },
  },
  {
    name: "deletes no chat that never was, force or not",
    status: 404,
    code: "chat_not_found",
    given: async ({ keys }) => ({
      operation: "chat.delete",
      input: { chat_id: nobody, force: true },
      apiKey: keys.all,
    }),
  },
  {
    name: "deletes no chat that others are connected to, and says how many they are",
    status: 409,
    code: "active_connections",
    given: async (world) => {
      const { id } = await writeChat(world.context, { messages: 2 });
      await openSockets(world.context, id, 2);
      return {
        operation: "chat.delete",
        input: { chat_id: id, force: false },
        apiKey: world.keys.all,
        verify: async ({ body, retryAfter }) => {
          expect(body).toMatchObject({ active_connections: 2 });
          expect(Number(retryAfter)).toBeGreaterThan(0);
          await expectStill(world, id, 2);
        },
      };
    },
  },
  {
    name: "deletes a chat in spite of connections when forced",
    status: 200,
    given: async (world) => {
      const { id } = await writeChat(world.context, { messages: 1 });
      await openSockets(world.context, id, 2);
      return {
        operation: "chat.delete",
        input: { chat_id: id, force: true },
        apiKey: world.keys.all,
        verify: () => expectGone(world, id),
      };
    },
  },
  {
    name: "deletes a chat that is still the one that was seen",
    status: 200,
    given: async (world) => {
      const { id, version } = await writeChat(world.context, { messages: 1 });
      return {
        operation: "chat.delete",
        input: { chat_id: id, if_version: version },
        apiKey: world.keys.all,
        verify: () => expectGone(world, id),
      };
    },
  },
  {
    name: "deletes no chat that was written to since, connected to or not",
    status: 412,
    code: "version_mismatch",
    given: async (world) => {
      const { id } = await writeChat(world.context, { messages: 1 });
      await openSockets(world.context, id, 1);
      return {
        operation: "chat.delete",
        input: { chat_id: id, if_version: 1, force: true },
        apiKey: world.keys.all,
        verify: async ({ body }) => {
          expect(body).toMatchObject({ version: 2 });
          await expectStill(world, id, 1);
        },
      };
    },
  },
];
