import { HeldCalls, internalError } from "./support/held-calls.ts";
import { expect, test } from "./support/test.ts";

const numbered = (index: number) => `Chat ${String(index).padStart(2, "0")}`;

test("5: restores position, focus and scroll", async ({ dashboard, api }) => {
  const { page } = dashboard;
  for (let index = 1; index <= 40; index += 1) await api.createChat(numbered(index));
  await dashboard.open();
  const scroller = page.locator("[data-chat-list]");
  await scroller.evaluate((list) => list.scrollTo({ top: 700 }));
  await expect(dashboard.row(numbered(24))).toBeInViewport();
  await dashboard.row(numbered(24)).hover();
  const before = await scroller.evaluate((list) => list.scrollTop);
  const place = await dashboard.row(numbered(24)).boundingBox();
  await dashboard.trashFromList(numbered(24));
  await expect(dashboard.row(numbered(24))).toHaveCount(0);
  await scroller.evaluate((list) => list.scrollTo({ top: 0 }));
  await dashboard.toast(numbered(24)).getByRole("button", { name: "Undo" }).click();
  await expect(dashboard.row(numbered(24))).toBeFocused();
  await expect(async () => {
    expect(await scroller.evaluate((list) => list.scrollTop)).toBeCloseTo(before, 0);
    expect((await dashboard.row(numbered(24)).boundingBox())?.y).toBeCloseTo(place?.y ?? 0, 0);
  }).toPass();
  await expect.poll(() => api.countChats()).toBe(40);
});

test("opens a chat again that was open, with what one was writing", async ({ dashboard, api }) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Open here", ["Hello"]);
  await dashboard.openChat(id);
  await dashboard.composer.fill("half a thought");
  await dashboard.trashOpenChat();
  await expect(page).toHaveURL(/\/chats$/);
  await dashboard.toast("Moved “Open here”").getByRole("button", { name: "Undo" }).click();
  await expect(page).toHaveURL(new RegExp(`/chats/${id}$`));
  await expect(dashboard.composer).toHaveValue("half a thought");
  await expect(dashboard.row("Open here")).toBeVisible();
  await expect(page.getByText("1 live connection", { exact: true })).toBeVisible();
});

for (const outcome of ["comes through", "fails"] as const) {
  test(`8: ends undeleted before the server has answered, whether the deletion ${outcome}`, async ({
    dashboard,
    api,
  }) => {
    const { id } = await api.createChat("Undecided");
    const held = await HeldCalls.on(dashboard.page, "chat.trash");
    await dashboard.open();
    await dashboard.trashFromList("Undecided");
    await expect(dashboard.row("Undecided")).toHaveCount(0);
    await dashboard.toast("Moved “Undecided”").getByRole("button", { name: "Undo" }).click();
    await expect(dashboard.row("Undecided")).toBeVisible();
    if (outcome === "fails") await held.fail(id, "req-e2e-undone");
    else await held.release(id);
    await expect(dashboard.toast("Restored “Undecided”")).toBeVisible();
    await expect(dashboard.toast("was not deleted")).toHaveCount(0);
    expect((await api.chat(id)).trashed_at).toBeNull();
    await dashboard.page.reload();
    await expect(dashboard.row("Undecided")).toBeVisible();
  });
}

test("says so when it fails, and can be tried again", async ({ dashboard, api }) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Stuck");
  await dashboard.open();
  await page.route("**/api/trpc/chat.restore", (route) => route.fulfill(internalError("req-e2e-stuck")));
  await dashboard.trashFromList("Stuck");
  await dashboard.toast("Moved “Stuck”").getByRole("button", { name: "Undo" }).click();
  const failure = dashboard.toast("“Stuck” was not restored");
  await expect(failure).toContainText("req-e2e-stuck");
  await expect(dashboard.row("Stuck")).toHaveCount(0);
  await page.unroute("**/api/trpc/chat.restore");
  await failure.getByRole("button", { name: "Retry" }).click();
  await expect(dashboard.row("Stuck")).toBeVisible();
  await expect.poll(async () => (await api.chat(id)).trashed_at).toBeNull();
});

test("3: is offered for ten seconds, in which hover, focus, a dialog and a hidden tab stop the clock", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  await api.createChat("Fleeting");
  await api.createChat("Stays");
  await page.clock.install();
  await dashboard.open();
  // From here on only this test lets time pass.
  await page.clock.pauseAt(Date.now() + 60_000);
  await dashboard.trashFromList("Fleeting");
  const toast = dashboard.toast("Moved “Fleeting”");
  const undo = toast.getByRole("button", { name: "Undo" });
  await expect(undo).toBeVisible();
  await page.mouse.move(0, 0);
  await page.clock.runFor(4_000);
  await expect(undo).toBeVisible();

  await undo.hover();
  await page.clock.runFor(30_000);
  await expect(undo).toBeVisible();
  await page.mouse.move(0, 0);
  await page.keyboard.press("F6");
  await page.clock.runFor(30_000);
  await expect(undo).toBeVisible();
  await dashboard.row("Stays").focus();

  const turn = (hidden: boolean) =>
    page.evaluate((isHidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
      Object.defineProperty(document, "visibilityState", {
        configurable: true,
        get: () => (isHidden ? "hidden" : "visible"),
      });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await turn(true);
  await page.clock.runFor(30_000);
  await expect(undo).toBeVisible();
  await turn(false);
  await page.clock.runFor(4_000);
  await expect(undo).toBeVisible();

  await page.keyboard.press("?");
  await page.clock.runFor(30_000);
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await expect(dashboard.toasts.getByText("Moved “Fleeting”")).toBeVisible();
  await page.keyboard.press("Escape");
  // It begins anew.
  await page.clock.runFor(9_000);
  await expect(undo).toBeVisible();
  await page.clock.runFor(4_000);
  await page.clock.resume();
  await expect(toast).toHaveCount(0);
});

test("4: Ctrl+Z stays the text field's own inside one", async ({ dashboard, api }) => {
  const { page } = dashboard;
  await api.createChat("Stays trashed");
  const { id } = await api.createChat("Open");
  await dashboard.openChat(id);
  await dashboard.trashFromList("Stays trashed");
  await expect(dashboard.row("Stays trashed")).toHaveCount(0);
  await dashboard.composer.focus();
  await page.keyboard.type("typed");
  await page.keyboard.press("ControlOrMeta+z");
  await expect(dashboard.composer).not.toHaveValue("typed");
  await expect(dashboard.row("Stays trashed")).toHaveCount(0);
  await dashboard.row("Open").focus();
  await page.keyboard.press("ControlOrMeta+z");
  await expect(dashboard.row("Stays trashed")).toBeVisible();
});

test("4: still works after the notification has gone", async ({ dashboard, api }) => {
  const { page } = dashboard;
  await api.createChat("Regretted");
  await dashboard.open();
  await dashboard.trashFromList("Regretted");
  const toast = dashboard.toast("Moved “Regretted”");
  await toast.getByRole("button", { name: "Dismiss" }).click();
  await expect(toast).toHaveCount(0);
  await page.keyboard.press("ControlOrMeta+z");
  await expect(dashboard.row("Regretted")).toBeVisible();
});

test("12: a reload in the meantime neither resurrects the chat nor loses it", async ({ dashboard, api }) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Kept in the Trash", ["Said"]);
  await api.createChat("Stays");
  await dashboard.open();
  const answer = page.waitForResponse("**/api/trpc/chat.trash");
  await dashboard.trashFromList("Kept in the Trash");
  await answer;
  await page.reload();
  await expect(dashboard.row("Stays")).toBeVisible();
  await expect(dashboard.row("Kept in the Trash")).toHaveCount(0);
  await dashboard.openTrash();
  await dashboard
    .trashed("Kept in the Trash")
    .getByRole("button", { name: /^Restore/ })
    .click();
  await expect(dashboard.row("Kept in the Trash")).toBeVisible();
  await expect.poll(async () => (await api.chat(id)).message_count).toBe(1);
});

test("28: is announced once, by the one live region that was there before", async ({ dashboard, api }) => {
  await api.createChat("Heard");
  await dashboard.open();
  const regions = dashboard.page.locator("[aria-live]:not(next-route-announcer *)");
  await expect(regions).toHaveCount(1);
  await dashboard.trashFromList("Heard");
  await expect(dashboard.toasts.getByText("Moved “Heard” to the Trash")).toHaveCount(1);
  await expect(regions).toHaveCount(1);
});
