import { rotateSigningKey } from "@lethe/core";
import { receiptKeysSchema, verifyReceipt } from "@lethe/receipts";
import { describe, expect, it } from "vitest";
import { bulkDeletionSchema, deletionSchema } from "../schemas/index.ts";
import { startTestApi } from "../testing/start-test-api.ts";
import { createWorld, startWorld, writeChat } from "../testing/world.ts";

const { api, world } = await startWorld();

describe("receipts", () => {
  const askKeys = () => fetch(`${api.baseUrl}/.well-known/jwks.json`);
  const keys = async () => receiptKeysSchema.parse(await (await askKeys()).json());
  async function remove() {
    const { id } = await writeChat(world.context, { messages: 1 });
    const answer = await fetch(`${api.baseUrl}/api/v1/chats/${id}`, {
      method: "DELETE",
      headers: { "X-API-Key": world.keys.deleting },
    });
    expect(answer.status).toBe(200);
    return deletionSchema.parse(await answer.json()).receipt;
  }

  it("verify with the keys that are published to everyone, for a minute at a time", async () => {
    const receipt = await remove();
    expect(await verifyReceipt(receipt ?? "", await keys())).toMatchObject({ valid: true });
    const { status, headers } = await askKeys();
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": "application/json",
      "cache-control": "public, max-age=60",
      "access-control-allow-origin": "*",
    });
    expect(headers.get("x-request-id")).not.toBeNull();
  });

  it("verify after the key was rotated, and nothing that is secret is published", async () => {
    const receipt = await remove();
    await rotateSigningKey(api.db);
    const count = async () => (await keys()).keys.length;
    await expect.poll(count, { interval: 100 }).toBe(2);
    const published = await keys();
    expect(await verifyReceipt(receipt ?? "", published)).toMatchObject({ valid: true });
    for (const key of published.keys)
      expect(Object.keys(key).sort()).toEqual(["alg", "crv", "kid", "kty", "use", "x"]);
    expect(await (await askKeys()).text()).not.toContain('"d"');
  });

  it("are null where they cannot be signed: what was deleted is deleted, and said to be", async () => {
    const own = await startTestApi();
    try {
      const { context, keys } = await createWorld(own.db);
      const { id } = await writeChat(context, { messages: 1 });
      await own.db.$executeRaw`ALTER TABLE signing_key RENAME TO mislaid`;
      const headers = { "X-API-Key": keys.all };
      const answer = await fetch(`${own.baseUrl}/api/v1/chats/${id}`, { method: "DELETE", headers });
      expect(answer.status).toBe(200);
      const { receipt, deletion_id } = deletionSchema.parse(await answer.json());
      expect(receipt).toBeNull();
      expect(own.logs.join("")).toContain("a receipt could not be signed");

      await own.db.$executeRaw`ALTER TABLE mislaid RENAME TO signing_key`;
      const later = await fetch(`${own.baseUrl}/api/v1/deletions/${deletion_id}`, { headers });
      expect(await later.json()).toMatchObject({ receipt: expect.any(String) });
    } finally {
      await own.stop();
    }
  });

  it("of a set wait once, all together, for a key that cannot be had", async () => {
    const own = await startTestApi();
    try {
      const { context, keys } = await createWorld(own.db);
      const ids: string[] = [];
      // One by one: on a busy machine sixty at once wait longer for a transaction than Prisma lets them.
      while (ids.length < 60) ids.push((await writeChat(context, { messages: 1 })).id);
      const { status, body } = await own.db.$transaction(async (tx) => {
        await tx.$executeRaw`LOCK TABLE signing_key IN ACCESS EXCLUSIVE MODE`;
        const answer = await fetch(`${own.baseUrl}/api/v1/chats/bulk-delete`, {
          method: "POST",
          headers: { "X-API-Key": keys.all, "Content-Type": "application/json" },
          body: JSON.stringify({ chat_ids: ids }),
          // One by one they would wait for a minute.
          signal: AbortSignal.timeout(45_000),
        });
        return { status: answer.status, body: bulkDeletionSchema.parse(await answer.json()) };
      });
      expect(status).toBe(200);
      expect(body.counts.deleted).toBe(60);
      expect(body.data.map((one) => ("receipt" in one ? one.receipt : undefined))).toEqual(
        ids.map(() => null),
      );
    } finally {
      await own.stop();
    }
  });
});
