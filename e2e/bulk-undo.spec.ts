import { holdEvents, internalError } from "./support/held-calls.ts";
import { expect, test } from "./support/test.ts";

/** From the newest to the oldest, as the list shows them. */
const titles = ["Foxtrot", "Echo", "Delta", "Charlie", "Bravo", "Alpha"];

test.beforeEach(async ({ api }) => {
  for (const title of titles.toReversed()) await api.createChat(title, ["Hello"]);
});

test("5, 24: goes to the Trash together, and comes back with one Undo: place, selection and focus", async ({
  dashboard,
}) => {
  await dashboard.open();
  await dashboard.selectRange("Echo", "Charlie");
  await dashboard.selectionBar.getByRole("button", { name: "Move to Trash" }).click();
  await expect(dashboard.rows()).toHaveCount(3);
  const toast = dashboard.toast("Moved 3 chats to the Trash");
  await expect(toast).toHaveCount(1);
  await expect(dashboard.toasts.locator("> *")).toHaveCount(1);
  await expect(dashboard.selectionBar).toHaveCount(0);
  await toast.getByRole("button", { name: "Undo" }).click();
  await expect(dashboard.toast("Restored 3 chats")).toBeVisible();
  await expect(dashboard.titles()).toHaveText(titles);
  await expect.poll(() => dashboard.selectedTitles()).toEqual(["Echo", "Delta", "Charlie"]);
  await expect(dashboard.row("Echo")).toBeFocused();
});

// An event has its chat as it is when it is told: late, that of the way to the Trash has one that is back.
for (const told of ["at once", "late"] as const) {
  test(`5, 8: is undone with Ctrl+Z before the server has answered, told of it ${told}`, async ({
    dashboard,
    api,
  }) => {
    const { page } = dashboard;
    const tell = told === "late" ? await holdEvents(page) : () => undefined;
    await dashboard.open();
    const gate = Promise.withResolvers<void>();
    await page.route("**/api/trpc/chat.bulkTrash", async (route) => {
      await gate.promise;
      await route.continue();
    });
    await dashboard.selectRange("Foxtrot", "Echo");
    await page.keyboard.press("Delete");
    await expect(dashboard.rows()).toHaveCount(4);
    await expect.poll(() => page.evaluate(() => document.activeElement?.matches("body"))).toBe(false);
    await page.keyboard.press("Control+z");
    await expect(dashboard.rows()).toHaveCount(6);
    gate.resolve();
    await expect(dashboard.toast("Restored 2 chats")).toBeVisible();
    tell();
    await expect(dashboard.rows()).toHaveCount(6);
    // What the server tells of the move that was undone has come when this has.
    await api.createChat("Golf");
    await expect(dashboard.row("Golf")).toBeVisible();
    await expect.poll(() => dashboard.selectedTitles()).toEqual(["Foxtrot", "Echo"]);
    expect(await api.countChats()).toBe(7);
  });
}

test("5: an open chat that is trashed alone leaves the selection, and is back in it, and open, after Undo or a failure", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  const all = ["Echo", "Delta", "Charlie"];
  const tell = await holdEvents(page);
  await dashboard.openChat((await api.findChat("Delta")).id);
  await dashboard.selectRange("Echo", "Charlie");
  // No event tells of it, and the list that the page then goes to is long in coming.
  const gate = Promise.withResolvers<void>();
  await page.route(/\/chats\?_rsc=/, async (route) => {
    await gate.promise;
    await route.continue();
  });
  await dashboard.answered("chat.trash", () => dashboard.trashOpenChat());
  await expect(dashboard.selectionBar).toContainText("2 chats selected");
  tell();
  await api.createChat("Golf");
  await expect(dashboard.row("Golf")).toBeVisible();
  await expect(dashboard.selectionBar).toContainText("2 chats selected");
  await dashboard.toast("Moved “Delta”").getByRole("button", { name: "Undo" }).click();
  gate.resolve();
  await expect.poll(() => dashboard.selectedTitles()).toEqual(all);
  await expect(dashboard.row("Delta")).toContainText("Ada: Hello");
  await expect(dashboard.toast("Restored “Delta”")).toBeVisible();
  await expect(page.getByText("1 live connection", { exact: true })).toBeVisible();

  await page.route("**/api/trpc/chat.trash", (route) => route.fulfill(internalError("req-e2e-one")));
  await dashboard.trashOpenChat();
  await expect(dashboard.toast("“Delta” was not deleted")).toBeVisible();
  await expect.poll(() => dashboard.selectedTitles()).toEqual(all);
});

test("8: a move that fails after it was undone is not told of, and what was picked meanwhile stays so", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  await dashboard.open();
  const gate = Promise.withResolvers<void>();
  await page.route("**/api/trpc/chat.bulkTrash", async (route) => {
    await gate.promise;
    await route.fulfill(internalError("req-e2e-undone"));
  });
  await dashboard.selectRange("Foxtrot", "Echo");
  await page.keyboard.press("Delete");
  await expect(dashboard.rows()).toHaveCount(4);
  await dashboard.row("Bravo").focus();
  await page.keyboard.press("x");
  await page.keyboard.press("Control+z");
  await expect.poll(() => dashboard.selectedTitles()).toEqual(["Foxtrot", "Echo", "Bravo"]);
  gate.resolve();
  await expect(dashboard.toast("Restored 2 chats")).toBeVisible();
  await expect(dashboard.toast("not deleted")).toHaveCount(0);
  await expect.poll(() => dashboard.selectedTitles()).toEqual(["Foxtrot", "Echo", "Bravo"]);
  expect(await api.countChats()).toBe(6);
});

test("6: what failed comes back selected, beside what was picked meanwhile, in both directions", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  const failing = ["chat.bulkTrash", "chat.bulkRestore"].map((procedure) => `**/api/trpc/${procedure}`);
  await dashboard.open();
  const gate = Promise.withResolvers<void>();
  for (const url of failing)
    await page.route(url, async (route) => {
      await gate.promise;
      await route.fulfill(internalError("req-e2e-bulk"));
    });
  await dashboard.selectRange("Echo", "Delta");
  await page.keyboard.press("Delete");
  await expect(dashboard.rows()).toHaveCount(4);
  await dashboard.row("Bravo").focus();
  await page.keyboard.press("x");
  gate.resolve();
  const failure = dashboard.toast("2 chats were not deleted", "req-e2e-bulk");
  await expect(failure).toBeVisible();
  await expect.poll(() => dashboard.selectedTitles()).toEqual(["Echo", "Delta", "Bravo"]);

  await page.unroute("**/api/trpc/chat.bulkTrash");
  await failure.getByRole("button", { name: "Retry" }).click();
  await expect(dashboard.rows()).toHaveCount(4);
  await expect.poll(() => api.countChats()).toBe(4);
  await expect.poll(() => dashboard.selectedTitles()).toEqual(["Bravo"]);

  await dashboard.toast("Moved 2 chats").getByRole("button", { name: "Undo" }).click();
  const stuck = dashboard.toast("2 chats were not restored", "req-e2e-bulk");
  await expect(stuck).toBeVisible();
  await expect(dashboard.selectionBar).toContainText("1 chat selected");
  await page.unroute("**/api/trpc/chat.bulkRestore");
  await stuck.getByRole("button", { name: "Retry" }).click();
  await expect.poll(() => dashboard.selectedTitles()).toEqual(["Echo", "Delta", "Bravo"]);
});

test("5, 11: what others moved and deleted while nothing was told is not selected; what comes back by one's own Undo is", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  const tell = await holdEvents(page, { missed: true });
  await dashboard.open();
  await dashboard.selectRange("Echo", "Bravo");
  const { id } = await api.findChat("Delta");
  await api.trashChat(id);
  expect(await api.deleteChat((await api.findChat("Charlie")).id)).toBe(200);
  await expect(dashboard.selectionBar).toContainText("4 chats selected");
  tell();
  await expect(dashboard.selectionBar).toContainText("2 chats selected");
  await expect.poll(() => dashboard.selectedTitles()).toEqual(["Echo", "Bravo"]);

  await page.keyboard.press("Delete");
  await expect(dashboard.rows()).toHaveCount(2);
  await dashboard.toast("Moved 2 chats").getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => dashboard.selectedTitles()).toEqual(["Echo", "Bravo"]);
  await api.restoreChat(id);
  await expect.poll(() => dashboard.selectedTitles()).toEqual(["Echo", "Delta", "Bravo"]);
});
