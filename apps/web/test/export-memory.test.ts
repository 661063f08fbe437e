import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createApiKey, createChat, createTenant } from "@lethe/core";
import { expect, it } from "vitest";
import { useStage } from "./support/stage.ts";

// A heap that is smaller than the file; by itself V8 takes what the machine has before it clears up.
const stage = useStage({ environment: { NODE_OPTIONS: "--max-old-space-size=128 --max-semi-space-size=8" } });
const messages = 200_000;
/** Long ones: what a server holds at once is some number of them, so few long ones prove more than many short ones. */
const length = 700;
/**
 * MiB by which the process may grow while the last three quarters of the file are sent. They have some 120
 * MB: a server that gathered the file, or let it pile up, would grow by that.
 */
const mayGrow = 60;

/** Memory that a process has, in MiB. */
const residentOf = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024;

it("exports a chat of 150 MB in constant memory", async () => {
  const { db } = stage.database();
  const { url, pid } = stage.server();
  const { tenantId } = await createTenant(db, { name: "Writers" });
  const { apiKey } = await createApiKey(db, { tenantId, name: "all" });
  const ctx = { db, tenantId, actor: { kind: "operator", id: "test", via: "cli" } } as const;
  const { id } = await createChat(ctx, { title: "Long" });
  // In parts, because no statement may take longer than 15 seconds. Foreign keys are true of these rows anyway.
  for (let from = 1; from <= messages; from += 100_000)
    await db.$transaction([
      db.$executeRaw`SET LOCAL session_replication_role = replica`,
      db.$executeRaw`
        INSERT INTO message (tenant_id, chat_id, seq, author, body)
        SELECT ${tenantId}::uuid, ${id}::uuid, seq, 'Ada', lpad(seq::text, ${length}::integer, 'what people write to each other, ')
        FROM generate_series(${from}::integer, ${from + 99_999}::integer) AS seq`,
    ]);
  await db.$executeRaw`
    UPDATE chat SET message_count = ${messages}, version = ${messages} + 1
    WHERE tenant_id = ${tenantId}::uuid AND id = ${id}::uuid`;

  const get = (path: string) =>
    fetch(`${url}/api/v1/chats/${id}${path}`, { headers: { "X-API-Key": apiKey } });
  await (await get("")).json();
  const peaks = { early: 0, late: 0 };
  let lines = 0;
  const watch = setInterval(() => {
    const part = lines < messages / 4 ? "early" : "late";
    peaks[part] = Math.max(peaks[part], residentOf(pid));
  }, 20);
  const answer = await get("/export?format=ndjson");
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    hash.update(chunk);
    bytes += chunk.length;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1;
  }
  clearInterval(watch);
  expect(lines).toBe(messages + 1);
  expect(bytes).toBeGreaterThan(150e6);
  expect(peaks.late - peaks.early).toBeLessThan(mayGrow);
  expect(await (await get("")).json()).toMatchObject({ last_export: { checksum: hash.digest("hex") } });
});
