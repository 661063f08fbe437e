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

test("no other page may frame the dashboard", async ({ dashboard }) => {
  const answer = await dashboard.page.goto("/chats");
  expect(answer?.headers()["content-security-policy"]).toContain("frame-ancestors 'none'");
});
