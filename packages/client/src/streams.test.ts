import type { TenantEvent } from "@lethe/api/schemas";
import { createWorld, startTestApi, type TestApi, type World } from "@lethe/api/testing";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createLetheClient } from "./create-lethe-client.ts";
import type { IssuedToken } from "./credentials.ts";
import { toLetheError } from "./lethe-error.ts";
import { createLetheRest } from "./rest.ts";

describe("a stream of events", () => {
  let api: TestApi;
  let world: World;
  beforeAll(async () => {
    api = await startTestApi();
    world = await createWorld(api.db);
  });
  afterAll(() => api.stop());

  /** What a page's own server does, with a key of it. */
  async function issue(apiKey: string): Promise<IssuedToken> {
    const { data } = await createLetheRest({ url: api.baseUrl, apiKey }).POST("/api/v1/tokens", {
      body: { scopes: ["chats:read"], expires_in: 900 },
    });
    if (!data) throw new Error("There is no token");
    return data;
  }

  function follow(token: () => Promise<IssuedToken>) {
    const told: TenantEvent[] = [];
    const errors: string[] = [];
    const client = createLetheClient({ url: api.baseUrl, token });
    const stream = client.events.subscribe.subscribe(undefined, {
      onData: ({ data }) => void told.push(data),
      onError: (error) => void errors.push(toLetheError(error).code),
    });
    onTestFinished(() => stream.unsubscribe());
    return { told, errors };
  }

  it("goes on with another token where its own is over, and misses nothing", async () => {
    const rest = createLetheRest({ url: api.baseUrl, apiKey: world.keys.all });
    const first = await rest.POST("/api/v1/keys", { body: { name: "first", scopes: ["chats:read"] } });
    const keys = [first.data?.api_key, world.keys.reading];
    let issued = 0;
    const { told, errors } = follow(() => issue(keys[issued++] ?? ""));
    await expect.poll(() => told.length).toBe(1);

    await rest.DELETE("/api/v1/keys/{key_id}", { params: { path: { key_id: first.data?.id ?? "" } } });
    await expect.poll(() => issued).toBe(2);
    const chat = await rest.POST("/api/v1/chats", { body: { title: "Made meanwhile" } });
    await expect.poll(() => told.at(-1)).toMatchObject({ type: "chat.created", chat: { id: chat.data?.id } });
    expect([told.filter(({ type }) => type === "resync").length, issued, errors]).toEqual([1, 2, []]);
  });

  it("ends where no token is taken", async () => {
    const { token } = await issue(world.keys.reading);
    let issued = 0;
    const { told, errors } = follow(async () => ({
      token: `${token.slice(0, -40)}${"A".repeat(40)}`,
      expires_at: new Date(Date.now() + 900_000 + issued++).toISOString(),
    }));
    await expect.poll(() => errors).toEqual(["UNAUTHORIZED"]);
    expect([told, issued]).toEqual([[], expect.any(Number)]);
    expect(issued).toBeGreaterThanOrEqual(2);
  });
});
