import { createApiKey } from "@lethe/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { problemSchema } from "../schemas/index.ts";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";
import { trpcEntrance } from "../testing/trpc-caller.ts";
import { createWorld, type World } from "../testing/world.ts";

const perMinute = 5;
let api: TestApi;
let world: World;
beforeAll(async () => {
  api = await startTestApi(undefined, { perMinute });
  world = await createWorld(api.db);
});
afterAll(() => api.stop());

const newKey = async () => {
  const { tenantId } = world.context;
  return (await createApiKey(api.db, { tenantId, name: "calls" })).apiKey;
};
const get = (path: string, apiKey: string, headers: Record<string, string> = {}) =>
  fetch(`${api.baseUrl}${path}`, { headers: { "X-API-Key": apiKey, ...headers } });
/** As the draft writes it: `"default";r=3;t=60`. */
const standingOf = ({ headers }: Response) => {
  const [, remaining, reset] = /^"default";r=(\d+);t=(\d+)$/.exec(headers.get("ratelimit") ?? "") ?? [];
  return { remaining: Number(remaining), reset: Number(reset) };
};
const spend = async (apiKey: string, calls: number) => {
  for (let n = 0; n < calls; n += 1) await (await get("/api/v1/chats", apiKey)).arrayBuffer();
};

describe("over REST", () => {
  it("every answer says the limit and what is left of it, refusals too", async () => {
    const apiKey = await newKey();
    const paths = ["/api/v1/chats", "/api/v1/chats/x", "/api/v1/deletions?limit=0", "/api/v1/chats"];
    for (const [index, path] of paths.entries()) {
      const answer = await get(path, apiKey);
      expect(answer.headers.get("ratelimit-policy")).toBe('"default";q=5;w=60');
      expect(standingOf(answer).remaining).toBe(perMinute - 1 - index);
      expect(standingOf(answer).reset).toBeGreaterThan(50);
      expect(standingOf(answer).reset).toBeLessThanOrEqual(60);
    }
    const forbidden = await get("/api/v1/chats", world.keys.writing);
    expect([forbidden.status, standingOf(forbidden).remaining]).toEqual([403, perMinute - 1]);
  });

  it("one call too many is refused until the minute is over, each key for itself", async () => {
    const [apiKey, other] = [await newKey(), await newKey()];
    const answers = await Promise.all(Array.from({ length: 9 }, () => get("/api/v1/chats", apiKey)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(perMinute);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(4);
    for (const answer of refused) {
      const problem = problemSchema.strict().parse(await answer.json());
      expect(problem).toMatchObject({ code: "rate_limited", title: "Too Many Requests", success: false });
      expect(answer.headers.get("retry-after")).toBe(String(problem.retry_after));
      expect(problem.retry_after).toBe(standingOf(answer).reset);
      expect(standingOf(answer).remaining).toBe(0);
    }
    expect((await get("/api/v1/chats", other)).status).toBe(200);
  });

  it("changes nothing, under an Idempotency-Key either, which is free afterwards", async () => {
    const apiKey = await newKey();
    await spend(apiKey, perMinute);
    const create = await fetch(`${api.baseUrl}/api/v1/chats`, {
      method: "POST",
      headers: { "X-API-Key": apiKey, "Content-Type": "application/json", "Idempotency-Key": "k" },
      body: '{"title":"Too many"}',
    });
    expect(create.status).toBe(429);
    expect(await api.db.chat.count({ where: { title: "Too many" } })).toBe(0);
    expect(await api.db.idempotencyKey.count()).toBe(0);
  });

  it("does not count what needs no key, nor strangers", async () => {
    const apiKey = await newKey();
    await spend(apiKey, perMinute + 1);
    for (const path of ["/livez", "/readyz", "/version", "/api/v1/openapi.json", "/elsewhere"]) {
      const answer = await get(path, apiKey);
      expect(answer.status, path).not.toBe(429);
      expect(answer.headers.has("ratelimit"), path).toBe(false);
    }
    for (let n = 0; n < perMinute + 2; n += 1) {
      const answer = await get("/api/v1/chats", "lethe_00000000_nobodys");
      expect([answer.status, answer.headers.has("ratelimit")]).toEqual([401, false]);
    }
  });
});

describe("over tRPC", () => {
  it("is the same refusal", async () => {
    const apiKey = await newKey();
    await spend(apiKey, perMinute);
    const { status, body, retryAfter } = await trpcEntrance(api.baseUrl).call("chat.list", {}, apiKey);
    expect([status, body.code]).toEqual([429, "rate_limited"]);
    expect(retryAfter).toBe(String(body.retry_after));
  });

  it("counts every call of a batch", async () => {
    const apiKey = await newKey();
    const batch =
      "/api/trpc/chat.list,chat.list,deletion.list?batch=1&input=%7B%220%22:%7B%7D,%221%22:%7B%7D,%222%22:%7B%7D%7D";
    const first = await get(batch, apiKey);
    expect([first.status, standingOf(first).remaining]).toEqual([200, perMinute - 3]);
    const second = await get(batch, apiKey);
    expect([second.status, standingOf(second).remaining]).toEqual([207, 0]);
    expect(await second.text()).toContain("rate_limited");
  });

  it("counts a session with the key that it was made with", async () => {
    const apiKey = await newKey();
    const signIn = await fetch(`${api.baseUrl}/api/session`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ api_key: apiKey }),
    });
    expect([signIn.status, standingOf(signIn).remaining]).toEqual([204, perMinute - 1]);
    const cookie = signIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const list = await fetch(`${api.baseUrl}/api/trpc/chat.list?input=%7B%7D`, { headers: { cookie } });
    expect([list.status, standingOf(list).remaining]).toEqual([200, perMinute - 2]);
    await spend(apiKey, 3);
    const late = await fetch(`${api.baseUrl}/api/trpc/chat.list?input=%7B%7D`, { headers: { cookie } });
    expect(late.status).toBe(429);
  });
});

it("without a limit nobody is counted", async () => {
  const unlimited = await startTestApi();
  const { keys } = await createWorld(unlimited.db);
  const answer = await fetch(`${unlimited.baseUrl}/api/v1/chats`, { headers: { "X-API-Key": keys.all } });
  expect([answer.status, answer.headers.has("ratelimit")]).toEqual([200, false]);
  await unlimited.stop();
});
