import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { createLetheClient, exportChat } from "@lethe/client";
import { createApiKey, createChat, createMessage, createTenant, deleteChat, getChat } from "@lethe/core";
import { beforeAll, expect, it } from "vitest";
import { useStage } from "./support/stage.ts";

const stage = useStage();
let apiKey = "";
let ctx: Parameters<typeof getChat>[0];
beforeAll(async () => {
  const { db } = stage.database();
  const { tenantId } = await createTenant(db, { name: "Exporters" });
  ({ apiKey } = await createApiKey(db, { tenantId, name: "all" }));
  ctx = { db, tenantId, actor: { kind: "operator", id: "test", via: "cli" } };
});

/** A chat with so many messages of that length, written by set-based statements. */
async function longChat(messages: number, length: number): Promise<string> {
  const { id } = await createChat(ctx, { title: "Long ago" });
  await ctx.db.$executeRaw`
    INSERT INTO message (tenant_id, chat_id, seq, author, body)
    SELECT ${ctx.tenantId}::uuid, ${id}::uuid, seq, 'Ada', repeat('x', ${length}::integer)
    FROM generate_series(1, ${messages}::integer) AS seq`;
  await ctx.db.$executeRaw`
    UPDATE chat SET message_count = ${messages}, version = ${messages} + 1
    WHERE tenant_id = ${ctx.tenantId}::uuid AND id = ${id}::uuid`;
  return id;
}

const address = (chatId: string) => `${stage.server().url}/api/v1/chats/${chatId}`;
const headers = () => ({ "X-API-Key": apiKey });

it("has its checksum in a trailer and on the chat", async () => {
  const { id } = await createChat(ctx, { title: "Ärger „heute“" });
  await createMessage(ctx, { chatId: id, author: "Ada", body: "hello" });
  const outgoing = request(`${address(id)}/export?format=html`, { headers: headers() }).end();
  const [incoming] = await once(outgoing, "response");
  const body = await text(incoming);
  const digest = createHash("sha256").update(body);
  expect(incoming.headers).toMatchObject({
    etag: '"2"',
    trailer: "Repr-Digest",
    "cache-control": "no-store, no-transform",
    "content-disposition": `attachment; filename="Arger _heute_.html"; filename*=UTF-8''%C3%84rger%20%E2%80%9Eheute%E2%80%9C.html`,
  });
  expect(incoming.trailers).toEqual({ "repr-digest": `sha-256=:${digest.copy().digest("base64")}:` });
  expect((await getChat(ctx, { chatId: id })).lastExport?.checksum).toBe(digest.digest("hex"));
});

it("lets a deletion delete exactly what was exported, or nothing", async () => {
  const { id } = await createChat(ctx, { title: "Kept" });
  const exported = async () => {
    const answer = await fetch(`${address(id)}/export`, { headers: headers() });
    const checksum = createHash("sha256").update(await answer.text());
    return { etag: answer.headers.get("etag") ?? "", checksum: checksum.digest("hex") };
  };
  const remove = (etag: string) =>
    fetch(address(id), { method: "DELETE", headers: { ...headers(), "If-Match": etag } });

  const early = await exported();
  const slipped = await fetch(`${address(id)}/messages`, {
    method: "POST",
    headers: { ...headers(), "Content-Type": "application/json" },
    body: JSON.stringify({ author: "Late", body: "just in time" }),
  });
  expect(slipped.status).toBe(201);
  expect((await remove(early.etag)).status).toBe(412);
  const late = await exported();
  const removed = await remove(late.etag);
  expect(removed.status).toBe(200);
  expect(await removed.json()).toMatchObject({ message_count: 1, export_checksum: late.checksum });
});

it.each(["--http1.1", "--http1.0"])(
  "breaks off for curl %s when the chat is deleted meanwhile",
  async (version) => {
    const id = await longChat(4_000, 4_000);
    const url = `${address(id)}/export?format=ndjson`;
    const curl = spawn("curl", ["-s", version, "-H", `X-API-Key: ${apiKey}`, url], {
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 240_000,
    });
    await once(curl.stdout, "data");
    // It cannot go on, so that it is still at it when the chat is gone.
    curl.stdout.pause();
    await deleteChat(ctx, { chatId: id, force: true });
    curl.stdout.resume();
    const [code] = await once(curl, "exit");
    expect([18, 56]).toContain(code);
  },
);

it("gives @lethe/client whole files, and none of a chat that goes meanwhile", async () => {
  const client = createLetheClient({ url: stage.server().url, apiKey });
  const id = await longChat(3_000, 100);
  const seen: number[] = [];
  const file = await exportChat(client, { chatId: id, onProgress: ({ bytes }) => seen.push(bytes) });
  const bytes = Buffer.from(await file.blob.arrayBuffer());
  expect(file).toMatchObject({
    filename: "Long ago.json",
    version: 3_001,
    checksum: createHash("sha256").update(bytes).digest("hex"),
  });
  expect(seen.at(-1)).toBe(bytes.length);
  const broken = exportChat(client, {
    chatId: id,
    onProgress: () => void deleteChat(ctx, { chatId: id, force: true }).catch(() => undefined),
  });
  await expect(broken).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(exportChat(client, { chatId: id })).rejects.toMatchObject({ code: "NOT_FOUND" });
});
