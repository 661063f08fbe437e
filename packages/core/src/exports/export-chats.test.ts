import { createHash } from "node:crypto";
import { unzipSync } from "fflate";
import { expect, it } from "vitest";
import { z } from "zod";
import { longChat } from "../../test/long-chat.ts";
import { manyChats } from "../../test/many-chats.ts";
import { codeOf, useWorld } from "../../test/world.ts";
import {
  bulkDelete,
  type ChatArchive,
  createChat,
  createMessage,
  deleteChat,
  exportChats,
  getChat,
  trashChat,
} from "../index.ts";

const world = useWorld();

const manifestSchema = z.strictObject({
  export: z.strictObject({ id: z.string(), format: z.string(), as_of: z.string(), matched: z.int() }),
  files: z.array(
    z.strictObject({
      file: z.string(),
      chat_id: z.string(),
      version: z.int(),
      sha256: z.string(),
      messages: z.int(),
      bytes: z.int(),
      last_export: z.enum(["noted", "changed", "deleted"]),
    }),
  ),
  skipped: z.array(z.strictObject({ chat_id: z.string(), reason: z.literal("not_found") })),
  counts: z.strictObject({ files: z.int(), skipped: z.int(), messages: z.int(), bytes: z.int() }),
});

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Takes all of an archive, or what is left of it, and holds its files against its manifest. */
async function take({ chunks }: ChatArchive, begun: Uint8Array[] = []) {
  const parts = [...begun];
  for (;;) {
    const next = await chunks.next();
    if (!next.done) {
      parts.push(next.value);
      continue;
    }
    const bytes = Buffer.concat(parts);
    const { "manifest.json": manifestBytes, ...files } = unzipSync(bytes);
    const manifest = manifestSchema.parse(JSON.parse(Buffer.from(manifestBytes ?? []).toString()));
    expect(Object.keys(files).toSorted()).toEqual(manifest.files.map(({ file }) => file).toSorted());
    for (const { file, sha256: checksum, bytes: size } of manifest.files) {
      const content = files[file] ?? new Uint8Array();
      expect([sha256(content), content.length]).toEqual([checksum, size]);
    }
    const { files: fileCount, skipped } = manifest.counts;
    expect(next.value).toEqual({
      checksum: sha256(bytes),
      bytes: bytes.length,
      files: fileCount,
      skipped,
    });
    const textOf = (name: string | undefined) => Buffer.from(files[name ?? ""] ?? []).toString();
    return { manifest, textOf };
  }
}

it("has a file for each chat, as its own export has it, and binds the deletion to it", async () => {
  const ctx = await world.tenant();
  const { id: plain } = await createChat(ctx, { title: "Füße / ..\\x" });
  await createMessage(ctx, { chatId: plain, author: "Zoë", body: "wünscht sich 💬" });
  const long = await longChat(ctx, 1_200);
  const { id: twin } = await createChat(ctx, { title: "long" });
  await trashChat(ctx, { chatId: twin });
  const nobody = "00000000-0000-4000-8000-000000000000";
  const chatIds = [plain.toUpperCase(), long, twin, plain, nobody];
  const archive = await exportChats(ctx, { chats: { chatIds }, format: "json" });
  expect(archive).toMatchObject({ matched: 3, contentType: "application/zip" });
  expect(archive.filename).toMatch(/^lethe-chats-\d{4}-\d\d-\d\d\.zip$/);
  const { manifest, textOf } = await take(archive);
  expect(archive.done()).toBe(4);
  expect(manifest.skipped).toEqual([{ chat_id: nobody, reason: "not_found" }]);
  expect(manifest.files.map(({ file, chat_id, version }) => ({ file, chat_id, version }))).toEqual([
    { file: `chats/Füße .. x.${plain}.json`, chat_id: plain, version: 2 },
    { file: `chats/long.${long}.json`, chat_id: long, version: 1_201 },
    { file: `chats/long.${twin}.json`, chat_id: twin, version: 2 },
  ]);
  expect(JSON.parse(textOf(manifest.files[1]?.file))).toMatchObject({
    chat: { id: long, message_count: 1_200 },
  });
  for (const { chat_id: chatId, version, sha256: checksum } of manifest.files)
    expect((await getChat(ctx, { chatId })).lastExport).toMatchObject({ version, checksum });
  await createMessage(ctx, { chatId: long, author: "Ada", body: "one more" });
  const deleted = await bulkDelete(ctx, { chatIds: [plain, long], force: false });
  expect(deleted).toMatchObject([{ exportChecksum: manifest.files[0]?.sha256 }, { exportChecksum: null }]);
});

it("takes what a filter matches when it begins, and says what is gone or has changed since", async () => {
  const ctx = await world.tenant();
  const ids: string[] = [];
  for (let n = 0; n < 4; n += 1) ids.push(await longChat(ctx, 300, "x".repeat(400)));
  const [first = "", second = "", third = "", last = ""] = ids.toSorted();
  const all = { state: "active" as const, createdAfter: new Date(0) };
  const archive = await exportChats(ctx, { chats: { filter: all }, format: "ndjson" });
  expect(archive.matched).toBe(4);
  await createChat(ctx, { title: "too late" });
  // The first chat fills a chunk.
  const begun = await archive.chunks.next();
  await createMessage(ctx, { chatId: first, author: "Ada", body: "meanwhile" });
  await deleteChat(ctx, { chatId: last, force: false });
  const { manifest } = await take(archive, begun.done ? [] : [begun.value]);
  expect(manifest.skipped).toEqual([{ chat_id: last, reason: "not_found" }]);
  expect(manifest.files).toMatchObject([
    { chat_id: first, messages: 300, last_export: "changed" },
    { chat_id: second, last_export: "noted" },
    { chat_id: third, last_export: "noted" },
  ]);

  await manyChats(ctx, 1_200, { messages: 1, mark: "swept" });
  const swept = { chats: { filter: { state: "active" as const, q: "SWEPT" } }, format: "markdown" as const };
  const { manifest: many } = await take(await exportChats(ctx, swept));
  expect(many.counts).toMatchObject({ files: 1_200, messages: 1_200 });
  expect(new Set(many.files.map(({ last_export }) => last_export))).toEqual(new Set(["noted"]));
});

it("notes nothing of an archive that is broken off, and breaks off when a chat goes while its file is sent", async () => {
  const ctx = await world.tenant();
  await manyChats(ctx, 3, { messages: 1 });
  const long = await longChat(ctx, 5_000, "x".repeat(100));
  const chats = { filter: { state: "active" as const, createdAfter: new Date(0) } };
  const ending = new AbortController();
  const given = await exportChats(ctx, { chats, format: "json", signal: ending.signal });
  await given.chunks.next();
  ending.abort();
  await expect(take(given)).rejects.toThrow("abort");
  const left = await exportChats(ctx, { chats, format: "json" });
  await left.chunks.next();
  await left.chunks.return({ checksum: "", bytes: 0, files: 0, skipped: 0 });
  expect(await ctx.db.chat.count({ where: { tenantId: ctx.tenantId, exportedAt: { not: null } } })).toBe(0);

  const broken = await exportChats(ctx, { chats: { chatIds: [long] }, format: "json" });
  await broken.chunks.next();
  await deleteChat(ctx, { chatId: long, force: false });
  expect(await codeOf(take(broken))).toBe("NOT_FOUND");
});

it("refuses to make an archive of nothing", async () => {
  const ctx = await world.tenant();
  const chatIds = ["00000000-0000-4000-8000-000000000000"];
  expect(await codeOf(exportChats(ctx, { chats: { chatIds }, format: "json" }))).toBe("NOT_FOUND");
  const filter = { state: "trashed" as const };
  expect(await codeOf(exportChats(ctx, { chats: { filter }, format: "json" }))).toBe("NOT_FOUND");
});
