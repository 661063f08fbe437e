import { createChat } from "@lethe/core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { chatIdSchema } from "./schemas/index.ts";
import {
  inputSchemas,
  type Procedure,
  type RestOperation,
  restOperations,
  targetOf,
  trpcProcedures,
  withName,
} from "./testing/operations.ts";
import { type RawAnswer, rawRequest } from "./testing/raw-request.ts";
import { startTestApi, type TestApi } from "./testing/start-test-api.ts";
import { contentsOf, createWorld, type World, writeChat } from "./testing/world.ts";

const name = "unheard_of";

let api: TestApi;
let world: World;
let operations: RestOperation[];
const procedures = trpcProcedures();
/** The chat that all examples are about: each of them could do something. */
const chatId = z.string().parse(chatIdSchema.meta()?.example);

beforeAll(async () => {
  api = await startTestApi();
  world = await createWorld(api.db);
  await createChat(world.context, { id: chatId, title: "Stays" });
  operations = await restOperations(api.baseUrl);
});
afterAll(() => api.stop());

const contents = () => contentsOf(world);

const send = (method: string, path: string, json?: unknown, headers?: Record<string, string>) => {
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  const type = json === undefined ? {} : { "Content-Type": "application/json" };
  return rawRequest(api.baseUrl, {
    method,
    path,
    headers: { "X-API-Key": world.keys.all, ...type, ...headers },
    ...body,
  });
};

const target = (operation: RestOperation, more: [string, string][] = []) =>
  targetOf(operation, { chat_id: chatId }, more);

const call = (
  { type, name: path }: Pick<Procedure, "type" | "name">,
  input: unknown,
  query = "",
  headers: Record<string, string> = {},
) =>
  type === "mutation"
    ? send("POST", `/api/trpc/${path}?${query}`, input, headers)
    : send(
        "GET",
        `/api/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}&${query}`,
        undefined,
        headers,
      );

const number = z.object({ minimum: z.number().optional(), maximum: z.number().optional() });
const numbersOf = z.object({ properties: z.record(z.string(), number).default({}) });
const problem = z.object({ status: z.literal(400), errors: z.array(z.unknown()) });
const data = z.object({ httpStatus: z.literal(400), errors: z.array(z.unknown()) });
const refusal = z.union([problem, z.object({ data }), z.object({ error: z.object({ data }) })]);

/** A subscription has begun its stream when it reads its input. */
const inStream = /^event: serialized-error\ndata: (.*)$/m;

function expectRefused(answer: RawAnswer, field: string, message = `${name} is not known here; `): void {
  const streamed = inStream.exec(answer.body)?.[1];
  if (streamed === undefined) expect(answer.status, answer.body).toBe(400);
  const read = refusal.parse(JSON.parse(streamed ?? answer.body));
  const { errors } = "error" in read ? read.error.data : "data" in read ? read.data : read;
  expect(errors).toContainEqual({ field, message: expect.stringContaining(message) });
}

describe("a request with a name that is not known is refused, and nothing is done", () => {
  let before: unknown;
  beforeAll(async () => {
    before = await contents();
  });
  afterEach(async () => {
    expect(await contents()).toEqual(before);
  });

  it("in every place of every operation of REST", async () => {
    for (const operation of operations) {
      const { method, body } = operation;
      expectRefused(await send(method, target(operation, [[name, "1"]]), body), name);
      for (const { value, field } of withName(body ?? {}, name)) {
        const answer = await send(method, target(operation), value);
        if (method === "GET") expectRefused(answer, "body", "This call reads no body");
        else expectRefused(answer, field);
      }
    }
  });

  it("in every place of every procedure of tRPC", async () => {
    for (const procedure of procedures) {
      expectRefused(await call(procedure, procedure.input, `${name}=1`), name);
      for (const { value, field } of withName(procedure.input, name))
        expectRefused(await call(procedure, value), field);
    }
  });

  it("beside the inputs of a batch", async () => {
    const input = { chat_id: chatId };
    for (const other of [name, "1", "00", "__proto__"]) {
      const inputs = `{"0":${JSON.stringify(input)},"${other}":{}}`;
      const parameters = `batch=1&input=${encodeURIComponent(inputs)}`;
      for (const answer of [
        await send("GET", `/api/trpc/chat.byId?${parameters}`),
        await rawRequest(api.baseUrl, {
          method: "POST",
          path: "/api/trpc/chat.delete?batch=1",
          headers: { "X-API-Key": world.keys.all, "Content-Type": "application/json" },
          body: inputs,
        }),
      ])
        expectRefused(answer, other, `${other} is not known here; `);
    }
  });

  it.each([
    ["one input for two calls", "chat.delete,chat.delete", (one: string) => `{"0":${one}}`, "1"],
    ["only the second of two", "chat.delete,chat.delete", (one: string) => `{"1":${one}}`, "0"],
    ["none", "chat.delete", () => "{}", "0"],
    ["a list", "chat.delete", (one: string) => `[${one}]`, "0"],
    ["the same name twice", "chat.delete", (one: string) => `{"0":${one},"0":${one}}`, "0"],
    ["more than calls", "chat.delete", (one: string) => `{"0":${one},"1":${one}}`, "1"],
    ["an escaped comma", "chat.delete%2Cchat.delete", (one: string) => `{"0":${one}}`, "1"],
    ["another batch", "chat.delete", (one: string) => one, "batch", "batch=true"],
  ])("where a batch has %s", async (_, names, body, field, query = "batch=1") => {
    const answer = await rawRequest(api.baseUrl, {
      method: "POST",
      path: `/api/trpc/${names}?${query}`,
      headers: { "X-API-Key": world.keys.all, "Content-Type": "application/json" },
      body: body(JSON.stringify({ chat_id: chatId })),
    });
    expectRefused(answer, field, field);
  });

  it("with a condition in the headers of tRPC, where none can be met", async () => {
    for (const procedure of procedures) {
      for (const headers of [{ "If-Match": '"99"' }, { "If-None-Match": "*" }])
        expect(await call(procedure, procedure.input, "", headers), procedure.name).toMatchObject({
          status: 412,
          body: expect.stringContaining('"reason":"precondition_failed"'),
        });
      expectRefused(
        await call(procedure, procedure.input, "", { "If-Match": "99" }),
        "If-Match",
        "If-Match must be",
      );
    }
    const met = { "If-Match": "*", "If-None-Match": '"99"' };
    const read = await call({ type: "query", name: "chat.byId" }, { chat_id: chatId }, "", met);
    expect(read.status).toBe(200);
  });

  it("at the API's own document", async () => {
    expectRefused(await send("GET", `/api/v1/openapi.json?${name}=1`), name);
  });

  it("in a body of any kind to any call that reads none", async () => {
    const headers = { "X-API-Key": world.keys.all, "Content-Type": "application/json" };
    for (const operation of operations.filter(({ body }) => body === undefined))
      for (const body of ["{}", "null", "[]", " ", "force"])
        expectRefused(
          await rawRequest(api.baseUrl, { method: operation.method, path: target(operation), headers, body }),
          "body",
          "This call reads no body",
        );
    const trpc = { method: "GET", path: "/api/trpc/settings.get", headers, body: "{}" };
    expectRefused(await rawRequest(api.baseUrl, trpc), "body", "This call reads no body");
  });

  it("with a number beyond its bounds, which the refusal tells", async () => {
    let numbers = 0;
    for (const procedure of procedures) {
      const { properties } = numbersOf.parse(inputSchemas()[procedure.name]);
      for (const [field, { minimum, maximum }] of Object.entries(properties)) {
        if (minimum === undefined || maximum === undefined) continue;
        expect(maximum).toBeLessThan(2 ** 31);
        numbers += 1;
        for (const wrong of [minimum - 1, maximum + 1, 1e20])
          expectRefused(
            await call(procedure, { ...Object(procedure.input), [field]: wrong }),
            field,
            `${field} must be a whole number from ${minimum} to ${maximum}`,
          );
      }
    }
    expect(numbers).toBeGreaterThanOrEqual(10);
    const far = await send("GET", `/api/v1/chats/${chatId}/messages/99999999999999999999`);
    expectRefused(far, "seq", "from 1 to 2147483647");
  });

  it("at the sign-in and the sign-out", async () => {
    const body = { api_key: world.keys.all };
    expectRefused(await send("POST", `/api/session?${name}=1`, body), name);
    expectRefused(await send("POST", "/api/session", { ...body, [name]: true }), name);
    expectRefused(await send("DELETE", `/api/session?${name}=1`), name);
    expectRefused(await send("DELETE", "/api/session", { [name]: true }), name);
  });

  it.each([
    ["DELETE", "?Force=true", "Force", "Force is not known here; did you mean force?"],
    ["DELETE", "?force=false&force=true", "force", "force is there more than once; send it once"],
    ["DELETE", "?dry_run=true", "dry_run", "dry_run is not known here; there is only force"],
    ["DELETE", "?__proto__=1", "__proto__", "__proto__ is not known here; there is only force"],
    ["DELETE", "?=1", '""', '"" is not known here; there is only force'],
    ["GET", "?a%0Ab=1", String.raw`"a\nb"`, String.raw`"a\nb" is not known here; leave it out`],
  ])("%s %s says which name, and what was meant", async (method, query, field, message) => {
    const answer = await send(method, `/api/v1/chats/${chatId}${query}`);
    expectRefused(answer, field, message);
  });

  it.each([
    ["chat.delete", { ifVersion: 99 }, "ifVersion is not known here; did you mean if_version?"],
    ["chat.delete", { if_vresion: 99 }, "if_vresion is not known here; did you mean if_version?"],
  ])("%s %j says which name, and what was meant", async (path, extra, message) => {
    const answer = await send("POST", `/api/trpc/${path}`, { chat_id: chatId, ...extra });
    expectRefused(answer, Object.keys(extra).join(), message);
  });
});

it("takes an empty body for none", async () => {
  const headers = { "X-API-Key": world.keys.all };
  for (const framing of ["length", "chunked"] as const) {
    const { id } = await writeChat(world.context);
    const empty = { method: "DELETE", path: `/api/v1/chats/${id}`, headers, body: "", framing };
    expect((await rawRequest(api.baseUrl, empty)).status).toBe(200);
  }
});

it("takes every one of these requests without that name", async () => {
  for (const operation of operations) {
    // An archive is of one or the other of two.
    if (/\/bulk-(delete|export)$/.test(operation.path) || operation.method === "DELETE") continue;
    const answer = await send(operation.method, target(operation), operation.body);
    expect(answer.status, `${operation.path}: ${answer.body}`).not.toBe(400);
  }
});
