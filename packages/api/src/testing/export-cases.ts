import { createHash, randomUUID } from "node:crypto";
import { deleteChat, getChat } from "@lethe/core";
import { unzipSync } from "fflate";
import { expect } from "vitest";
import { exportedFile, nobody, type ParityCase } from "./caller.ts";
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
  ...(["chat_ids", "filter"] as const).map(
    (way): ParityCase => ({
      name: `exports many chats as one archive, by ${way}, and notes it on them`,
      status: 200,
      given: async (world) => {
        const title = `Für ${randomUUID()}`;
        const one = await writeChat(world.context, { title, messages: 2 });
        const two = await writeChat(world.context, { title, messages: 1 });
        const chats = { chat_ids: [one.id, two.id, nobody], filter: { q: title } };
        return {
          operation: "chat.bulkExport",
          input: { [way]: chats[way], format: "ndjson" },
          apiKey: world.keys.reading,
          verify: async ({ body }) => {
            const { filename, content_type, base64 } = exportedFile(body);
            expect([filename, content_type]).toEqual([expect.stringMatching(/\.zip$/), "application/zip"]);
            const { "manifest.json": manifest, ...files } = unzipSync(Buffer.from(base64, "base64"));
            const textOf = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();
            for (const { id } of [one, two])
              await expectNoted(world, id, textOf(files[`chats/${title}.${id}.ndjson`]));
            expect(JSON.parse(textOf(manifest))).toMatchObject({
              skipped: way === "filter" ? [] : [{ chat_id: nobody, reason: "not_found" }],
              counts: { files: 2, messages: 3 },
            });
          },
        };
      },
    }),
  ),
  ...[{}, { chat_ids: [nobody], filter: { state: "trashed" } }].map(
    (input): ParityCase => ({
      name: `exports no archive of ${Object.keys(input).join(" and ") || "nothing named"}`,
      status: 400,
      code: "invalid_request",
      given: async ({ keys }) => ({ operation: "chat.bulkExport", input, apiKey: keys.all }),
    }),
  ),
  {
    name: "exports no archive of chats that are not there",
    status: 404,
    code: "chat_not_found",
    given: async ({ keys }) => ({
      operation: "chat.bulkExport",
      input: { chat_ids: [nobody] },
      apiKey: keys.all,
    }),
  },
];
