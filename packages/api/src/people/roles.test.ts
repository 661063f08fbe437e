import { createChat, type Role, roles } from "@lethe/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";
import { operations } from "../operations/index.ts";
import { nobody, type Operation } from "../testing/caller.ts";
import { restOperations, targetOf, trpcProcedures } from "../testing/operations.ts";
import { addTenant, type Browser } from "../testing/people.ts";
import { startTestApi, startTestGateway, type TestApi } from "../testing/start-test-api.ts";
import { addThings } from "../testing/things.ts";

/** The least that somebody has to be for each operation: who is more may do it too, who is less is refused. */
const least: Record<Operation | "events.subscribe", Role> = {
  "chat.list": "viewer",
  "chat.byId": "viewer",
  "chat.export": "viewer",
  "chat.bulkExport": "viewer",
  "message.list": "viewer",
  "chat.connections": "viewer",
  "message.bySeq": "viewer",
  "message.search": "viewer",
  "deletion.list": "viewer",
  "deletion.byId": "viewer",
  "deletion.export": "viewer",
  "settings.get": "viewer",
  "settings.previewRetention": "viewer",
  "settings.previewTrash": "viewer",
  "settings.previewLedger": "viewer",
  "member.list": "viewer",
  "events.subscribe": "viewer",
  "chat.create": "member",
  "chat.rename": "member",
  "message.create": "member",
  "chat.trash": "member",
  "chat.restore": "member",
  "chat.bulkTrash": "member",
  "chat.bulkRestore": "member",
  "chat.trashMatching": "member",
  "chat.restoreMatching": "member",
  "chat.previewTrash": "member",
  "deletionJob.list": "member",
  "deletionJob.byId": "member",
  "deletionJob.failures": "member",
  // Of one that deletes: an admin, as below.
  "deletionJob.cancel": "member",
  "deletionJob.undo": "member",
  "chat.delete": "admin",
  "chat.bulkDelete": "admin",
  "chat.hold": "admin",
  "chat.releaseHold": "admin",
  "deletionJob.create": "admin",
  "deletionJob.preview": "admin",
  "settings.update": "owner",
  "tenant.delete": "owner",
  "webhook.list": "owner",
  "webhook.byId": "owner",
  "webhook.create": "owner",
  "webhook.update": "owner",
  "webhook.delete": "owner",
  "webhook.rotateSecret": "owner",
  "webhook.test": "owner",
  "webhook.deliveries": "owner",
  "webhook.redeliver": "owner",
  "member.changeRole": "owner",
  "member.remove": "owner",
  "invitation.list": "owner",
  "invitation.create": "owner",
  "invitation.revoke": "owner",
  // For keys, whatever they may do.
  "token.create": "viewer",
  "apiKey.list": "owner",
  "apiKey.create": "owner",
  "apiKey.revoke": "owner",
};
const isAllowed = (role: Role, name: string) => {
  const known = Object.entries(least).find(([operation]) => operation === name)?.[1];
  if (known === undefined) throw new Error(`The table does not say who may ${name}`);
  return roles.indexOf(role) >= roles.indexOf(known);
};

let api: TestApi;
let gateway: Awaited<ReturnType<typeof startTestGateway>>;
let tenant: Awaited<ReturnType<typeof addTenant>>;
let strangers: typeof tenant;
beforeAll(async () => {
  api = await startTestApi();
  gateway = await startTestGateway(api);
  tenant = await addTenant(api, "Acme");
  strangers = await addTenant(api, "Strangers");
});
afterAll(async () => {
  await gateway.stop();
  await api.stop();
});

type Answer = { status: number; text: string };
const refusal = z.object({ code: z.string(), scope: z.string().optional() });
const trpcRefusal = z.object({
  error: z.object({ data: z.object({ reason: z.string(), scope: z.string().optional() }) }),
});

/** Whether the answer is that the caller may not do this at all: what else it says comes after that. */
const isRefused = ({ status, text }: Answer) => status === 403 && text.includes('"missing_scope"');

const json = { "Content-Type": "application/json" };

/** Every route of REST by a key, with an example of all that it takes. */
async function overRest(apiKey: string): Promise<[string, Answer][]> {
  const answers: [string, Answer][] = [];
  for (const operation of await restOperations(api.baseUrl)) {
    const route = operations.find(
      ({ rest }) =>
        rest?.method === operation.method.toLowerCase() && `/api/v1${rest.path}` === operation.path,
    );
    const response = await fetch(api.baseUrl + targetOf(operation), {
      method: operation.method,
      headers: { "X-API-Key": apiKey, ...(operation.body !== undefined && json) },
      ...(operation.body !== undefined && { body: JSON.stringify(operation.body) }),
    });
    const text = await response.text();
    if (response.status === 403)
      expect(refusal.parse(JSON.parse(text))).toMatchObject({ scope: operation.scope });
    answers.push([route?.name ?? operation.path, { status: response.status, text }]);
  }
  return answers;
}

/** Every procedure of tRPC by a browser, likewise. A subscription is heard until it says something. */
async function overTrpc(browser: Browser): Promise<[string, Answer][]> {
  const answers: [string, Answer][] = [];
  for (const { name, type, input } of trpcProcedures()) {
    const given = JSON.stringify(input ?? {}).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, nobody);
    const query = `/api/trpc/${name}?input=${encodeURIComponent(given)}`;
    if (type === "subscription") answers.push([name, await firstOf(`/api/trpc/${name}`, browser)]);
    else if (type === "query") answers.push([name, await browser.ask("GET", query)]);
    else answers.push([name, await browser.ask("POST", `/api/trpc/${name}`, JSON.parse(given))]);
  }
  return answers;
}

/** All that is answered to a query. What streams is asked for as a client that takes streams does: in a batch. */
async function read(name: string, input: string, { cookie }: Browser): Promise<Answer> {
  const streams = name.endsWith(".export");
  const asked = streams
    ? `batch=1&input=${encodeURIComponent(`{"0":${input}}`)}`
    : `input=${encodeURIComponent(input)}`;
  const headers = { Cookie: cookie, ...(streams && { "trpc-accept": "application/jsonl" }) };
  const response = await fetch(`${api.baseUrl}/api/trpc/${name}?${asked}`, { headers });
  return { status: response.status, text: await response.text() };
}

async function firstOf(path: string, browser: Browser): Promise<Answer> {
  const leave = new AbortController();
  const response = await fetch(api.baseUrl + path, {
    headers: { Cookie: browser.cookie },
    signal: leave.signal,
  });
  const first = await response.body?.getReader().read();
  leave.abort();
  return { status: response.status, text: new TextDecoder().decode(first?.value) };
}

/** Opens a socket; answers the status of a refusal, or what it says to a message. */
async function overSocket(chatId: string, headers: Record<string, string>): Promise<string> {
  const socket = new WebSocket(gateway.liveUrl(chatId), { headers });
  socket.on("error", () => {});
  const opened = Promise.withResolvers<string>();
  socket.once("unexpected-response", (_, response) => opened.resolve(String(response.statusCode)));
  socket.once("open", () => {
    socket.send(JSON.stringify({ type: "message.create", author: "Ada", body: "hi" }));
  });
  const frame = z.looseObject({ type: z.string(), code: z.string().optional() });
  socket.on("message", (data) => {
    const { type, code } = frame.parse(JSON.parse(String(data)));
    if (type === "error" || type === "message.created") opened.resolve(code ?? type);
  });
  const answer = await opened.promise;
  socket.terminate();
  return answer;
}

describe.each(roles)("a %s", (role) => {
  it("may do by REST, with a key of their scopes, what the table says, and nothing else", async () => {
    const answers = await overRest(tenant[role].apiKey);
    expect(answers.map(([name]) => name).toSorted()).toEqual(
      operations.flatMap(({ name, rest }) => (rest === null ? [] : [name])).toSorted(),
    );
    const allowed = Object.fromEntries(answers.map(([name, answer]) => [name, !isRefused(answer)]));
    expect(allowed).toEqual(Object.fromEntries(answers.map(([name]) => [name, isAllowed(role, name)])));
    expect(answers.filter(([, { status }]) => status === 401 || status >= 500)).toEqual([]);
  });

  it("may do by tRPC, signed in, what the table says, and nothing else", async () => {
    const answers = await overTrpc(tenant[role].browser);
    expect(answers.map(([name]) => name).toSorted()).toEqual(Object.keys(least).toSorted());
    const allowed = Object.fromEntries(answers.map(([name, answer]) => [name, !isRefused(answer)]));
    expect(allowed).toEqual(Object.fromEntries(answers.map(([name]) => [name, isAllowed(role, name)])));
    expect(answers.filter(([, { status }]) => status === 401 || status >= 500)).toEqual([]);
    // Who has a second factor is for those to know who decide on people.
    const members = answers.find(([name]) => name === "member.list")?.[1].text ?? "";
    expect(members.includes('"second_factor":null')).toBe(!isAllowed(role, "member.remove"));
    for (const [, { status, text }] of answers.filter(([, answer]) => isRefused(answer))) {
      expect(status).toBe(403);
      expect(trpcRefusal.parse(JSON.parse(text)).error.data.reason).toBe("missing_scope");
      expect(text).toContain(`As ${role} you may not do this`);
    }
  });

  it("hears a chat by a socket, and writes by it as the table says", async () => {
    const { id } = await createChat(tenant.context, { title: "Live" });
    const said = isAllowed(role, "message.create") ? "message.created" : "missing_scope";
    const { apiKey, browser } = tenant[role];
    expect(await overSocket(id, { "X-API-Key": apiKey })).toBe(said);
    const Host = new URL(api.baseUrl).host;
    expect(await overSocket(id, { Cookie: browser.cookie, Origin: api.baseUrl, Host })).toBe(said);
    expect(await overSocket(id, { Cookie: browser.cookie, Origin: "https://elsewhere.example", Host })).toBe(
      "403",
    );
    expect(await overSocket(id, { "X-API-Key": strangers[role].apiKey })).toBe("404");
    expect(await overSocket(id, { Cookie: strangers[role].browser.cookie, Origin: api.baseUrl, Host })).toBe(
      "404",
    );
  });
});

describe("an owner of another tenant", () => {
  /** What could be changed, but for when keys were used last. */
  const contentsOf = ({ context: { tenantId } }: typeof tenant) =>
    Promise.all([
      api.db.chat.findMany({ where: { tenantId }, orderBy: { id: "asc" } }),
      api.db.member.findMany({ where: { tenantId }, orderBy: { personId: "asc" } }),
      api.db.invitation.findMany({ where: { tenantId }, orderBy: { id: "asc" } }),
      api.db.apiKey.findMany({ where: { tenantId }, orderBy: { id: "asc" }, omit: { lastUsedAt: true } }),
      api.db.webhookEndpoint.findMany({ where: { tenantId }, orderBy: { id: "asc" } }),
      api.db.deletionJob.findMany({ where: { tenantId }, orderBy: { id: "asc" } }),
    ]);

  it("finds nothing of it by any id, and sees nothing of it in any list", async () => {
    const things = await addThings(tenant.context);
    const before = await contentsOf(tenant);
    const named = new Set<string>();
    const ids = Object.entries(things).flatMap(([name, id]) => (name === "seq" || id === nobody ? [] : [id]));
    const { apiKey, browser } = strangers.owner;
    for (const operation of await restOperations(api.baseUrl)) {
      const response = await fetch(api.baseUrl + targetOf(operation, things), {
        method: operation.method,
        headers: { "X-API-Key": apiKey, ...(operation.body !== undefined && json) },
        ...(operation.body !== undefined && { body: JSON.stringify(operation.body) }),
      });
      const text = await response.text();
      for (const name of operation.pathParameters) named.add(name);
      if (operation.pathParameters.length > 0) expect(response.status, operation.path).toBe(404);
      else for (const id of ids) expect(text, operation.path).not.toContain(id);
    }
    expect([...named].toSorted()).toEqual(Object.keys(things).toSorted());

    for (const { name, type, input } of trpcProcedures()) {
      if (type === "subscription") continue;
      const { cursor: _, ...all } = z.record(z.string(), z.unknown()).parse(input ?? {});
      const { filter: __, ...byIds } = all;
      // It takes one of the two.
      const given = name === "chat.bulkExport" ? byIds : all;
      const known = Object.entries({ ...things, chat_ids: [things.chat_id] });
      const about = known.filter(([field]) => field !== "seq" && Object.hasOwn(given, field));
      const asked = JSON.stringify({ ...given, ...Object.fromEntries(about) });
      const answer =
        type === "query"
          ? await read(name, asked, browser)
          : await browser.ask("POST", `/api/trpc/${name}`, JSON.parse(asked));
      // Where an id is only a filter, nothing is found in the place of a refusal; a browser makes no token for any.
      const isFilter = ["deletion.list", "deletion.export", "token.create"].includes(name);
      if (about.length > 0 && !isFilter) expect(answer.text, name).toMatch(/not_found"/);
      else for (const id of ids) expect(answer.text, name).not.toContain(id);
    }
    expect(await contentsOf(tenant)).toEqual(before);
  });
});
