import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { longChat } from "../../test/long-chat.ts";
import { codeOf, useWorld } from "../../test/world.ts";
import { createChat, createMessage, deleteChat, getChat, renameChat } from "../index.ts";
import { type ChatFile, exportChat } from "./export-chat.ts";

const world = useWorld();

/** The rest of a file, and what is told at its end. */
async function rest({ chunks }: ChatFile) {
  let text = "";
  for (;;) {
    const next = await chunks.next();
    if (next.done) return { text, sent: next.value };
    text += next.value;
  }
}

it("tells the checksum and the size of the bytes, and notes them on the chat without changing it", async () => {
  const ctx = await world.tenant();
  const { id: chatId } = await createChat(ctx, { title: "Füße" });
  await createMessage(ctx, { chatId, author: "Zoë", body: "wünscht sich 💬" });
  const before = await getChat(ctx, { chatId });
  const file = await exportChat(ctx, { chatId, format: "json" });
  const { text, sent } = await rest(file);
  const bytes = Buffer.from(text);
  expect(sent).toEqual({
    checksum: createHash("sha256").update(bytes).digest("hex"),
    bytes: bytes.length,
  });
  expect(file).toMatchObject({ filename: "Füße.json", contentType: "application/json", version: 2 });
  expect(text).toContain(file.exportId);
  const { lastExport, ...after } = await getChat(ctx, { chatId });
  expect(lastExport).toMatchObject({ version: 2, checksum: sent.checksum });
  expect({ ...after, lastExport: null }).toEqual(before);
});

it("shows the chat as it was at the call, whatever is written meanwhile, and notes nothing then", async () => {
  const ctx = await world.tenant();
  const chatId = await longChat(ctx, 2_000);
  const file = await exportChat(ctx, { chatId, format: "ndjson" });
  let writing = true;
  const writer = (async () => {
    for (let n = 1; writing; n += 1) await createMessage(ctx, { chatId, author: "Late", body: `late ${n}` });
  })();
  const first = await file.chunks.next();
  await renameChat(ctx, { chatId, title: "another title" });
  const { text } = await rest(file);
  writing = false;
  await writer;
  const lines = `${first.value}${text}`.trimEnd().split("\n");
  const [head, ...messages] = lines.map((line) => JSON.parse(line));
  expect(head).toMatchObject({ chat: { title: "long", message_count: 2_000 }, export: { version: 2_001 } });
  expect(messages.map(({ seq }) => seq)).toEqual(Array.from({ length: 2_000 }, (_, index) => index + 1));
  expect(JSON.stringify(messages)).not.toContain("late");
  const chat = await getChat(ctx, { chatId });
  expect(chat.version).toBeGreaterThan(2_002);
  expect(chat.lastExport).toBeNull();
});

it("breaks off when the chat is deleted, and reads no page before it is asked for", async () => {
  const ctx = await world.tenant();
  const chatId = await longChat(ctx, 5_000);
  const file = await exportChat(ctx, { chatId, format: "json" });
  await file.chunks.next();
  await file.chunks.next();
  await deleteChat(ctx, { chatId, force: false });
  expect(await codeOf(file.chunks.next())).toBe("NOT_FOUND");
});

it("does not end as if it were complete when the chat is deleted after its last chunk", async () => {
  const ctx = await world.tenant();
  const { id: chatId } = await createChat(ctx, { title: "empty" });
  const file = await exportChat(ctx, { chatId, format: "ndjson" });
  expect((await file.chunks.next()).done).toBe(false);
  await deleteChat(ctx, { chatId, force: false });
  expect(await codeOf(file.chunks.next())).toBe("NOT_FOUND");
});

it("gives its checksum to the ledger if nothing has changed since, and only then", async () => {
  const ctx = await world.tenant();
  const exported = async () => {
    const { id: chatId } = await createChat(ctx, { title: "kept" });
    const { sent } = await rest(await exportChat(ctx, { chatId, format: "html" }));
    return { chatId, checksum: sent.checksum };
  };
  const same = await exported();
  expect(await deleteChat(ctx, { chatId: same.chatId, force: false })).toMatchObject({
    exportChecksum: same.checksum,
  });
  const other = await exported();
  await createMessage(ctx, { chatId: other.chatId, author: "Ada", body: "one more" });
  expect(await deleteChat(ctx, { chatId: other.chatId, force: false })).toMatchObject({
    exportChecksum: null,
  });
});

it("has another checksum each time", async () => {
  const ctx = await world.tenant();
  const { id: chatId } = await createChat(ctx, { title: "twice" });
  for (const format of ["json", "ndjson", "markdown", "html"] as const) {
    const first = await rest(await exportChat(ctx, { chatId, format }));
    const second = await rest(await exportChat(ctx, { chatId, format }));
    expect(second.sent.checksum, format).not.toBe(first.sent.checksum);
  }
});

it("keeps chunks small, however large the messages are", async () => {
  const ctx = await world.tenant();
  const chatId = await longChat(ctx, 120, "€".repeat(30_000));
  const file = await exportChat(ctx, { chatId, format: "json" });
  let messages = 0;
  for await (const chunk of file.chunks) {
    expect(chunk.length).toBeLessThan(70_000);
    messages += chunk.match(/"seq":/g)?.length ?? 0;
  }
  expect(messages).toBe(120);
});

it("ends its reading when the signal says so", async () => {
  const ctx = await world.tenant();
  const chatId = await longChat(ctx, 2_000);
  const leaving = new AbortController();
  const file = await exportChat(ctx, { chatId, format: "json", signal: leaving.signal });
  await file.chunks.next();
  leaving.abort();
  await expect(file.chunks.next()).rejects.toThrow("abort");
  expect(await file.chunks.next()).toEqual({ done: true, value: undefined });
});

it("knows no chat that is not there", async () => {
  const ctx = await world.tenant();
  const attempt = exportChat(ctx, { chatId: "00000000-0000-4000-8000-000000000000", format: "json" });
  expect(await codeOf(attempt)).toBe("NOT_FOUND");
});
