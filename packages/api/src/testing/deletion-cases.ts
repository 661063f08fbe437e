import { randomUUID } from "node:crypto";
import { deleteChat } from "@lethe/core";
import { expect } from "vitest";
import {
  deletionPageSchema,
  deletionSchema,
  deletionWithReceiptsSchema,
  ledgerPreviewSchema,
} from "../schemas/index.ts";
import { exportedFile, nobody, type ParityCase } from "./caller.ts";
import { createWorld, type World, writeChat, writeLongChat } from "./world.ts";

async function deleted({ context }: World, messages: number) {
  const { id } =
    messages > 100 ? await writeLongChat(context, messages) : await writeChat(context, { messages });
  const { id: deletionId } = await deleteChat(context, { chatId: id, force: true });
  return { chatId: id, deletionId };
}

/** The ledger. */
export const deletionCases: ParityCase[] = [
  {
    name: "deletes a long chat at once, says that its rows are still there, and reaches nothing of it",
    status: 200,
    given: async (world) => {
      const { id } = await writeLongChat(world.context, 1_000);
      return {
        operation: "chat.delete",
        input: { chat_id: id },
        apiKey: world.keys.all,
        verify: ({ body }) =>
          expect(deletionSchema.strict().parse(body)).toMatchObject({
            message_count: 1_000,
            erased_at: null,
          }),
      };
    },
  },
  {
    name: "gets a line of the ledger",
    status: 200,
    given: async (world) => {
      const { chatId, deletionId } = await deleted(world, 3);
      return {
        operation: "deletion.byId",
        input: { deletion_id: deletionId.toUpperCase() },
        apiKey: world.keys.reading,
        verify: ({ body }) => {
          const record = deletionWithReceiptsSchema.strict().parse(body);
          expect(record).toEqual({
            id: deletionId,
            chat_id: chatId,
            deleted_at: record.deleted_at,
            erased_at: record.deleted_at,
            state: "erased",
            message_count: 3,
            actor: { kind: world.context.actor.kind, id: world.context.actor.id, name: null },
            via: world.context.actor.via,
            forced: true,
            export_checksum: null,
            receipt: expect.any(String),
            final_receipt: record.receipt,
          });
        },
      };
    },
  },
  {
    name: "gets no line that is not there",
    status: 404,
    code: "deletion_not_found",
    given: async ({ keys }) => ({
      operation: "deletion.byId",
      input: { deletion_id: nobody },
      apiKey: keys.all,
    }),
  },
  {
    name: "gets no line of another tenant",
    status: 404,
    code: "deletion_not_found",
    given: async (world) => ({
      operation: "deletion.byId",
      input: { deletion_id: (await deleted(world, 1)).deletionId },
      apiKey: world.keys.strangers,
    }),
  },
  {
    name: "lists the ledger, newest deletion first, and nobody else's",
    status: 200,
    given: async (world) => {
      const own = await createWorld(world.db);
      await deleted(world, 1);
      const older = await deleted(own, 1);
      const newer = await deleted(own, 1);
      return {
        operation: "deletion.list",
        input: {},
        apiKey: own.keys.reading,
        verify: ({ body }) => {
          const page = deletionPageSchema.strict().parse(body);
          expect(page.data.map(({ id }) => id)).toEqual([newer.deletionId, older.deletionId]);
          expect(page.next_cursor).toBeNull();
        },
      };
    },
  },
  {
    name: "tells what fewer days of the ledger would prune, and prunes nothing",
    status: 200,
    given: async (world) => {
      const own = await createWorld(world.db);
      const { tenantId } = own.context;
      const [whole, broken] = [randomUUID(), randomUUID()];
      await world.db.ledgerExport.create({ data: { tenantId, id: whole, checksum: "", lines: 2 } });
      const lines = [
        { daysAgo: 40, exportedIn: whole },
        { daysAgo: 40, exportedIn: broken },
        { daysAgo: 50, exportedIn: null },
        // Of one whose messages are still being erased there is more to tell.
        { daysAgo: 50, exportedIn: whole, erasedAt: null },
        { daysAgo: 20, exportedIn: whole },
      ];
      for (const { daysAgo, ...line } of lines) {
        const { deletionId: id } = await deleted(own, 1);
        const deletedAt = new Date(Date.now() - daysAgo * 86_400_000);
        await world.db.deletion.update({
          where: { tenantId_id: { tenantId, id } },
          data: { deletedAt, erasedAt: deletedAt, ...line },
        });
      }
      return {
        operation: "settings.previewLedger",
        input: { ledger_retention_days: 30 },
        apiKey: own.keys.reading,
        verify: async ({ body }) => {
          const { matched, exported, complete } = ledgerPreviewSchema.strict().parse(body);
          expect({ matched, exported, complete }).toEqual({ matched: 4, exported: 1, complete: true });
          expect(await world.db.deletion.count({ where: { tenantId } })).toBe(lines.length);
        },
      };
    },
  },
  ...(["deletion.list", "deletion.export"] as const).map(
    (operation): ParityCase => ({
      name: `${operation} finds lines by chat, actor and time`,
      status: 200,
      given: async (world) => {
        const own = await createWorld(world.db);
        const lines = [await deleted(own, 1), await deleted(own, 1), await deleted(own, 1)];
        const [line] = lines;
        for (const [index, { deletionId }] of lines.entries())
          await own.context.db.deletion.update({
            where: { tenantId_id: { tenantId: own.context.tenantId, id: deletionId } },
            data: { deletedAt: new Date(`2026-02-0${index + 1}T12:00:00Z`), actorId: `=${index === 1}` },
          });
        return {
          operation,
          input: {
            chat_id: line?.chatId.toUpperCase(),
            actor_id: "=false",
            state: "erased",
            deleted_after: "2026-02-01T11:59:59Z",
            deleted_before: "2026-02-01T13:00:01+01:00",
          },
          apiKey: own.keys.reading,
          verify: ({ body }) => {
            if (operation === "deletion.list")
              return expect(deletionPageSchema.strict().parse(body).data).toMatchObject([
                { id: line?.deletionId },
              ]);
            const { text, filename, content_type } = exportedFile(body);
            expect(filename).toMatch(/^lethe-deletions-\d{4}-\d\d-\d\d\.csv$/);
            expect(content_type).toMatch(/^text\/csv/);
            const [names, cells, ...rest] = text.split("\r\n");
            expect(names).toMatch(/^deletion_id,chat_id,deleted_at,/);
            expect(cells).toContain(`${line?.deletionId},${line?.chatId},2026-02-01T12:00:00.000Z,`);
            expect(cells).toContain(",'=false,");
            expect(rest).toEqual([""]);
          },
        };
      },
    }),
  ),
  {
    name: "ends a page of the ledger where limit says",
    status: 200,
    given: async (world) => {
      for (const messages of [1, 2]) await deleted(world, messages);
      return {
        operation: "deletion.list",
        input: { limit: 1, state: "erased" },
        apiKey: world.keys.all,
        verify: ({ body }) => {
          const page = deletionPageSchema.parse(body);
          expect(page.data.map(({ message_count }) => message_count)).toEqual([2]);
          expect(page.next_cursor).toBeTypeOf("string");
        },
      };
    },
  },
];
