import { once } from "node:events";
import { createServer } from "node:http";
import { test as base, expect, serverUrl } from "./support/test.ts";

/** A page of another origin on the same site: SameSite lets the cookie through, so the server has to look. */
const test = base.extend<{ elsewhere: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names from the pattern
  elsewhere: async ({}, use) => {
    const server = createServer((_, answer) => {
      answer.setHeader("Content-Type", "text/html");
      answer.end("<h1>Win a prize</h1>");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    await use(`http://localhost:${typeof address === "object" && address ? address.port : 0}`);
    server.closeAllConnections();
    server.close();
  },
});

test("a foreign page's script cannot delete with the visitor's cookie", async ({
  dashboard,
  elsewhere,
  api,
}) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Safe");
  await page.goto(elsewhere);
  const sent = await page.evaluate(
    ([url, chatId]) =>
      fetch(`${url}/api/trpc/chat.delete`, {
        method: "POST",
        credentials: "include",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ chat_id: chatId }),
      }).then(
        () => "answered",
        () => "blocked",
      ),
    [serverUrl(), id],
  );
  expect(sent).toBe("blocked");
  expect(await api.statusOf(id)).toBe(200);
});

test("a foreign page's form, which browsers do send, is refused", async ({ dashboard, elsewhere, api }) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Safe");
  await page.goto(elsewhere);
  const answered = page.waitForResponse("**/api/trpc/chat.delete");
  await page.evaluate(
    ([url, chatId]) => {
      const form = document.createElement("form");
      form.method = "post";
      form.enctype = "text/plain";
      form.action = `${url}/api/trpc/chat.delete`;
      const field = document.createElement("input");
      field.name = `{"chat_id":"${chatId}","padding":"`;
      field.value = `"}`;
      form.append(field);
      document.body.append(form);
      form.submit();
    },
    [serverUrl(), id],
  );
  const answer = await answered;
  expect((await answer.request().allHeaders()).cookie).toContain("lethe_session");
  expect([403, 415]).toContain(answer.status());
  expect(await api.statusOf(id)).toBe(200);
});

test("a change by cookie is refused unless its Origin is this host", async ({
  dashboard,
  elsewhere,
  api,
}) => {
  const { request } = dashboard.page;
  const { id } = await api.createChat("Safe");
  for (const Origin of [elsewhere, "https://evil.example", "null"]) {
    const answer = await request.post("/api/trpc/chat.delete", {
      headers: { Origin },
      data: { chat_id: id },
    });
    expect(answer.status(), Origin).toBe(403);
  }
  const without = await request.post("/api/trpc/chat.delete", { data: { chat_id: id } });
  expect(without.status()).toBe(403);
  const foreignSignIn = await request.post("/api/session", {
    headers: { Origin: elsewhere },
    data: { api_key: "your-tenant-api-key" },
  });
  expect(foreignSignIn.status()).toBe(403);
  expect(await api.statusOf(id)).toBe(200);

  const own = await request.post("/api/trpc/chat.delete", {
    headers: { Origin: serverUrl() },
    data: { chat_id: id },
  });
  expect(own.status()).toBe(200);
});

test("a foreign page cannot listen to a chat with the visitor's cookie", async ({
  dashboard,
  elsewhere,
  api,
}) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Overheard", ["Secret"]);
  const listen = (origin: string) =>
    page.evaluate(
      ([url, chatId]) =>
        new Promise<string>((resolve) => {
          const socket = new WebSocket(`${String(url).replace("http", "ws")}/api/v1/chats/${chatId}/live`);
          socket.addEventListener("message", () => resolve("heard"));
          socket.addEventListener("close", () => resolve("refused"));
        }),
      [origin, id],
    );
  await page.goto(elsewhere);
  expect(await listen(serverUrl())).toBe("refused");
  await dashboard.open();
  expect(await listen(serverUrl())).toBe("heard");
});

test("a page of an allowed origin deletes with a token, hears of it and reads what is refused", async ({
  page,
  api,
  tenant,
}) => {
  const chats = await Promise.all(["rest", "trpc", "socket"].map((title) => api.createChat(title)));
  const [rest, trpc, socket] = chats.map(({ id }) => id);
  const other = await api.createChat("Not for this page");
  const made = await fetch(`${serverUrl()}/api/v1/tokens`, {
    method: "POST",
    headers: { "X-API-Key": tenant.apiKey, "Content-Type": "application/json" },
    body: JSON.stringify({
      scopes: ["chats:read", "chats:delete"],
      expires_in: 600,
      chat_ids: chats.map(({ id }) => id),
    }),
  });
  const { token } = await made.json();
  await page.goto(process.env.LETHE_E2E_FRONTEND ?? "");
  const seen = await page.evaluate(
    async ({ url, token, rest, trpc, socket, other }) => {
      const headers = { Authorization: `Bearer ${token}` };
      const json = { ...headers, "Content-Type": "application/json" };
      const stream = await fetch(`${url}/api/trpc/events.subscribe`, { headers });
      const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
      let heard = "";
      const hear = async (wanted: string) => {
        while (!heard.includes(wanted)) heard += (await reader?.read())?.value ?? "";
        return true;
      };
      await hear("resync");

      const live = new WebSocket(`${url.replace("http", "ws")}/api/v1/chats/${socket}/live`, [
        "lethe.v1",
        `lethe.token.${token}`,
      ]);
      await new Promise((resolve) => live.addEventListener("message", resolve, { once: true }));
      const closed = new Promise<number>((resolve) =>
        live.addEventListener("close", ({ code }) => resolve(code), { once: true }),
      );

      const chat = await fetch(`${url}/api/v1/chats/${rest}`, { headers });
      const ifMatch = { ...headers, "If-Match": chat.headers.get("ETag") ?? "" };
      const deleted = await fetch(`${url}/api/v1/chats/${rest}`, { method: "DELETE", headers: ifMatch });
      const called = await fetch(`${url}/api/trpc/chat.delete`, {
        method: "POST",
        headers: json,
        body: JSON.stringify({ chat_id: trpc }),
      });
      const inUse = await fetch(`${url}/api/v1/chats/${socket}`, { method: "DELETE", headers });
      const forced = await fetch(`${url}/api/v1/chats/${socket}?force=true`, { method: "DELETE", headers });
      const refused = await fetch(`${url}/api/v1/chats/${other}`, { method: "DELETE", headers });
      return {
        statuses: [deleted, called, inUse, forced, refused].map(({ status }) => status),
        receipt: (await deleted.json()).receipt,
        retryAfter: inUse.headers.get("Retry-After"),
        requestId: inUse.headers.get("X-Request-Id") !== null,
        code: (await refused.json()).code,
        protocol: live.protocol,
        closed: await closed,
        heard: await hear(`"type":"chat.deleted","chat_id":"${socket}"`),
      };
    },
    { url: serverUrl(), token, rest, trpc, socket, other: other.id },
  );
  expect(seen).toEqual({
    statuses: [200, 200, 409, 200, 403],
    receipt: expect.stringMatching(/^ey/),
    retryAfter: "5",
    requestId: true,
    code: "outside_token",
    protocol: "lethe.v1",
    closed: 4410,
    heard: true,
  });
  expect(await Promise.all([rest, trpc, socket].map((id) => api.statusOf(id ?? "")))).toEqual([
    404, 404, 404,
  ]);
  expect(await api.statusOf(other.id)).toBe(200);
});

test("no other page may frame the dashboard", async ({ dashboard }) => {
  const answer = await dashboard.page.goto("/chats");
  expect(answer?.headers()["content-security-policy"]).toContain("frame-ancestors 'none'");
});
