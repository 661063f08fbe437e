import type { Page } from "@playwright/test";
import { expireSessions } from "./support/expire-sessions.ts";
import { seedMessages } from "./support/seed-messages.ts";
import { seedKey } from "./support/seed-tenant.ts";
import { expect, test } from "./support/test.ts";

test("43: the tab has the chat's title after every load and click", async ({ dashboard, api }) => {
  const { page } = dashboard;
  const chats = await Promise.all(["Apples", "Pears"].map((title) => api.createChat(title)));
  await dashboard.open();
  for (const { id, title } of [...chats, ...chats]) {
    await dashboard.row(title).click();
    await expect(dashboard.heading(title)).toBeVisible();
    await expect(page).toHaveTitle(`${title} · Lethe`);
    await page.goto(`/chats/${id}`);
    await expect(dashboard.heading(title)).toBeVisible();
    await page.waitForLoadState("networkidle");
    await expect(page).toHaveTitle(`${title} · Lethe`);
  }
});

const hostile = [
  "[run](javascript:alert(1)) [vb](vbscript:x) [data](data:text/html,x) [here](/settings) <b>bold</b>",
  "",
  "![tracked](https://example.org/pixel.png)",
  "",
  "<img src=x onerror=alert(1)> <script>alert(1)</script>",
].join("\n");

test("51: Markdown is shown, safely, in the direction of its language, and can be copied", async ({
  dashboard,
  api,
  context,
}) => {
  const { page, messages } = dashboard;
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const { id } = await api.createChat("Rich", [
    "Just words, e.g. 1 + 1 = 2",
    "# Plan\n\n- **bold** and `inline`\n- see https://example.org/a?b=c\n\n```js\nconst a = 1;\n```",
    hostile,
    "שלום, מה שלומך?",
  ]);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await dashboard.openChat(id);
  const said = (index: number) =>
    messages
      .getByRole("listitem")
      .filter({ has: page.getByRole("article") })
      .nth(index);

  const rich = messages.getByRole("article").nth(1);
  await expect(rich.getByRole("heading", { name: "Plan" })).toBeVisible();
  await expect(rich.getByRole("listitem")).toHaveText(["bold and inline", "see https://example.org/a?b=c"]);
  await expect(rich.locator("strong")).toHaveText("bold");
  const link = rich.getByRole("link");
  await expect(link).toHaveAttribute("href", "https://example.org/a?b=c");
  await expect(link).toHaveAttribute("rel", /noopener.*noreferrer|noreferrer.*noopener/);
  await rich.getByRole("button", { name: "Copy code" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("const a = 1;");
  await rich.hover();
  await rich.getByRole("button", { name: "Copy the message of Ada" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("# Plan\n\n- **bold**");

  const bad = messages.getByRole("article").nth(2);
  await expect(bad).toContainText("<img src=x onerror=alert(1)>");
  await expect(bad).toContainText("<b>bold</b>");
  await expect(bad.locator("img, script, b, [onerror]")).toHaveCount(0);
  const hrefs = await bad
    .getByRole("link")
    .evaluateAll((found) => found.map((one) => one.getAttribute("href")));
  expect(hrefs).toEqual(["https://example.org/pixel.png"]);
  expect(asked.filter((url) => url.includes("example.org"))).toEqual([]);

  await expect(said(3)).toBeVisible();
  const isRightToLeft = await messages
    .getByText("שלום")
    .evaluate(
      (text) =>
        getComputedStyle(text).unicodeBidi === "plaintext" || getComputedStyle(text).direction === "rtl",
    );
  expect(isRightToLeft).toBe(true);
});

test("52: 20,000 messages are read from both ends, with few of them in the page", async ({
  dashboard,
  api,
  tenant,
}) => {
  const { page, messages } = dashboard;
  const { id } = await api.createChat("Long");
  await seedMessages(tenant.tenantId, id, 20_000);
  const text = (seq: number) => messages.getByText(`Message ${seq}`, { exact: true });
  const inPage = () => messages.getByRole("listitem").count();
  await dashboard.openChat(id);
  await expect(text(20_000)).toBeInViewport();
  await messages.focus();
  await page.keyboard.press("Home");
  await expect(text(1)).toBeInViewport();
  await expect(messages.locator("[aria-posinset='1']")).toHaveAttribute("aria-setsize", "20000");
  expect(await inPage()).toBeLessThan(80);
  await page.getByRole("button", { name: "Newest" }).click();
  await expect(text(20_000)).toBeInViewport();

  // Older ones come on top without moving what is read.
  await messages.hover();
  await expect(async () => {
    await page.mouse.wheel(0, -2_000);
    expect(await firstShown(page)).toBeLessThan(19_900);
  }).toPass();
  await expect(text(20_000)).toHaveCount(0);
  expect(await inPage()).toBeLessThan(80);

  // What comes meanwhile is counted, and marked.
  await api.createMessage(id, "Said meanwhile", "Ada");
  await page.getByRole("button", { name: "1 new message" }).click();
  await expect(messages.getByText("Said meanwhile")).toBeInViewport();
  await expect(messages.getByText("New messages")).toBeVisible();
});

/** The place of the first message that is in the page. */
const firstShown = (page: Page): Promise<number> =>
  page.evaluate(() =>
    Math.min(
      ...[...document.querySelectorAll("[aria-posinset]")].map((item) =>
        Number(item.getAttribute("aria-posinset")),
      ),
    ),
  );

test("52: the next visit begins with a line before what is new", async ({ dashboard, api }) => {
  const { page, messages } = dashboard;
  const { id } = await api.createChat("Visited", ["Old"]);
  await dashboard.openChat(id);
  await expect(messages.getByText("Old")).toBeVisible();
  await expect(messages.getByText("New messages")).toHaveCount(0);
  await page.goto("/trash");
  await api.createMessage(id, "Fresh");
  await dashboard.openChat(id);
  const item = messages.getByRole("listitem").filter({ hasText: "Fresh" });
  await expect(item).toContainText("New messages");
  await page.reload();
  await expect(messages.getByText("Fresh")).toBeVisible();
  await expect(messages.getByText("New messages")).toHaveCount(0);
});

test("53: the composer has the focus, counts as the server does, and an input method's Enter does not send", async ({
  dashboard,
  api,
}) => {
  const { page, composer } = dashboard;
  await dashboard.open();
  await page.getByRole("button", { name: "New chat" }).first().click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Title" }).fill("Begun here");
  await page.keyboard.press("Enter");
  await expect(composer).toBeFocused();
  const { id } = await api.findChat("Begun here");
  await page.keyboard.type("ni hao");
  // Chromium's order, and Safari's: there the composition is over when the key is told of.
  for (const event of [{ isComposing: true }, { isComposing: false, keyCode: 229 }])
    await composer.evaluate(
      (field, init) =>
        field.dispatchEvent(
          new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...init }),
        ),
      event,
    );
  await expect(composer).toHaveValue("ni hao");
  expect((await api.chat(id)).message_count).toBe(0);
  await page.keyboard.press("Enter");
  await expect(dashboard.messages.getByText("ni hao")).toBeVisible();
  await expect(composer).toBeFocused();

  // Each of these is two code units of UTF-16.
  await composer.fill("🌊".repeat(32_001));
  await expect(page.getByText("1 character too long")).toBeVisible();
  await expect(page.getByRole("button", { name: "Send" })).toBeDisabled();
  await composer.fill("🌊".repeat(32_000));
  await expect(page.getByText("0 characters left")).toBeVisible();
  expect(await dashboard.answered("message.create", () => page.keyboard.press("Enter"))).toBe(200);

  await page.keyboard.press("Escape");
  await expect(dashboard.row("Begun here")).toBeFocused();
  await page.keyboard.press("Enter");
  await page.reload();
  await expect(composer).toBeFocused();
});

test("53: a draft survives a reload and a sign-in, and goes with its chat", async ({
  dashboard,
  api,
  tenant,
}) => {
  const { page, composer } = dashboard;
  const { id } = await api.createChat("Half said");
  const other = await api.createChat("Said elsewhere");
  await dashboard.openChat(other.id);
  await composer.fill("Another thought");
  await dashboard.openChat(id);
  await composer.fill("Half a thought");
  await page.reload();
  await expect(composer).toHaveValue("Half a thought");

  const signInAfterTheEnd = async (apiKey: string) => {
    await expireSessions(tenant.tenantId);
    await page.reload();
    await expect(page).toHaveURL(/\/sign-in/);
    await page.getByLabel("API key").fill(apiKey);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(composer).toBeFocused();
  };
  // Somebody else, who does not find it under their hands; then who has written it.
  await signInAfterTheEnd(await seedKey(tenant.tenantId));
  await expect(composer).toHaveValue("");
  await signInAfterTheEnd(tenant.apiKey);
  await expect(composer).toHaveValue("Half a thought");

  // Deleted before the browser's eyes, and behind its back.
  expect(await api.deleteChat(id, { force: true })).toBe(200);
  await expect(dashboard.heading("This chat was deleted")).toBeVisible();
  await expect(page.getByText("Half a thought")).toBeVisible();
  await expect.poll(() => kept(page)).not.toContain("Half a thought");
  expect(await kept(page)).not.toContain(id);
  expect(await kept(page)).toContain("Another thought");
  await page.goto("about:blank");
  expect(await api.deleteChat(other.id)).toBe(200);
  await dashboard.open();
  await expect.poll(() => kept(page)).not.toContain("Another thought");
  expect(await kept(page)).not.toContain(other.id);
});

test("53: whoever signs out leaves no draft behind", async ({ dashboard, api }) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Private thoughts");
  await dashboard.openChat(id);
  await page.route("**/api/trpc/message.create", (route) => route.abort("connectionfailed"));
  await dashboard.composer.fill("Between us, and unsent");
  await dashboard.composer.press("Enter");
  await expect(dashboard.messages.getByText("Not sent.")).toBeVisible();
  await dashboard.composer.fill("Between us");
  expect(await kept(page)).toContain("Between us");
  await page.getByRole("button", { name: "Settings" }).click();
  await dashboard.item("Sign out").click();
  await expect(page).toHaveURL(/\/sign-in/);
  expect(await kept(page)).not.toContain("Between us");
  expect(await kept(page)).not.toContain(id);
});

test("50: rows show what was said last, what is unread, and that somebody is there", async ({
  dashboard,
  otherBrowser,
  api,
}) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Busy", ["First"]);
  const row = dashboard.row("Busy");
  await dashboard.openChat(id);
  await expect(dashboard.messages.getByText("First")).toBeVisible();
  await dashboard.open();
  await expect(row).toContainText("Ada: First");
  await expect(row).not.toContainText(/unread|Live/);

  await api.createMessage(id, "Second\nline", "Grace");
  await expect(row).toContainText("Grace: Second line");
  await expect(row).toContainText("1 unread");
  await api.createChat("Unseen", ["One", "Two"]);
  await expect(dashboard.row("Unseen")).toContainText("2 unread");

  const other = await otherBrowser();
  await other.openChat(id);
  await dashboard.open();
  await expect(row).toContainText("Live");
  await expect(row).toContainText("1 unread");
  await row.click();
  await expect(dashboard.messages.getByText("New messages")).toBeVisible();
  await expect(dashboard.openPage.getByText("e2e is here", { exact: true })).toBeVisible();
  await expect(row).not.toContainText("unread");

  expect(await api.deleteChat(id, { force: true })).toBe(200);
  await expect(dashboard.heading("This chat was deleted")).toBeVisible();
  await expect(page.getByText("Second line")).toHaveCount(0);
  await expect.poll(() => kept(page)).not.toContain(id);
});

/** All that the browser has in its storage. */
const kept = (page: Page): Promise<string> =>
  page.evaluate(() => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]));
