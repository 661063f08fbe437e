import { createHash } from "node:crypto";
import { once } from "node:events";
import { createApiKey, createChat, holdChat, releaseHold, startBackground } from "@lethe/core";
import { verifyTenantReceipt } from "@lethe/receipts";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";
import { openEventStream } from "../testing/event-stream.ts";
import { addTenant } from "../testing/people.ts";
import { startTestApi, startTestGateway, type TestApi } from "../testing/start-test-api.ts";

let api: TestApi;
let gateway: Awaited<ReturnType<typeof startTestGateway>>;
beforeAll(async () => {
  api = await startTestApi();
  gateway = await startTestGateway(api);
});
afterAll(async () => {
  await gateway.stop();
  await api.stop();
});

const begun = z.object({ state: z.string(), token: z.string(), path: z.string() });
const departure = z.object({
  state: z.string(),
  receipt: z.string().nullable(),
  ledger: z.object({ sha256: z.string() }).nullable(),
});

/** Opens a socket, and answers how it will have been closed. */
async function openSocket(chatId: string, apiKey: string): Promise<{ closed: Promise<number> }> {
  const socket = new WebSocket(gateway.liveUrl(chatId), { headers: { "X-API-Key": apiKey } });
  const closed = Promise.withResolvers<number>();
  socket.on("close", (code) => closed.resolve(code));
  await once(socket, "message");
  return { closed: closed.promise };
}

const follow = (authorization: string) =>
  fetch(`${api.baseUrl}/api/v1/departure`, { headers: { authorization } });

it("an owner has the tenant leave: whatever is open ends, and who holds the token has the receipt", async () => {
  const { owner, member, context } = await addTenant(api, "Acme");
  const strangers = await addTenant(api, "Strangers");
  const { id: chatId } = await createChat(context, { title: "Plans" });
  const remove = (confirm: string) =>
    fetch(`${api.baseUrl}/api/v1/tenant?confirm=${encodeURIComponent(confirm)}`, {
      method: "DELETE",
      headers: { "X-API-Key": owner.apiKey },
    });
  await holdChat(context, { chatId, reason: "a court" });
  const held = await remove("Acme");
  expect([held.status, await held.json()]).toMatchObject([409, { code: "on_hold" }]);
  await releaseHold(context, { chatId });
  expect((await remove("Acne")).status).toBe(400);

  const socket = await openSocket(chatId, member.apiKey);
  const stream = await openEventStream(api.baseUrl, { headers: { "X-API-Key": member.apiKey } });
  await stream.until(({ type }) => type === "resync");
  const answer = await remove("Acme");
  expect(answer.status).toBe(202);
  const { token, path } = begun.parse(await answer.json());
  expect(path).toBe(`/left#${token}`);
  expect(await socket.closed).toBe(4401);
  await expect(stream.until(() => false)).rejects.toThrow();
  for (const { apiKey, browser } of [owner, member]) {
    const headers = { "X-API-Key": apiKey };
    await expect.poll(async () => (await fetch(`${api.baseUrl}/api/v1/chats`, { headers })).status).toBe(401);
    await expect.poll(async () => (await browser.ask("GET", "/api/session")).status).toBe(401);
  }

  const background = startBackground({ db: api.db, log: { warn: () => {} }, pace: 1 / 20 });
  onTestFinished(() => background.close());
  const look = async () => departure.parse(await (await follow(`Bearer ${token}`)).json());
  await expect.poll(async () => (await look()).state).toBe("left");
  const keys = { keys: (await api.services.receipts.publicKeys()).map(({ jwk }) => jwk) };
  expect(await verifyTenantReceipt((await look()).receipt ?? "", keys)).toMatchObject({
    valid: true,
    receipt: { tenant_id: context.tenantId, chat_count: 1, actor_kind: "api_key", via: "rest" },
  });
  const wrong = await follow(`Bearer ${token}x`);
  expect([wrong.status, await wrong.json()]).toMatchObject([404, { code: "departure_not_found" }]);
  const none = await follow(`Basic ${token}`);
  expect([none.status, await none.json()]).toMatchObject([401, { code: "missing_credentials" }]);
  expect((await strangers.owner.browser.ask("GET", "/api/session")).status).toBe(200);
}, 60_000);

it("whoever asks for the ledger has every line before it goes, and the receipt has the SHA-256 of them", async () => {
  const { owner, context } = await addTenant(api, "Acme");
  const { id: chatId } = await createChat(context, { title: "Plans" });
  const scoped = { tenantId: context.tenantId, name: "Deleting", scopes: ["tenant:delete" as const] };
  const { apiKey: blind } = await createApiKey(api.db, scoped);
  const remove = (apiKey: string) =>
    fetch(`${api.baseUrl}/api/v1/tenant?confirm=Acme&keep_ledger=true`, {
      method: "DELETE",
      headers: { "X-API-Key": apiKey },
    });
  // Who may not look into the ledger gets none at the end.
  expect(await (await remove(blind)).json()).toMatchObject({ code: "missing_scope", scope: "chats:read" });
  const { token } = begun.parse(await (await remove(owner.apiKey)).json());
  const ask = (path: string, ledgerKept?: string) =>
    fetch(`${api.baseUrl}/api/v1/departure${path}`, {
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(ledgerKept && { method: "PATCH", body: JSON.stringify({ ledger_kept: ledgerKept }) }),
    });
  const look = async () => departure.parse(await (await ask("")).json());
  const early = await ask("/ledger");
  expect([early.status, await early.json()]).toMatchObject([404, { code: "not_found" }]);
  const background = startBackground({ db: api.db, log: { warn: () => {} }, pace: 1 / 20 });
  onTestFinished(() => background.close());
  await expect.poll(async () => (await look()).ledger).not.toBeNull();

  const file = Buffer.from(await (await ask("/ledger")).arrayBuffer());
  // With the line of the chat that the departure itself has deleted.
  expect(file.toString().split("\n")).toEqual([expect.stringContaining(chatId), ""]);
  const sha256 = createHash("sha256").update(file).digest("hex");
  expect((await ask("", "0".repeat(64))).status).toBe(400);
  expect(await look()).toMatchObject({ state: "telling", ledger: { sha256 } });
  const kept = await ask("", sha256);
  expect([kept.status, await kept.json()]).toMatchObject([200, { ledger: null }]);
  await expect.poll(async () => (await look()).state).toBe("left");
  const payload = (await look()).receipt?.split(".")[1] ?? "";
  expect(JSON.parse(Buffer.from(payload, "base64url").toString())).toMatchObject({ ledger_digest: sha256 });
  // Sent again, because its answer was lost.
  expect([(await ask("", sha256)).status, (await ask("/ledger")).status]).toEqual([200, 404]);
}, 60_000);
