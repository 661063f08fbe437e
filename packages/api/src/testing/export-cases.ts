import { createHash } from "node:crypto";
import { deleteChat, getChat } from "@lethe/core";
import { expect } from "vitest";
import { exportedFile, type ParityCase } from "./caller.ts";
import { type World, writeChat } from "./world.ts";

async function expectNoted({ context }: World, chatId: string, text: string): Promise<void> {
  const { lastExport, version } = await getChat(context, { chatId });
  const checksum = createHash("sha256").update(text).digest("hex");
  expect(lastExport).toMatchObject({ version, checksum });
}

/** Exporting chats. */
export const exportCases: ParityCase[] = [
  ...(["json", "ndjson", "markdown", "html"] as const).map(
    (format): ParityCase => ({
      name: `exports a chat as ${format}, and notes it on the chat`,
      status: 200,
      given: async (world) => {
        const chat = await writeChat(world.context, { title: "Für später", messages: 3 });
        return {
          operation: "chat.export",
          input: { chat_id: chat.id.toUpperCase(), format },
          apiKey: world.keys.reading,
          verify: async ({ body }) => {
            const file = exportedFile(body);
            expect(file.version).toBe(4);
            expect(file.filename).toBe(`Für später.${format === "markdown" ? "md" : format}`);
            for (const text of ["Für später", "Ada", "message 1", "message 3", chat.id])
              expect(file.text).toContain(text);
            await expectNoted(world, chat.id, file.text);
          },
        };
      },
    }),
  ),
  {
    name: "exports a chat as JSON unless told otherwise",
    status: 200,
    given: async ({ context, keys }) => {
      const { id } = await writeChat(context, { title: "Plain", messages: 1 });
      return {
        operation: "chat.export",
        input: { chat_id: id },
        apiKey: keys.all,
        verify: ({ body }) => {
          const file = exportedFile(body);
          expect(file.content_type).toBe("application/json");
          expect(JSON.parse(file.text)).toMatchObject({
            export: { version: 2 },
            chat: { id, title: "Plain", message_count: 1 },
            messages: [{ seq: 1, author: "Ada", body: "message 1" }],
          });
        },
      };
    },
  },
  {
    name: "exports a chat from the trash",
    status: 200,
    given: async ({ context, keys }) => {
      const { id } = await writeChat(context, { messages: 1 });
      const moment = new Date();
      await context.db.chat.updateMany({
        where: { tenantId: context.tenantId, id },
        data: { trashedAt: moment, trashedByKind: "api_key", trashedById: "test" },
      });
      return {
        operation: "chat.export",
        input: { chat_id: id },
        apiKey: keys.all,
        verify: ({ body }) =>
          expect(JSON.parse(exportedFile(body).text)).toMatchObject({
            chat: { trashed_at: moment.toISOString() },
          }),
      };
    },
  },
  {
    name: "exports no chat that was deleted",
    status: 404,
    code: "chat_not_found",
    given: async ({ context, keys }) => {
      const { id } = await writeChat(context, { messages: 1 });
      await deleteChat(context, { chatId: id, force: false });
      return { operation: "chat.export", input: { chat_id: id }, apiKey: keys.all };
    },
  },
];
