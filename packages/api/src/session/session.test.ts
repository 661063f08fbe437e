import { createApiKey, createSession, revokeApiKey } from "@lethe/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rawRequest } from "../testing/raw-request.ts";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";
import { createWorld, startWorld, writeChat } from "../testing/world.ts";

const { api, world } = await startWorld();

const signIn = (body: string, headers: Record<string, string> = {}) =>
  fetch(`${api.baseUrl}/api/session`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body,
  });

const cookieOf = (response: Response) => response.headers.getSetCookie()[0] ?? "";

const signedIn = async (apiKey = world.keys.all) => {
  const response = await signIn(JSON.stringify({ api_key: apiKey }));
  expect(response.status).toBe(204);
  return cookieOf(response).split(";")[0] ?? "";
};

const query = (cookie: string) =>
  fetch(`${api.baseUrl}/api/trpc/chat.list?input=%7B%7D`, { headers: { Cookie: cookie } });

const rename = async (headers: Record<string, string>) => {
  const chat = await writeChat(world.context);
  const response = await fetch(`${api.baseUrl}/api/trpc/chat.rename`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify({ chat_id: chat.id, title: "Renamed" }),
  });
  return response;
};

describe("signing in", () => {
  it("turns a key into a cookie that scripts and other sites cannot use, and stores no token", async () => {
    const cookie = cookieOf(await signIn(JSON.stringify({ api_key: ` ${world.keys.all} ` })));
    expect(cookie).toMatch(/^lethe_session=[\w-]{43}; /);
    expect(cookie).toContain("HttpOnly");
    expect(cookie).toContain("SameSite=Lax");
    expect(cookie).toContain("Path=/");
    expect(cookie).toContain("Max-Age=604800");
    expect(cookie).not.toContain("Secure");
    const token = /=([^;]*)/.exec(cookie)?.[1] ?? "";
    const rows = await api.db.$queryRaw`SELECT session::text AS row FROM session`;
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  describe("behind a proxy that ends TLS", () => {
    const host = "lethe.example";
    const throughTls = { Host: host, Origin: `https://${host}`, "X-Forwarded-Proto": "https" };
    let behind: TestApi;
    let key: string;
    beforeAll(async () => {
      behind = await startTestApi(undefined, { trustProxy: 1 });
      key = (await createWorld(behind.db)).keys.all;
    });
    afterAll(() => behind.stop());
    const send = (method: string, headers: Record<string, string>) =>
      rawRequest(behind.baseUrl, {
        method,
        path: "/api/session",
        headers: { "Content-Type": "application/json", ...headers },
        ...(method === "POST" && { body: JSON.stringify({ api_key: key }) }),
      });
    const read = async (cookie: string) =>
      (await fetch(`${behind.baseUrl}/api/trpc/chat.list?input=%7B%7D`, { headers: { Cookie: cookie } }))
        .status;

    it("binds the cookie to this host, and takes a plain one away", async () => {
      const { status, headers } = await send("POST", throughTls);
      expect(status).toBe(204);
      const [bound = "", plain = "", ...more] = headers["set-cookie"] ?? [];
      expect(bound).toMatch(/^__Host-lethe_session=[\w-]{43}; .*Secure/);
      expect(bound).not.toContain("Domain");
      expect(plain).toMatch(/^lethe_session=;.*Max-Age=0/);
      expect(more).toEqual([]);
      expect(await read(`lethe_session=planted; ${bound.split(";")[0]}`)).toBe(200);
    });

    it("honours a session that has the plain cookie, and ends both on leaving", async () => {
      const { headers } = await send("POST", { Origin: `http://${host}`, Host: host });
      const [plain = ""] = headers["set-cookie"] ?? [];
      const old = plain.split(";")[0] ?? "";
      expect(await read(old)).toBe(200);
      const [bound = ""] = (await send("POST", throughTls)).headers["set-cookie"] ?? [];
      const both = `${bound.split(";")[0]}; ${old}`;
      expect((await send("DELETE", { ...throughTls, Cookie: both })).status).toBe(204);
      expect(await read(old)).toBe(401);
      expect(await read(bound.split(";")[0] ?? "")).toBe(401);
    });

    it.each([
      ["a page over http of the same host", { ...throughTls, Origin: `http://${host}` }],
      ["a page of another port", { ...throughTls, Origin: `https://${host}:8443` }],
      ["a page over https that came by http", { ...throughTls, "X-Forwarded-Proto": "http" }],
    ])("refuses %s", async (_, headers) => {
      expect((await send("POST", headers)).status).toBe(403);
    });

    it("reads the host that the browser asked for, where the proxy asks for another", async () => {
      const headers = { ...throughTls, Host: "inner:8000", "X-Forwarded-Host": host };
      expect((await send("POST", headers)).status).toBe(204);
    });
  });

  it("tells a page over https what to do if no proxy is believed", async () => {
    const { host } = new URL(api.baseUrl);
    const response = await signIn(JSON.stringify({ api_key: world.keys.all }), {
      Origin: `https://${host}`,
      "X-Forwarded-Proto": "https",
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      code: "origin_refused",
      message: expect.stringContaining("LETHE_TRUST_PROXY=1"),
    });
  });

  it("refuses a page of another site", async () => {
    const response = await signIn(JSON.stringify({ api_key: world.keys.all }), {
      Origin: "https://elsewhere.example",
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: "origin_refused" });
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it.each([
    [401, "an unknown key", '{"api_key":"lethe_nobody"}'],
    [400, "no key", "{}"],
    [400, "a number", '{"api_key":1}'],
    [400, "a list", "[]"],
    [400, "broken JSON", "{"],
    [413, "too many bytes", `{"api_key":"${"x".repeat(10_000)}"}`],
  ])("answers %i to %s, without a cookie", async (status, _, body) => {
    const response = await signIn(body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ status, success: false });
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it.each([
    ["POST", { "If-Match": '"9"' }, 412],
    ["POST", { "If-None-Match": "*" }, 412],
    ["POST", { "If-Match": "zz" }, 400],
    ["DELETE", { "If-Match": '"9"' }, 412],
  ])("honours the conditions of a %s: %j", async (method, headers, status) => {
    const response = await fetch(`${api.baseUrl}/api/session`, {
      method,
      headers: { "Content-Type": "application/json", ...headers },
      ...(method === "POST" && { body: JSON.stringify({ api_key: world.keys.all }) }),
    });
    expect(response.status).toBe(status);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it("answers 415 to a form", async () => {
    expect((await signIn("api_key=x", { "Content-Type": "application/x-www-form-urlencoded" })).status).toBe(
      415,
    );
  });
});

describe("a session", () => {
  it("reads by tRPC, not by REST", async () => {
    const cookie = await signedIn();
    expect((await query(cookie)).status).toBe(200);
    expect((await fetch(`${api.baseUrl}/api/v1/chats`, { headers: { Cookie: cookie } })).status).toBe(401);
  });

  it("has the scopes of its key", async () => {
    const cookie = await signedIn(world.keys.reading);
    const response = await rename({ Cookie: cookie, Origin: api.baseUrl });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      error: { data: { reason: "missing_scope", scope: "chats:write" } },
    });
  });

  it("changes things for its own pages only", async () => {
    const cookie = await signedIn();
    expect((await rename({ Cookie: cookie, Origin: api.baseUrl })).status).toBe(200);
    const foreign = [
      "https://elsewhere.example",
      "null",
      "http://127.0.0.1:1",
      `${api.baseUrl}.example`,
      "nonsense",
    ];
    for (const headers of [{}, ...foreign.map((Origin) => ({ Origin }))]) {
      const response = await rename({ Cookie: cookie, ...headers });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ error: { data: { reason: "origin_refused" } } });
    }
  });

  it("asks no origin of a program with an API key", async () => {
    expect((await rename({ "X-API-Key": world.keys.all, Cookie: await signedIn() })).status).toBe(200);
  });

  it("ends at once when its holder signs out, and takes the cookie away", async () => {
    const cookie = await signedIn();
    expect((await query(cookie)).status).toBe(200);
    const signOut = (headers: Record<string, string>) =>
      fetch(`${api.baseUrl}/api/session`, { method: "DELETE", headers: { Cookie: cookie, ...headers } });
    expect((await signOut({ Origin: "https://elsewhere.example" })).status).toBe(403);
    expect((await query(cookie)).status).toBe(200);
    const response = await signOut({ Origin: api.baseUrl });
    expect(response.status).toBe(204);
    expect(cookieOf(response)).toMatch(/^lethe_session=;.*Max-Age=0/);
    expect((await query(cookie)).status).toBe(401);
    expect((await signOut({ Origin: api.baseUrl })).status).toBe(204);
  });

  it("dies with its key", async () => {
    const { tenantId } = world.context;
    const key = await createApiKey(api.db, { tenantId, name: "short-lived" });
    const cookie = await signedIn(key.apiKey);
    expect((await query(cookie)).status).toBe(200);
    await revokeApiKey(api.db, { tenantId, id: key.id });
    await expect.poll(async () => (await query(cookie)).status, { interval: 200 }).toBe(401);
  });

  it("ends when its time is over", async () => {
    const principal = await api.services.authenticator.apiKey(world.keys.all);
    const { token } = await createSession(api.db, principal, { ttlMs: 300 });
    expect((await query(`lethe_session=${token}`)).status).toBe(200);
    await expect.poll(async () => (await query(`lethe_session=${token}`)).status).toBe(401);
  });

  it.each([
    "lethe_session=",
    "lethe_session=%00",
    "lethe_session=%zz",
    `lethe_session=${"x".repeat(3_000)}`,
    "=;=;lethe_session",
  ])("is not made up by %j", async (cookie) => {
    expect((await query(cookie)).status).toBe(401);
  });
});
