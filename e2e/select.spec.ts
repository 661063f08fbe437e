import { findViolations } from "./support/find-violations.ts";
import { expect, test } from "./support/test.ts";

/** From the newest to the oldest, as the list shows them. */
const titles = ["Foxtrot", "Echo", "Delta", "Charlie", "Bravo", "Alpha"];

test.describe("a list of six", () => {
  test.beforeEach(async ({ api }) => {
    for (const title of titles.toReversed()) await api.createChat(title, ["Hello"]);
  });

  test("20: is selected with clicks in ranges, and with the keyboard alone outside of fields", async ({
    dashboard,
  }) => {
    const { page } = dashboard;
    await dashboard.open();
    await test.step("is selected with clicks, and with Shift in ranges that grow and shrink", async () => {
      await expect(dashboard.selectionBar).toHaveCount(0);
      await dashboard.row("Echo").hover();
      await dashboard.box("Echo").click();
      await expect(dashboard.selectionBar).toContainText("1 chat selected");
      await dashboard.row("Bravo").click({ modifiers: ["Shift"] });
      await expect.poll(() => dashboard.selectedTitles()).toEqual(["Echo", "Delta", "Charlie", "Bravo"]);
      await expect(dashboard.page).toHaveURL(/\/chats$/);
      await dashboard.box("Delta").click({ modifiers: ["Shift"] });
      await expect.poll(() => dashboard.selectedTitles()).toEqual(["Echo", "Delta"]);
      await dashboard.box("Echo").click();
      await expect.poll(() => dashboard.selectedTitles()).toEqual(["Delta"]);
      await dashboard.selectionBar.getByRole("button", { name: "Clear selection" }).click();
      await expect(dashboard.selectionBar).toHaveCount(0);
      await expect(dashboard.list.locator(":focus")).toHaveCount(1);
    });
    await test.step("is selected with the keyboard alone", async () => {
      await dashboard.row("Echo").focus();
      for (const [key, expected] of [
        ["x", ["Echo"]],
        ["Shift+ArrowDown", ["Echo", "Delta"]],
        ["Shift+ArrowDown", ["Echo", "Delta", "Charlie"]],
        ["Shift+ArrowUp", ["Echo", "Delta"]],
        ["End", ["Echo", "Delta"]],
        ["Space", ["Echo", "Delta", "Alpha"]],
        ["Escape", []],
        ["Control+a", titles],
        ["x", titles.slice(0, -1)],
        ["Escape", []],
      ] as const) {
        await page.keyboard.press(key);
        await expect.poll(() => dashboard.selectedTitles(), { message: `after ${key}` }).toEqual(expected);
      }
      await expect(dashboard.row("Alpha")).toBeFocused();
      await page.keyboard.press("ArrowLeft");
      await expect(dashboard.box("Alpha")).toBeFocused();
      await page.keyboard.press("Space");
      await expect.poll(() => dashboard.selectedTitles()).toEqual(["Alpha"]);
      await page.keyboard.press("ArrowRight");
      await expect(dashboard.row("Alpha")).toBeFocused();
      await page.keyboard.press("Tab");
      await expect(dashboard.selectionBar.locator(":focus")).toHaveCount(1);
      await page.keyboard.press("Escape");
      await expect(dashboard.selectionBar).toHaveCount(0);
      await expect(dashboard.row("Alpha")).toBeFocused();
    });
    await test.step("leaves the keys of fields alone", async () => {
      await dashboard.search.fill("o");
      await expect(dashboard.rows()).toHaveCount(3);
      await dashboard.search.press("Control+a");
      await page.keyboard.type("x");
      await expect(dashboard.search).toHaveValue("x");
      await expect(dashboard.selectionBar).toHaveCount(0);
    });
  });

  test("keeps its selection when rows come, move and go, and drops it with the search", async ({
    dashboard,
    api,
  }) => {
    await dashboard.open();
    await dashboard.row("Delta").focus();
    await dashboard.page.keyboard.press("x");
    await dashboard.page.keyboard.press("Shift+ArrowDown");
    await expect.poll(() => dashboard.selectedTitles()).toEqual(["Delta", "Charlie"]);
    await api.createChat("Golf");
    await api.createMessage((await api.findChat("Charlie")).id, "Up");
    await expect.poll(() => dashboard.selectedTitles()).toEqual(["Charlie", "Delta"]);
    expect(await api.deleteChat((await api.findChat("Delta")).id)).toBe(200);
    await expect(dashboard.selectionBar).toContainText("1 chat selected");
    await dashboard.search.fill("o");
    await expect(dashboard.selectionBar).toHaveCount(0);
  });
});

test("31, 32: a selection survives scrolling, and the row in focus stays in sight beside the bar", async ({
  dashboard,
  api,
}) => {
  for (let index = 1; index <= 60; index += 1) await api.createChat(`Chat ${String(index).padStart(2, "0")}`);
  const { page } = dashboard;
  await dashboard.open();
  await dashboard.row("Chat 60").focus();
  await page.keyboard.press("x");
  await dashboard.list.evaluate((list) => list.parentElement?.scrollTo({ top: 1_800 }));
  await expect(dashboard.row("Chat 30")).toBeInViewport();
  await dashboard.box("Chat 30").click({ modifiers: ["Shift"] });
  await expect(dashboard.selectionBar).toContainText("31 chats selected");
  await dashboard.row("Chat 25").focus();
  for (let press = 0; press < 8; press += 1) {
    await page.keyboard.press("Shift+ArrowDown");
    await expect(dashboard.row(`Chat ${24 - press}`)).toBeFocused();
    await expect(async () => {
      const focused = await dashboard.list.locator(":focus").boundingBox();
      const bar = await dashboard.selectionBar.boundingBox();
      if (!focused || !bar) throw new Error("The focused row or the bar has no box");
      expect(focused.y + focused.height).toBeLessThanOrEqual(bar.y + 1);
    }).toPass();
  }
});

test("33: axe finds nothing in a selection", async ({ dashboard, api, page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const title of titles) await api.createChat(title);
  await dashboard.open();
  await dashboard.row("Delta").focus();
  await page.keyboard.press("x");
  await page.keyboard.press("Shift+ArrowDown");
  await expect(dashboard.list).toHaveAttribute("aria-multiselectable", "true");
  await expect(dashboard.list.getByRole("row", { selected: true })).toHaveCount(2);
  expect(await findViolations(page)).toEqual([]);
});
