import { createSession } from "@lethe/core";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { startTestApi } from "../testing/start-test-api.ts";
import { createWorld, openSockets, writeChat } from "../testing/world.ts";

const page = "https://app.example";
const api = await startTestApi(undefined, { allowedOrigins: [page, "http://localhost:5173"], perMinute: 50 });
afterAll(() => api.stop());
const world = await createWorld(api.db);

const call = (path: string, { headers, ...init }: RequestInit & { headers?: Record<string, string> } = {}) =>
  fetch(`${api.baseUrl}${path}`, {
    ...init,
    headers: { "X-API-Key": world.keys.all, Origin: page, ...headers },
  });

const corsOf = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith("access-control-")));
const varies = ({ headers }: Response) => headers.get("vary")?.split(", ") ?? [];

const preflight = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${api.baseUrl}${path}`, {
    method: "OPTIONS",
    headers: {
      Origin: page,
      "Access-Control-Request-Method": "DELETE",
      "Access-Control-Request-Headers": "authorization,if-match",
      ...headers,
    },
  });

describe("a page of an allowed origin", () => {
  it.each(["/api/v1/chats/x", "/api/trpc/chat.delete", "/api/v1/nowhere"])(
    "is told without a key that it may ask for %s, and for how long it need not ask that again",
    async (path) => {
      const answer = await preflight(path);
      expect(answer.status).toBe(204);
      expect(varies(answer)).toEqual(["Origin"]);
      expect(corsOf(answer)).toEqual({
        "access-control-allow-origin": page,
        "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
        "access-control-allow-headers": expect.stringContaining("Authorization, Content-Type"),
        "access-control-max-age": "86400",
      });
    },
  );

  it("reads whatever is answered: successes, refusals and what is not there", async () => {
    const { id } = await writeChat(world.context);
    await openSockets(world.context, id, 1);
    const answers: [number, Response][] = [
      [200, await call(`/api/v1/chats/${id}`)],
      [200, await call("/api/v1/chats", { headers: { "Accept-Encoding": "gzip" } })],
      [304, await call(`/api/v1/chats/${id}`, { headers: { "If-None-Match": "*" } })],
      [401, await call("/api/v1/chats", { headers: { "X-API-Key": "wrong" } })],
      [403, await call("/api/v1/keys", { headers: { "X-API-Key": world.keys.reading } })],
      [404, await call("/api/v1/nowhere")],
      [405, await call("/api/v1/chats", { method: "PUT" })],
      [409, await call(`/api/v1/chats/${id}`, { method: "DELETE" })],
      [415, await call("/api/v1/chats", { method: "POST", body: "x" })],
      [200, await call("/api/trpc/chat.list?input=%7B%7D")],
      [400, await call("/api/trpc/chat.list?input=%7B")],
      [404, await call("/api/trpc/chat.none")],
      [200, await call("/api/v1/chats", { headers: { Origin: "http://localhost:5173" } })],
    ];
    for (const [status, answer] of answers) {
      expect(answer.status, answer.url).toBe(status);
      expect(answer.headers.get("access-control-allow-origin"), answer.url).toMatch(/app\.example$|:5173$/);
      expect(varies(answer), answer.url).toContain("Origin");
      expect(answer.headers.has("access-control-allow-credentials")).toBe(false);
      await answer.body?.cancel();
    }
  });

  it("is shown every header of which the OpenAPI document tells", async () => {
    const answer = await call("/api/v1/openapi.json");
    const shown = answer.headers.get("access-control-expose-headers")?.split(", ") ?? [];
    const described = z
      .object({
        paths: z.record(
          z.string(),
          z.record(
            z.string(),
            z.object({
              responses: z.record(
                z.string(),
                z.object({ headers: z.record(z.string(), z.unknown()).default({}) }),
              ),
            }),
          ),
        ),
      })
      .parse(await answer.json());
    const names = Object.values(described.paths)
      .flatMap((operations) => Object.values(operations))
      .flatMap(({ responses }) => Object.values(responses))
      .flatMap(({ headers }) => Object.keys(headers))
      // That is for the browser itself.
      .filter((name) => name !== "Content-Security-Policy");
    expect(shown).toEqual(expect.arrayContaining([...new Set(names)]));
  });

  it("hears the tenant's events, and may say which was its last", async () => {
    const stream = await call("/api/trpc/events.subscribe");
    expect(stream.headers.get("content-type")).toContain("text/event-stream");
    expect(stream.headers.get("access-control-allow-origin")).toBe(page);
    await stream.body?.cancel();
    const allowed = (await preflight("/api/trpc/events.subscribe")).headers.get(
      "access-control-allow-headers",
    );
    expect(allowed?.split(", ")).toContain("Last-Event-ID");
  });

  it("gets nothing by the cookie of whoever looks at it, reading or writing", async () => {
    const key = await api.db.apiKey.findFirstOrThrow({
      where: {
        tenantId: world.context.tenantId,
        revokedAt: null,
        expiresAt: null,
        scopes: { hasEvery: ["chats:read", "chats:write"] },
      },
    });
    const { token } = await createSession(api.db, { tenantId: world.context.tenantId, apiKeyId: key.id });
    const Cookie = `lethe_session=${token}`;
    const read = async (headers: Record<string, string>) =>
      (await fetch(`${api.baseUrl}/api/trpc/chat.list?input=%7B%7D`, { headers: { Cookie, ...headers } }))
        .status;
    expect([await read({}), await read({ Origin: api.baseUrl }), await read({ Origin: page })]).toEqual([
      200, 200, 403,
    ]);
    const stream = await fetch(`${api.baseUrl}/api/trpc/events.subscribe`, {
      headers: { Cookie, Origin: page },
    });
    expect(await stream.text()).toContain("origin_refused");
    const written = await fetch(`${api.baseUrl}/api/trpc/chat.create`, {
      method: "POST",
      headers: { Cookie, Origin: page, "Content-Type": "application/json" },
      body: JSON.stringify({ title: "Not mine" }),
    });
    expect(written.status).toBe(403);
    const signOut = await fetch(`${api.baseUrl}/api/session`, {
      method: "DELETE",
      headers: { Cookie, Origin: page },
    });
    expect(signOut.status).toBe(403);
    expect(corsOf(signOut)).toEqual({});
  });
});

describe("a page of another origin", () => {
  it.each([
    "https://evil.example",
    "http://app.example",
    "https://app.example:8443",
    "https://app.example.evil.example",
    "https://APP.example",
    "null",
  ])("%s is told nothing that lets it read", async (origin) => {
    const asked = await preflight("/api/v1/chats", { Origin: origin });
    expect(asked.headers.get("allow")).toBe("GET, HEAD, OPTIONS, POST");
    const answers = [asked, await call("/api/v1/chats", { headers: { Origin: origin } })];
    for (const answer of answers) {
      expect(corsOf(answer)).toEqual({});
      expect(varies(answer)).toContain("Origin");
    }
  });

  it("is not told either where nobody comes from a page, or of what is for pages of this host alone", async () => {
    const program = await fetch(`${api.baseUrl}/api/v1/chats`);
    expect([corsOf(program), varies(program)]).toEqual([{}, ["Origin"]]);
    for (const path of ["/api/session", "/livez", "/metrics", "/version", "/api/auth/get-session"]) {
      const answer = await call(path);
      expect(corsOf(answer), path).toEqual({});
      await answer.body?.cancel();
    }
  });
});
