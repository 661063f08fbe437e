import { getChat, holdChat } from "@lethe/core";
import { expect } from "vitest";
import { bulkDeletionPreviewSchema, bulkDeletionSchema } from "../schemas/index.ts";
import { nobody, type ParityCase } from "./caller.ts";
import { openSockets, writeChat } from "./world.ts";

/** Deleting sets of chats. */
export const bulkCases: ParityCase[] = [
  {
    name: "deletes a set of chats and tells what became of each mention",
    status: 200,
    given: async ({ context, strangers, keys }) => {
      const [one, live, other] = [
        await writeChat(context, { messages: 2 }),
        await writeChat(context),
        await writeChat(context),
      ];
      const foreign = await writeChat(strangers);
      await openSockets(context, live.id, 2);
      const ids = [one.id.toUpperCase(), live.id, nobody, one.id, foreign.id, other.id];
      return {
        operation: "chat.bulkDelete",
        input: { chat_ids: ids },
        apiKey: keys.deleting,
        verify: async ({ body }) => {
          const { data, counts } = bulkDeletionSchema.strict().parse(body);
          expect(data).toMatchObject([
            {
              chat_id: one.id,
              outcome: "deleted",
              message_count: 2,
              erased_at: data[0]?.deleted_at,
              receipt: expect.any(String),
            },
            { chat_id: live.id, outcome: "active_connections", active_connections: 2 },
            { chat_id: nobody, outcome: "not_found" },
            { chat_id: one.id, outcome: "not_found" },
            { chat_id: foreign.id, outcome: "not_found" },
            { chat_id: other.id, outcome: "deleted", message_count: 0 },
          ]);
          expect(counts).toEqual({
            deleted: 2,
            not_found: 3,
            active_connections: 1,
            on_hold: 0,
            changed: 0,
            failed: 0,
          });
          expect(await getChat(strangers, { chatId: foreign.id })).toBeDefined();
          await expect(getChat(context, { chatId: one.id })).rejects.toMatchObject({ code: "NOT_FOUND" });
        },
      };
    },
  },
  {
    name: "tells what would become of each mention, and changes nothing",
    status: 200,
    given: async ({ context, strangers, keys }) => {
      const [one, live, held] = [
        await writeChat(context, { messages: 2 }),
        await writeChat(context),
        await writeChat(context),
      ];
      const foreign = await writeChat(strangers);
      await openSockets(context, live.id, 2);
      await holdChat(context, { chatId: held.id, reason: "Case 7" });
      const where = { tenantId: context.tenantId };
      const contents = () =>
        Promise.all([
          context.db.chat.findMany({ where, orderBy: { id: "asc" } }),
          context.db.event.count({ where }),
          context.db.deletion.count({ where }),
        ]);
      const before = await contents();
      return {
        operation: "chat.bulkDelete",
        input: { chat_ids: [one.id, live.id, nobody, one.id, foreign.id, held.id], dry_run: true },
        apiKey: keys.deleting,
        verify: async ({ body }) => {
          expect(bulkDeletionPreviewSchema.strict().parse(body)).toEqual({
            dry_run: true,
            data: [
              { chat_id: one.id, outcome: "would_be_deleted", message_count: 2 },
              { chat_id: live.id, outcome: "active_connections", active_connections: 2 },
              { chat_id: nobody, outcome: "not_found" },
              { chat_id: one.id, outcome: "not_found" },
              { chat_id: foreign.id, outcome: "not_found" },
              { chat_id: held.id, outcome: "on_hold" },
            ],
            counts: { would_be_deleted: 1, not_found: 3, active_connections: 1, on_hold: 1 },
          });
          expect(await contents()).toEqual(before);
        },
      };
    },
  },
  {
    name: "deletes what is open when forced",
    status: 200,
    given: async ({ context, keys }) => {
      const { id } = await writeChat(context);
      await openSockets(context, id, 1);
      return {
        operation: "chat.bulkDelete",
        input: { chat_ids: [id], force: true },
        apiKey: keys.all,
        verify: ({ body }) => expect(body).toMatchObject({ data: [{ outcome: "deleted" }] }),
      };
    },
  },
  {
    name: "deletes nothing of a set with an id that is none, and names its place",
    status: 400,
    code: "invalid_request",
    given: async ({ context, keys }) => {
      const { id } = await writeChat(context);
      return {
        operation: "chat.bulkDelete",
        input: { chat_ids: [id, "not-a-uuid"] },
        apiKey: keys.all,
        verify: async ({ body }) => {
          expect(body.errors).toMatchObject([{ field: "chat_ids.1" }]);
          expect(await getChat(context, { chatId: id })).toMatchObject({ id });
        },
      };
    },
  },
];
