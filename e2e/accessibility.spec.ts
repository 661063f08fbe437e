import { findViolations } from "./support/find-violations.ts";
import { HeldCalls, internalError } from "./support/held-calls.ts";
import { openSocket } from "./support/open-socket.ts";
import { expect, serverUrl, test } from "./support/test.ts";

test.describe("33: axe finds nothing in light and in dark", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("on the sign-in page, also after a wrong key", async ({ page }) => {
    await page.goto("/sign-in");
    expect(await findViolations(page)).toEqual([]);
    await page.getByLabel("API key").fill("wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText("That key is not valid.")).toBeVisible();
    expect(await findViolations(page)).toEqual([]);
  });

  test("on the list: empty, filled, without a match, unreadable", async ({ dashboard, api }) => {
    const { page } = dashboard;
    await dashboard.open();
    await expect(page.getByText("No chats yet")).toBeVisible();
    expect(await findViolations(page)).toEqual([]);
    for (const title of ["One", "Two", "Three"]) await api.createChat(title, ["Hello"]);
    await expect(dashboard.rows()).toHaveCount(3);
    await dashboard.row("Two").hover();
    expect(await findViolations(page)).toEqual([]);
    await dashboard.search.fill("Nothing like it");
    await expect(page.getByText("No match")).toBeVisible();
    expect(await findViolations(page)).toEqual([]);
    await page.route(
      (url) => url.pathname.includes("chat.list"),
      (route) => route.fulfill(internalError("req-e2e-axe", route.request())),
    );
    await page.reload();
    await expect(page.getByText("The chats could not be read")).toBeVisible();
    expect(await findViolations(page)).toEqual([]);
  });

  test("on a chat: read, written, renamed, gone", async ({ dashboard, api }) => {
    const { page } = dashboard;
    const { id } = await api.createChat("Much said");
    for (let index = 0; index < 12; index += 1)
      await api.createMessage(id, `Message ${index}`, `Person ${index % 9}`);
    await dashboard.openChat(id);
    await expect(dashboard.messages.getByText("Message 11")).toBeVisible();
    expect(await findViolations(page)).toEqual([]);
    await page.route("**/api/trpc/message.create", (route) => route.abort("connectionfailed"));
    await dashboard.composer.fill("Not sent");
    await dashboard.composer.press("Enter");
    await expect(dashboard.messages.getByText("Not sent.")).toBeVisible();
    await dashboard.composer.fill("A draft");
    await page.getByRole("button", { name: "Rename chat" }).click();
    expect(await findViolations(page)).toEqual([]);
    expect(await api.deleteChat(id, { force: true })).toBe(200);
    await expect(dashboard.heading("This chat was deleted")).toBeVisible();
    expect(await findViolations(page)).toEqual([]);
  });

  test("in the question, the confirmation, the refusal and the failure", async ({
    dashboard,
    api,
    tenant,
  }) => {
    const { page } = dashboard;
    const busy = await api.createChat("Busy");
    const failing = await api.createChat("Failing");
    await api.createChat("Free", ["Hello"]);
    const socket = await openSocket(serverUrl(), tenant.apiKey, busy.id);
    await dashboard.open();
    await dashboard.askFromList("Busy");
    await expect(dashboard.dialog).toContainText("1 other live connection");
    expect(await findViolations(page)).toEqual([]);
    await dashboard.confirm.click();
    await expect(dashboard.toast("“Busy” was not deleted")).toBeVisible();
    const held = await HeldCalls.on(page, "chat.delete");
    await dashboard.deleteFromList("Failing");
    await held.fail(failing.id, "req-e2e-axe");
    await expect(dashboard.toast("“Failing” was not deleted")).toBeVisible();
    await page.unroute("**/api/trpc/chat.delete");
    await dashboard.deleteFromList("Free");
    // It stays while the mouse lies on it.
    await dashboard.toast("Deleted “Free”").hover();
    await expect(dashboard.dialog).toBeHidden();
    await socket.close();
    await expect(dashboard.toast("Nobody else is connected now.")).toBeVisible();
    expect(await findViolations(page)).toEqual([]);
  });

  test("in the other dialogs and the menu", async ({ dashboard }) => {
    const { page } = dashboard;
    await dashboard.open();
    await page.getByRole("button", { name: "Settings" }).click();
    await expect(page.getByRole("menu")).toBeVisible();
    expect(await findViolations(page)).toEqual([]);
    for (const item of ["Display name…", "Keyboard shortcuts"]) {
      if (!(await page.getByRole("menu").isVisible()))
        await page.getByRole("button", { name: "Settings" }).click();
      await page.getByRole("menuitem", { name: item }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await expect(page.getByRole("menu")).toBeHidden();
      expect(await findViolations(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toBeHidden();
    }
    await dashboard.sidebar.getByRole("button", { name: "New chat" }).first().click();
    await expect(page.getByRole("dialog", { name: "New chat" })).toBeVisible();
    expect(await findViolations(page)).toEqual([]);
  });

  test("where nothing is", async ({ dashboard }) => {
    for (const path of ["/nowhere", "/chats/00000000-0000-4000-8000-000000000000"]) {
      await dashboard.page.goto(path);
      await expect(dashboard.heading(/There is no such page|This chat is gone/)).toBeVisible();
      expect(await findViolations(dashboard.page)).toEqual([]);
    }
  });
});

test("31: rows say where they stand, and how many there are once that is known", async ({
  dashboard,
  api,
}) => {
  for (let index = 1; index <= 60; index += 1) await api.createChat(`Chat ${String(index).padStart(2, "0")}`);
  await dashboard.open();
  const items = dashboard.list.getByRole("row");
  await expect(items.first()).toHaveAttribute("aria-rowindex", "1");
  await expect(items.nth(4)).toHaveAttribute("aria-rowindex", "5");
  await dashboard.row("Chat 60").focus();
  await expect(async () => {
    await dashboard.page.keyboard.press("End");
    await expect(dashboard.row("Chat 01")).toBeFocused({ timeout: 500 });
  }).toPass();
  const last = items.filter({ hasText: "Chat 01" });
  await expect(last).toHaveAttribute("aria-rowindex", "60");
  await expect(dashboard.list).toHaveAttribute("aria-rowcount", "60");
  // The focused row stays in the page however far one scrolls away from it.
  await dashboard.list.evaluate((list) => list.parentElement?.scrollTo({ top: 0 }));
  await expect(dashboard.row("Chat 60")).toBeInViewport();
  await expect(dashboard.row("Chat 01")).toBeFocused();
});

test("28: there is one polite live region, before the first notification and after", async ({
  dashboard,
  api,
}) => {
  await api.createChat("Heard");
  await dashboard.open();
  await expect(dashboard.toasts).toHaveAttribute("aria-live", "polite");
  await expect(dashboard.page.locator("[aria-live]:not(next-route-announcer *)")).toHaveCount(1);
  await dashboard.deleteFromList("Heard");
  await expect(dashboard.toasts).toContainText("Deleted “Heard”");
  await expect(dashboard.page.locator("[aria-live]:not(next-route-announcer *)")).toHaveCount(1);
});
