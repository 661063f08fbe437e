import { findViolations } from "./support/find-violations.ts";
import { expectNothingCutOff } from "./support/nothing-cut-off.ts";
import { openSocket } from "./support/open-socket.ts";
import { numbered, seedChats } from "./support/seed-chats.ts";
import { expect, serverUrl, test } from "./support/test.ts";

/** From the newest to the oldest, as the list shows them. */
const titles = ["Foxtrot", "Echo", "Delta", "Charlie", "Bravo", "Alpha"];

test.describe("a list of six", () => {
  test.beforeEach(async ({ api }) => {
    for (const title of titles.toReversed()) await api.createChat(title, ["Hello"]);
  });

  test("21: is deleted for good with the keyboard alone, after a question with the exact numbers", async ({
    dashboard,
    api,
  }) => {
    const { page } = dashboard;
    const held = await api.findChat("Delta");
    await api.holdChat(held.id, "Case 114");
    await dashboard.open();
    await dashboard.row("Foxtrot").focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Shift+Delete");
    await expect(dashboard.dialog).toHaveAccessibleName("Delete 5 chats permanently?");
    await expect(dashboard.dialog).toHaveAccessibleDescription(/6 chats, with 6 messages.*1 chat is on hold/);
    await expect(dashboard.cancel).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(dashboard.dialog).toBeHidden();
    await expect.poll(() => dashboard.selectedTitles()).toEqual(titles);
    await expect(dashboard.row("Foxtrot")).toBeFocused();

    await page.keyboard.press("Shift+Delete");
    await expect(dashboard.dialog).toHaveAccessibleName("Delete 5 chats permanently?");
    await expect(dashboard.cancel).toBeFocused();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect(dashboard.toast("Deleted 5 chats, 1 not", "1 is on hold")).toBeVisible();
    await expect.poll(() => dashboard.selectedTitles()).toEqual(["Delta"]);
    await expect(dashboard.row("Delta")).toBeFocused();
    expect(await api.countChats()).toBe(1);
  });

  test("21: leaves live chats alone, lists them, and deletes them once they are to be disconnected", async ({
    dashboard,
    api,
    tenant,
  }) => {
    const { page } = dashboard;
    const echo = await api.findChat("Echo");
    await dashboard.open();
    await dashboard.selectRange("Foxtrot", "Delta");
    await dashboard.askToDeleteSelected();
    await expect(dashboard.dialog).toHaveAccessibleName("Delete 3 chats permanently?");
    const socket = await openSocket(serverUrl(), tenant.apiKey, echo.id);
    // The numbers follow while the question is open.
    await expect(dashboard.dialog).toHaveAccessibleName("Delete 2 chats permanently?");
    const disconnect = dashboard.dialog.getByRole("checkbox", { name: "Disconnect and delete it too" });
    await disconnect.check();
    await expect(dashboard.dialog).toHaveAccessibleName("Delete 3 chats permanently?");
    await disconnect.uncheck();
    await dashboard.dialog.getByRole("button", { name: "Delete 2 chats" }).click();
    const outcome = dashboard.toast("Deleted 2 chats, 1 not", "1 is live");
    await expect(outcome).toBeVisible();
    await expect.poll(() => dashboard.selectedTitles()).toEqual(["Echo"]);
    await outcome.getByRole("button", { name: "Show it" }).click();
    const list = page.getByRole("dialog", { name: "1 chat was not deleted" });
    await expect(list.getByRole("link", { name: "Echo" })).toBeVisible();
    await expect(list).toContainText("1 connection");
    await list.getByRole("button", { name: "Disconnect and delete 1" }).click();
    await expect(dashboard.toast("Deleted 1 chat")).toBeVisible();
    expect(await socket.closed).toBe(4410);
    await expect(dashboard.rows()).toHaveCount(3);
    expect(await api.statusOf(echo.id)).toBe(404);
  });

  test("deletes the open chat with the others: its own connection does not stand in the way", async ({
    dashboard,
    api,
  }) => {
    await dashboard.openChat((await api.findChat("Echo")).id);
    await dashboard.selectRange("Foxtrot", "Echo");
    await dashboard.askToDeleteSelected();
    await expect(dashboard.dialog).toHaveAccessibleName("Delete 2 chats permanently?");
    await dashboard.dialog.getByRole("button", { name: "Delete 2 chats" }).click();
    await expect(dashboard.toast("Deleted 2 chats", "2 messages")).toBeVisible();
    await expect(dashboard.page).toHaveURL(/\/chats$/);
    expect(await api.countChats()).toBe(4);
  });

  test("33: axe finds nothing in the question and the outcome", async ({ dashboard, api, page, tenant }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await api.holdChat((await api.findChat("Delta")).id, "Case 114");
    const socket = await openSocket(serverUrl(), tenant.apiKey, (await api.findChat("Echo")).id);
    await dashboard.open();
    await dashboard.selectRange("Foxtrot", "Charlie");
    await dashboard.askToDeleteSelected();
    await expect(dashboard.dialog).toContainText("1 chat is on hold and stays.");
    expect(await findViolations(page)).toEqual([]);
    await dashboard.dialog.getByRole("button", { name: "Delete 2 chats" }).click();
    const outcome = dashboard.toast("Deleted 2 chats, 2 not", "1 is live, 1 is on hold");
    await expect(outcome).toBeVisible();
    await expect(dashboard.dialog).toBeHidden();
    expect(await findViolations(page)).toEqual([]);
    await outcome.getByRole("button", { name: "Show them" }).click();
    await expect(page.getByRole("dialog", { name: "2 chats were not deleted" })).toBeVisible();
    expect(await findViolations(page)).toEqual([]);
    await socket.close();
  });
});

test("17: more than a hundred chats are deleted only after their number was typed or pasted", async ({
  dashboard,
  api,
  tenant,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await seedChats(tenant.tenantId, numbered(120));
  const { page } = dashboard;
  await dashboard.open();
  await dashboard.row("Chat 0120").focus();
  await expect(async () => {
    await page.keyboard.press("End");
    await expect(dashboard.row("Chat 0001")).toBeFocused({ timeout: 500 });
  }).toPass();
  await page.keyboard.press("Control+a");
  await expect(dashboard.selectionBar).toContainText("120 chats selected");
  await dashboard.askToDeleteSelected();
  const confirm = dashboard.dialog.getByRole("button", { name: "Delete 120 chats" });
  await expect(confirm).toBeDisabled();
  const field = dashboard.dialog.getByRole("textbox", { name: "Type 120 to confirm" });
  await field.fill("12");
  await expect(confirm).toBeDisabled();
  await page.evaluate(() => navigator.clipboard.writeText("120"));
  await field.fill("");
  await page.keyboard.press("Control+v");
  await expect(field).toHaveValue("120");
  await confirm.click();
  await expect(dashboard.toast("Deleted 120 chats")).toBeVisible();
  expect(await api.countChats()).toBe(0);
  await expect(dashboard.sidebar.getByText("No chats yet")).toBeVisible();
});

test.describe("320 px wide", () => {
  test.use({ viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });

  test("34: chats are picked, trashed and deleted without hovering or scrolling sideways", async ({
    dashboard,
    api,
  }) => {
    const { page } = dashboard;
    for (const title of titles) await api.createChat(`${title} ${"Donaudampfschifffahrt".repeat(4)}`);
    await dashboard.open();
    const boxes = dashboard.list.getByRole("checkbox");
    await boxes.nth(0).tap();
    await boxes.nth(1).tap();
    await expect(dashboard.selectionBar).toContainText("2 chats selected");
    await expectFits();
    await dashboard.selectionBar.getByRole("button", { name: "Move to Trash" }).tap();
    const notice = dashboard.toast("Moved 2 chats to the Trash");
    await expect(notice).toBeVisible();
    await expectFits();
    await expect(boxes).toHaveCount(titles.length - 2);
    // It lies on the rows.
    await notice.getByRole("button", { name: "Dismiss" }).tap();
    await boxes.nth(0).tap();
    await boxes.nth(1).tap();
    await dashboard.selectionBar.getByRole("button", { name: "Delete permanently…" }).tap();
    await expect(dashboard.dialog).toHaveAccessibleName("Delete 2 chats permanently?");
    await expectFits();
    await dashboard.dialog.getByRole("button", { name: "Delete 2 chats" }).tap();
    await expect(dashboard.toast("Deleted 2 chats")).toBeVisible();
    await expect.poll(() => api.countChats()).toBe(2);

    async function expectFits() {
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
      await expectNothingCutOff(page);
    }
  });
});
