import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  anyText,
  body,
  deepClosed,
  headerValue,
  json,
  method,
  path,
  procedure,
  query,
  wild,
} from "./testing/arbitrary-requests.ts";
import { type RawAnswer, rawRequest } from "./testing/raw-request.ts";
import { startTestApi, type TestApi } from "./testing/start-test-api.ts";
import { createWorld, type World, writeChat } from "./testing/world.ts";

const secret = "only strangers may read this";
const runs = { numRuns: 150 };

let api: TestApi;
let world: World;
let own: { id: string };
let foreign: { id: string };

beforeAll(async () => {
  api = await startTestApi();
  world = await createWorld(api.db);
  own = await writeChat(world.context, { title: "Our own", messages: 2 });
  foreign = await writeChat(world.strangers, { title: secret, messages: 2 });
});
afterEach(async () => {
  const [chat] = await api.db.chat.findMany({ where: { id: foreign.id } });
  expect(chat).toMatchObject({ title: secret, messageCount: 2, version: 3 });
});
afterAll(() => api.stop());

/** What is no HTTP, or no URL, or has too large a head, is refused before anything of ours has seen it. */
const refusedByNode = ({ status, body, headers }: RawAnswer) =>
  [400, 431].includes(status) && body === "" && headers["x-request-id"] === undefined;

/** Whatever was sent: an answer that is not our fault, in JSON, about nobody else. */
function expectHarmless(answer: RawAnswer): void {
  expect(answer.status, answer.body).toBeLessThan(500);
  expect(answer.body).not.toContain(secret);
  if (refusedByNode(answer)) return;
  expect(answer.headers["x-request-id"]).toBeTypeOf("string");
  if (answer.status < 400 || answer.body === "") return;
  expect(answer.headers["content-type"]).toMatch(/^application\/(problem\+)?json$/);
  JSON.parse(answer.body);
}

const send = (
  method: string,
  path: string,
  options: { headers?: Record<string, string>; body?: string | Uint8Array } = {},
) =>
  rawRequest(api.baseUrl, {
    method,
    path,
    ...options,
    headers: { "X-API-Key": world.keys.all, "Content-Type": "application/json", ...options.headers },
  });

const routes = () => [
  "/api/v1/chats",
  `/api/v1/chats/${own.id}`,
  `/api/v1/chats/${foreign.id}`,
  `/api/v1/chats/${own.id}/messages`,
  `/api/v1/chats/${foreign.id}/messages`,
];
const route = fc.nat({ max: 4 });
const routeAt = (index: number) => routes()[index] ?? "/";
describe("malformed requests are never our fault and never show another tenant's data", () => {
  it("paths and methods", async () => {
    await fc.assert(
      fc.asyncProperty(method, path, query, async (verb, tail, parameters) => {
        expectHarmless(await send(verb, `/api/v1/chats/${tail}?${parameters}`));
        expectHarmless(await send(verb, `/${tail}?${parameters}`));
      }),
      runs,
    );
  });

  it("query strings", async () => {
    await fc.assert(
      fc.asyncProperty(route, query, async (index, parameters) => {
        expectHarmless(await send("GET", `${routeAt(index)}?${parameters}`));
      }),
      runs,
    );
  });

  it("cursors, those of other lists and tenants included", async () => {
    const places = fc.oneof(
      fc.jsonValue(),
      fc.tuple(
        fc.constantFrom("oldest_first", "newest_first"),
        fc.oneof(fc.integer(), fc.double(), fc.bigInt().map(String)),
      ),
      fc.tuple(
        fc.oneof(
          fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
          anyText,
        ),
        fc.oneof(fc.uuid(), anyText),
      ),
    );
    await fc.assert(
      fc.asyncProperty(route, places, async (index, place) => {
        const cursor = Buffer.from(JSON.stringify(place)).toString("base64url");
        expectHarmless(await send("GET", `${routeAt(index)}?cursor=${cursor}`));
      }),
      { numRuns: 300 },
    );
  });

  it("bodies", async () => {
    const writes = fc.constantFrom("POST", "PATCH", "DELETE");
    await fc.assert(
      fc.asyncProperty(writes, route, body, async (verb, index, sent) => {
        // Deleting our own chat is no malformed request.
        if (verb === "DELETE" && index === 1) return;
        expectHarmless(await send(verb, routeAt(index), { body: sent }));
      }),
      runs,
    );
  });

  it("headers", async () => {
    const name = fc.constantFrom(
      "x-api-key",
      "x-request-id",
      "if-match",
      "if-none-match",
      "content-type",
      "cookie",
      "origin",
      "accept",
      "last-event-id",
      "trpc-accept",
      "content-length",
      "transfer-encoding",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("GET", "PATCH"),
        route,
        name,
        headerValue,
        async (verb, index, header, value) => {
          if (["content-length", "transfer-encoding"].includes(header)) return;
          const sent = verb === "PATCH" ? { body: '{"title":"Our own"}' } : {};
          expectHarmless(await send(verb, routeAt(index), { headers: { [header]: value }, ...sent }));
          expectHarmless(await send(verb, "/api/trpc/chat.list", { headers: { [header]: value }, ...sent }));
        },
      ),
      runs,
    );
  });

  it("inputs of tRPC, batches included", async () => {
    const batch = fc.constantFrom("", "&batch=1", "&batch=0");
    await fc.assert(
      fc.asyncProperty(
        procedure,
        batch,
        fc.oneof(
          json,
          wild,
          deepClosed.filter((text) => text.length < 8_000),
          anyText,
        ),
        async (name, mode, input) => {
          const encoded = encodeURIComponent(input.toWellFormed());
          expectHarmless(await send("GET", `/api/trpc/${name}?input=${encoded}${mode}`));
          expectHarmless(await send("POST", `/api/trpc/${name}?${mode}`, { body: input }));
        },
      ),
      runs,
    );
  });

  it("other tenants' chats under every guess of an input", async () => {
    const extras = fc.dictionary(
      fc.constantFrom("tenant_id", "tenantId", "force", "if_version", "title", "author", "body", "limit"),
      fc.jsonValue(),
    );
    const on = fc.constantFrom("chat.byId", "chat.rename", "chat.delete", "message.list", "message.create");
    await fc.assert(
      fc.asyncProperty(on, extras, async (name, extra) => {
        const input = JSON.stringify({ ...extra, chat_id: foreign.id });
        const answers = [
          await send("GET", `/api/trpc/${name}?input=${encodeURIComponent(input)}`),
          await send("POST", `/api/trpc/${name}`, { body: input }),
        ];
        for (const answer of answers) {
          expectHarmless(answer);
          expect(answer.status).toBeGreaterThanOrEqual(400);
        }
      }),
      runs,
    );
  });
});
