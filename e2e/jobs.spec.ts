import type { Locator } from "@playwright/test";
import { z } from "zod";
import type { Dashboard } from "./support/dashboard.ts";
import { findViolations } from "./support/find-violations.ts";
import { openSocket } from "./support/open-socket.ts";
import { numbered, seedChats } from "./support/seed-chats.ts";
import { expect, serverUrl, test } from "./support/test.ts";
import { withDatabase } from "./support/with-database.ts";

test("20: everything that a search matches is selected as a step of its own, counted, and deleted by a job", async ({
  dashboard,
  otherTab,
  api,
  tenant,
}) => {
  await seedChats(tenant.tenantId, [...numbered(230, "Draft"), ...numbered(60, "Keep")]);
  const { page } = dashboard;
  const other = await otherTab();
  await other.open();
  await dashboard.open();
  await dashboard.search.fill("draft");
  await expect(dashboard.row("Draft 0230")).toBeVisible();
  await dashboard.box("Draft 0230").check();
  await dashboard.selectionBar.getByRole("button", { name: "Select all 230 matching" }).click();
  await expect(dashboard.selectionBar).toContainText("All 230 chats selected");
  // What comes later was not confirmed.
  await api.createChat("Draft too new");
  await expect(dashboard.row("Draft too new")).toBeVisible();
  await expect(dashboard.box("Draft too new")).not.toBeChecked();

  await dashboard.askToDeleteSelected();
  await expect(dashboard.dialog).toHaveAccessibleName("Delete 230 chats permanently?");
  await dashboard.dialog.getByRole("textbox").fill("230");
  await dashboard.dialog.getByRole("button", { name: "Delete 230 chats" }).click();
  // It stays while the mouse lies on it.
  await dashboard.toast("Deleted 230 chats").hover();
  await expect(dashboard.rows()).toHaveCount(1);
  await expect(dashboard.row("Draft too new")).toBeVisible();
  await expect(other.row("Draft 0230")).toHaveCount(0);
  await expect(other.row("Keep 0060")).toBeVisible();
  // Only who started it is told of its end.
  await expect(other.toasts.getByRole("heading")).toHaveCount(0);

  await dashboard.toast("Deleted 230 chats").getByRole("button", { name: "Details" }).click();
  await expect(dashboard.heading("Chats that matched a search")).toBeVisible();
  await expect(page.getByText("Finished", { exact: true })).toBeVisible();
  await expect(page.getByText("230 chats", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Back to all jobs" }).click();
  await expect(jobs(dashboard)).toHaveCount(1);
  await expect(jobs(dashboard)).toContainText("Deleted 230 chats");
});

test("22: a job shows its progress, also after a reload and in other tabs, and stops when it is cancelled", async ({
  dashboard,
  otherTab,
  api,
  tenant,
}) => {
  // Enough that it is under way for several times as long as it takes to look at it and to cancel it.
  const chats = 40_000;
  await seedChats(tenant.tenantId, numbered(chats));
  const other = await otherTab();
  await other.open();
  await dashboard.open();
  await startJob(dashboard, chats);
  const bar = progress(dashboard);
  await expect(bar).toBeVisible();
  // What the tab has started it knows once it has the server's answer, and the bar can be there before that.
  const started = () => dashboard.page.evaluate(() => sessionStorage.getItem("lethe-jobs-started") ?? "");
  await expect.poll(started).not.toBe("");
  await dashboard.page.reload();
  await expect(bar).toBeVisible();
  await expect(progress(other)).toBeVisible();
  await expect.poll(async () => Number(await bar.getAttribute("aria-valuenow"))).toBeGreaterThan(0);
  await dashboard.sidebar.getByRole("button", { name: "Cancel" }).click();
  const outcome = dashboard.toast("then stopped");
  await expect(outcome).toBeVisible();
  const left = await withDatabase((db) => db.chat.count({ where: { tenantId: tenant.tenantId } }));
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(chats);
  await expect(outcome).toContainText(`Deleted ${(chats - left).toLocaleString("en")} chats, then stopped`);
  await expect(bar).toHaveCount(0);
  await expect(progress(other)).toHaveCount(0);
  expect(await api.countAll()).toBe(left);
});

test("24, 54: any number of chats goes to the Trash by a job, and one Undo brings all of them back", async ({
  dashboard,
  api,
  tenant,
}) => {
  await seedChats(tenant.tenantId, numbered(1_200));
  await dashboard.open();
  await dashboard.rows().first().focus();
  await dashboard.page.keyboard.press("x");
  await dashboard.selectionBar.getByRole("button", { name: "Select all 1,200" }).click();
  await dashboard.selectionBar.getByRole("button", { name: "Move to Trash" }).click();
  const outcome = dashboard.toast("Moved 1,200 chats to the Trash");
  // It stays while the mouse lies on it.
  await outcome.hover();
  await expect(dashboard.rows()).toHaveCount(0);
  expect(await api.countChats()).toBe(0);
  await outcome.getByRole("button", { name: "Undo" }).click();
  await expect(dashboard.toast("Restored 1,200 chats")).toBeVisible();
  // Who saw the first of them come back stays with those.
  await expect(async () => {
    await dashboard.rows().first().press("Home");
    await expect(dashboard.row("Chat 1200")).toBeFocused({ timeout: 1_000 });
  }).toPass();
  expect(await api.countAll()).toBe(1_200);
});

test("23: what a job left is listed, stays selected, and is tried again", async ({
  dashboard,
  api,
  tenant,
}) => {
  await seedChats(tenant.tenantId, numbered(55));
  const live = await api.createChat("Live one");
  const held = await api.createChat("Held one");
  await api.holdChat(held.id, "Case 114");
  const socket = await openSocket(serverUrl(), tenant.apiKey, live.id);
  const { page } = dashboard;
  await dashboard.open();
  await dashboard.row("Held one").focus();
  await page.keyboard.press("x");
  await dashboard.selectionBar.getByRole("button", { name: "Select all 57" }).click();
  await dashboard.askToDeleteSelected();
  await expect(dashboard.dialog).toHaveAccessibleName("Delete 55 chats permanently?");
  await expect(dashboard.dialog).toContainText("1 chat is on hold and stays.");
  await expect(dashboard.dialog).toContainText("1 chat has live connections");
  await dashboard.dialog.getByRole("button", { name: "Delete 55 chats" }).click();
  const outcome = dashboard.toast("Deleted 55 chats, 2 not", "1 is live, 1 is on hold");
  await expect(outcome).toBeVisible();
  await expect.poll(() => dashboard.selectedTitles()).toEqual(["Held one", "Live one"]);
  await outcome.getByRole("button", { name: "Details" }).click();
  const left = page.getByRole("list", { name: "Not deleted" }).getByRole("listitem");
  await expect(left).toHaveCount(2);
  await expect(left.filter({ hasText: "Live one" })).toContainText("Live");
  await expect(left.filter({ hasText: "Held one" })).toContainText("On hold");
  await socket.close();
  await page.getByRole("region", { name: "Page" }).getByRole("button", { name: "Retry the failed" }).click();
  await expect(dashboard.dialog).toHaveAccessibleName("Delete 1 chat permanently?");
  await dashboard.dialog.getByRole("button", { name: "Delete 1 chat" }).click();
  await expect(dashboard.toast("Deleted 1 chat, 1 not", "1 is on hold")).toBeVisible();
  await expect.poll(() => dashboard.selectedTitles()).toEqual(["Held one"]);
  expect(await api.statusOf(live.id)).toBe(404);
  expect(await api.statusOf(held.id)).toBe(200);
});

test("the page stays usable while a job deletes thousands of chats under it", async ({
  dashboard,
  tenant,
}) => {
  const chats = 2_000;
  await seedChats(tenant.tenantId, numbered(chats));
  const { page } = dashboard;
  await dashboard.open();
  // How many elements each change has drawn. Between two of them the page had a turn.
  await page.evaluate(() => {
    const drawn: number[] = [];
    new MutationObserver((changes) => {
      const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
      const sizes = added.map((node) =>
        node instanceof Element ? 1 + node.querySelectorAll("*").length : 0,
      );
      drawn.push(sizes.reduce((sum, size) => sum + size, 0));
    }).observe(document.body, { attributes: true, characterData: true, childList: true, subtree: true });
    Reflect.set(window, "drawn", drawn);
  });
  await startJob(dashboard, chats);
  await expect(dashboard.toast("Deleted 2,000 chats")).toBeVisible({ timeout: 120_000 });
  await expect(dashboard.sidebar.getByText("No chats yet")).toBeVisible();
  const drawn = z.array(z.number()).parse(await page.evaluate(() => Reflect.get(window, "drawn")));
  // 30 rows are in the page at most, of 27 elements each.
  expect(Math.max(...drawn), "elements that were drawn at once").toBeLessThan(1_500);
  // Some 50 were seen.
  expect(drawn.length, "changes of the page").toBeLessThan(chats / 2);
});

test("there is a page for when there are no jobs, and for a job that is not there", async ({ dashboard }) => {
  const { page } = dashboard;
  await page.goto("/deletions");
  await page.getByRole("link", { name: "Deletion jobs" }).click();
  await expect(page.getByText("No job yet.")).toBeVisible();
  await page.goto("/deletions/jobs/a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d");
  await expect(page.getByText("The job could not be read")).toBeVisible();
});

test("33: axe finds nothing on the pages of jobs, and they fit 320 px", async ({
  dashboard,
  api,
  tenant,
}) => {
  const { page } = dashboard;
  await page.emulateMedia({ reducedMotion: "reduce" });
  await seedChats(tenant.tenantId, numbered(55));
  await api.holdChat((await api.findChat("Chat 0001")).id, "Case 114");
  await dashboard.open();
  await dashboard.row("Chat 0055").focus();
  await page.keyboard.press("x");
  await dashboard.selectionBar.getByRole("button", { name: "Select all 55" }).click();
  expect(await findViolations(page)).toEqual([]);
  await dashboard.askToDeleteSelected();
  await dashboard.dialog.getByRole("button", { name: "Delete 54 chats" }).click();
  const outcome = dashboard.toast("Deleted 54 chats, 1 not");
  await expect(outcome).toBeVisible();
  await outcome.getByRole("button", { name: "Dismiss" }).click();
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("/deletions/jobs");
  await expect(jobs(dashboard)).toHaveCount(1);
  expect(await findViolations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await jobs(dashboard).getByRole("link").click();
  await expect(page.getByRole("list", { name: "Not deleted" })).toContainText("Chat 0001");
  expect(await findViolations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
});

/** Selects all chats of the list, `count` of them, and has them deleted. */
async function startJob(dashboard: Dashboard, count: number): Promise<void> {
  const words = count.toLocaleString("en");
  await dashboard.rows().first().focus();
  await dashboard.page.keyboard.press("x");
  await dashboard.selectionBar.getByRole("button", { name: `Select all ${words}` }).click();
  await dashboard.askToDeleteSelected();
  await dashboard.dialog.getByRole("textbox").fill(String(count));
  await dashboard.dialog.getByRole("button", { name: `Delete ${words} chats` }).click();
}

function progress(dashboard: Dashboard): Locator {
  return dashboard.sidebar.getByRole("progressbar");
}

function jobs(dashboard: Dashboard): Locator {
  return dashboard.page.getByRole("list", { name: "Deletion jobs" }).getByRole("listitem");
}
