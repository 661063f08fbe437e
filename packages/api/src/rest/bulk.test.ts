import { randomUUID } from "node:crypto";
import { listDeletionJobs } from "@lethe/core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { bulkDeletionSchema, deletionJobSchema } from "../schemas/index.ts";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";
import { createWorld, type World, writeChat } from "../testing/world.ts";

describe("deleting many chats over REST", () => {
  let api: TestApi;
  let world: World;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.stop());
  beforeEach(async () => {
    world = await createWorld(api.db);
  });

  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${api.baseUrl}/api/v1${path}`, {
      method: "POST",
      headers: { "X-API-Key": world.keys.all, "Content-Type": "application/json", ...headers },
      body,
    });
  const bulk = (ids: string[], headers?: Record<string, string>) =>
    post("/chats/bulk-delete", JSON.stringify({ chat_ids: ids }, null, 4), headers);

  it("takes 1,000 ids, generously set out, and no body that is larger than they can be", async () => {
    const answer = await bulk(Array.from({ length: 1_000 }, () => randomUUID()));
    expect(answer.status).toBe(200);
    const { counts } = bulkDeletionSchema.parse(await answer.json());
    expect(counts.not_found).toBe(1_000);
    const large = await post("/chats/bulk-delete", JSON.stringify({ chat_ids: [], x: "x".repeat(140_000) }));
    expect(large.status).toBe(413);
  });

  it("answers a repetition under an Idempotency-Key as it was answered, each mention alike", async () => {
    const [one, other] = [await writeChat(world.context), await writeChat(world.context)];
    const ids = [one.id, randomUUID(), one.id, other.id];
    const key = { "Idempotency-Key": randomUUID() };
    const first = bulkDeletionSchema.parse(await (await bulk(ids, key)).json());
    expect(first.data.map(({ outcome }) => outcome)).toEqual([
      "deleted",
      "not_found",
      "not_found",
      "deleted",
    ]);
    const again = await bulk(ids, key);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(await again.json()).toEqual(first);
  });

  it("finds its own deletions again when the first answer was lost", async () => {
    const { id } = await writeChat(world.context);
    const key = { "Idempotency-Key": randomUUID() };
    await bulk([id, id], key);
    // As after a kill between the commit and the note of the answer.
    await api.db.$executeRaw`
      UPDATE idempotency_key SET status = NULL, answer = NULL, locked_until = now() - interval '1 second'`;
    const { data } = bulkDeletionSchema.parse(await (await bulk([id, id], key)).json());
    expect(data.map(({ outcome }) => outcome)).toEqual(["deleted", "not_found"]);
  });

  it("answers 202 with the place of a new job, and makes one job under one key", async () => {
    const key = { "Idempotency-Key": randomUUID() };
    const body = JSON.stringify({ filter: { q: "invoice" } });
    const first = await post("/deletion-jobs", body, key);
    expect(first.status).toBe(202);
    const job = deletionJobSchema.parse(await first.json());
    expect(first.headers.get("location")).toBe(`/api/v1/deletion-jobs/${job.id}`);
    expect(await (await post("/deletion-jobs", body, key)).json()).toEqual(job);
    expect((await listDeletionJobs(world.context, { limit: 9 })).items).toHaveLength(1);
  });

  it("counts what a set has met in the metrics", async () => {
    const { id } = await writeChat(world.context);
    const before = await api.services.metrics.show();
    await bulk([id, id]);
    const counted = (text: string, outcome: string) =>
      Number(new RegExp(`lethe_chat_deletes_total{outcome="${outcome}"} (\\d+)`).exec(text)?.[1] ?? 0);
    const after = await api.services.metrics.show();
    for (const outcome of ["deleted", "not_found"])
      expect(counted(after, outcome) - counted(before, outcome), outcome).toBe(1);
  });
});
