import { randomUUID } from "node:crypto";
import { deleteChat } from "@lethe/core";
import { expect, it } from "vitest";
import { startWorld, writeChat } from "../testing/world.ts";
import { secretsOf } from "./secrets.ts";

const { api, world } = await startWorld();

const post = (path: string, key: string, body: unknown) =>
  fetch(`${api.baseUrl}/api/v1${path}`, {
    method: "POST",
    headers: { "X-API-Key": world.keys.all, "Content-Type": "application/json", "Idempotency-Key": key },
    body: JSON.stringify(body),
  });
/** What a process leaves that is killed before it says how a request ended. */
const leaveBehind = () =>
  api.db.idempotencyKey.updateMany({ data: { lockedUntil: new Date(0), status: null, answer: null } });
/** Everything that is kept, as the API key's holder could read it. */
const kept = async () => {
  const rows = await api.db.idempotencyKey.findMany({ where: { answer: { not: null } } });
  const { open } = secretsOf(world.keys.all);
  return rows.map(({ answer }) => open(answer ?? new Uint8Array())).join("\n");
};

it("a set of deletions has the same outcomes again, also after a kill", async () => {
  const key = randomUUID();
  const ids = [];
  for (let n = 0; n < 3; n += 1) ids.push((await writeChat(world.context, { messages: n })).id);
  const chat_ids = [...ids, randomUUID()];
  const first = await (await post("/chats/bulk-delete", key, { chat_ids })).json();
  const again = await post("/chats/bulk-delete", key, { chat_ids });
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  expect(await again.json()).toEqual(first);
  await leaveBehind();
  const recalled = await post("/chats/bulk-delete", key, { chat_ids });
  expect([recalled.status, recalled.headers.get("idempotency-replayed")]).toEqual([200, null]);
  expect(await recalled.json()).toEqual(first);
});

it("a deletion job is made once, and its search is not kept", async () => {
  const key = randomUUID();
  const { id } = await writeChat(world.context, { title: "A secret search matches this" });
  const ask = { filter: { q: "  a secret search " }, max_deletions: 1 };
  const preview = { ...ask, max_deletions: undefined, dry_run: true };
  const shown = await (await post("/deletion-jobs", "preview", preview)).json();
  expect(shown).toMatchObject({ matched: 1, sample: [{ id }] });
  const shownAgain = await (await post("/deletion-jobs", "preview", preview)).json();
  expect(shownAgain).toEqual(shown);
  const first = await post("/deletion-jobs", key, ask);
  expect(first.status).toBe(202);
  const job = await first.json();
  const again = await post("/deletion-jobs", key, ask);
  expect([again.status, again.headers.get("location")]).toEqual([202, first.headers.get("location")]);
  expect(await again.json()).toEqual(job);
  expect((await kept()).toLowerCase()).not.toContain("secret");
  await leaveBehind();
  expect((await post("/deletion-jobs", key, ask)).status).toBe(202);
  expect(await api.db.deletionJob.count()).toBe(1);
});

it("a set that was trashed comes back without the chats that are gone since, and without their titles kept", async () => {
  const [stays, goes] = [
    await writeChat(world.context, { title: "secret: stays" }),
    await writeChat(world.context, { title: "secret: goes" }),
  ];
  const trash = () => post("/chats/bulk-trash", "a-set", { chat_ids: [stays.id, goes.id] });
  const first = await (await trash()).json();
  expect(first).toMatchObject({
    data: [{ chat: { title: "secret: stays" } }, { chat: { title: "secret: goes" } }],
  });
  expect(await kept()).not.toContain("secret");
  expect(await (await trash()).json()).toEqual(first);
  await deleteChat(world.context, { chatId: goes.id, force: true });
  const again = await (await trash()).text();
  expect(again).toContain("secret: stays");
  expect(again).not.toContain("goes");
  expect(JSON.parse(again).data).toHaveLength(2);
});
