import type { Page } from "@playwright/test";
import { holdFrames } from "./support/hold-frames.ts";
import { expect, test } from "./support/test.ts";

/** From the newest to the oldest, as the list shows them. */
const titles = ["Echo", "Delta", "Charlie", "Bravo", "Alpha"];

test.beforeEach(async ({ api }) => {
  for (const title of titles.toReversed()) await api.createChat(title, ["Hello"]);
});

test("30: keys move in the list, ask about a row, reach its buttons, and can be turned off", async ({
  dashboard,
}) => {
  const { page } = dashboard;
  await dashboard.open();
  await test.step("the list is one tab stop, and keys move within it", async () => {
    const filter = dashboard.sidebar.getByRole("button", { name: "Filter and sort" });
    await expect(filter).toBeVisible();
    await dashboard.search.focus();
    await page.keyboard.press("Tab");
    await expect(filter).toBeFocused();
    await page.keyboard.press("Tab");
    await expect(dashboard.row("Echo")).toBeFocused();
    await page.keyboard.press("Tab");
    await expect(dashboard.list.locator(":focus")).toHaveCount(0);
    await page.keyboard.press("Shift+Tab");
    await expect(dashboard.row("Echo")).toBeFocused();

    for (const [key, title] of [
      ["ArrowDown", "Delta"],
      ["j", "Charlie"],
      ["k", "Delta"],
      ["ArrowUp", "Echo"],
      ["ArrowUp", "Echo"],
      ["End", "Alpha"],
      ["ArrowDown", "Alpha"],
      ["Home", "Echo"],
    ] as const) {
      await page.keyboard.press(key);
      await expect(dashboard.row(title), `after ${key}`).toBeFocused();
    }
    await page.keyboard.press("End");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Tab");
    await expect(dashboard.row("Alpha"), "Tab comes back to where one was").toBeFocused();
  });
  await test.step("Shift with Delete asks about the row, Backspace too, Escape leaves it alone", async () => {
    await dashboard.row("Delta").focus();
    for (const key of ["Shift+Delete", "Shift+Backspace"]) {
      await page.keyboard.press(key);
      await expect(dashboard.dialog).toContainText("Delete “Delta” permanently?");
      await expect(dashboard.cancel).toBeFocused();
      await page.keyboard.press("Escape");
      await expect(dashboard.dialog).toBeHidden();
      await expect(dashboard.row("Delta")).toBeFocused();
    }
  });
  await test.step("what fades out does nothing any more, however long that takes", async () => {
    const goOn = await holdFrames(page);
    await page.keyboard.press("Shift+Delete");
    await expect(dashboard.cancel).toBeFocused();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    await expect(dashboard.confirm).toBeFocused();
    await page.keyboard.press("Enter");
    await goOn();
    await expect(dashboard.dialog).toBeHidden();
    await expect(dashboard.row("Delta")).toBeFocused();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    const again = await holdFrames(page);
    await page.keyboard.press("Enter");
    await expect(dashboard.item("Move to Trash")).toBeFocused();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Enter");
    await again();
    await expect(page.getByRole("menu")).toBeHidden();
    await expect(dashboard.rows()).toHaveCount(5);
  });
  await test.step("the row's own buttons are reached with the arrow to the right", async () => {
    await dashboard.row("Delta").focus();
    await page.keyboard.press("ArrowRight");
    const button = dashboard.list.getByRole("button", { name: "Delete Delta" });
    await expect(button).toBeFocused();
    await expect(button.locator("..")).toHaveCSS("opacity", "1");
    await page.keyboard.press("ArrowLeft");
    await expect(dashboard.row("Delta")).toBeFocused();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect(dashboard.list.getByRole("button", { name: "More for Delta" })).toBeFocused();
    const goOn = await holdFrames(page);
    await page.keyboard.press("Enter");
    await expect(dashboard.item("Move to Trash")).toBeFocused();
    await goOn();
    await page.keyboard.press("End");
    await expect(dashboard.item("Delete permanently")).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(dashboard.dialog).toContainText("Delete “Delta” permanently?");
    await expect(dashboard.cancel).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(dashboard.dialog).toBeHidden();
  });
  await test.step("? lists the keys, and all single keys can be turned off for ever", async () => {
    await dashboard.row("Echo").focus();
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await expect(help.getByText("Search chats")).toBeVisible();
    await help.getByRole("switch").click();
    await expect(help.getByRole("switch")).not.toBeChecked();
    await page.keyboard.press("Escape");
    await expect(help).toBeHidden();
    await expect(dashboard.row("Echo")).toBeFocused();

    await page.keyboard.press("/");
    await expect(dashboard.search).not.toBeFocused();
    await page.keyboard.press("?");
    await expect(help).toBeHidden();
    await page.reload();
    await expect(dashboard.row("Echo")).toBeVisible();
    await dashboard.row("Echo").focus();
    for (const key of ["?", "j", "x", "Delete", "Backspace"]) await page.keyboard.press(key);
    await expect(help).toBeHidden();
    await expect(dashboard.row("Echo")).toBeFocused();
    await expect(dashboard.selectionBar).toBeHidden();
    await expect(dashboard.toasts.getByText("to the Trash")).toHaveCount(0);
    await page.keyboard.press("ArrowDown");
    await expect(dashboard.row("Delta"), "what only moves goes on").toBeFocused();
    await page.keyboard.press("Shift+Delete");
    await expect(dashboard.dialog).toContainText("Delete “Delta” permanently?");
  });
});

test("a chat is opened, read, answered and trashed without a mouse", async ({ dashboard, api }) => {
  const { page } = dashboard;
  await dashboard.open();
  await page.keyboard.press("/");
  await expect(dashboard.search).toBeFocused();
  await page.keyboard.type("charlie");
  await expect(dashboard.rows()).toHaveCount(1);
  await tabTo(page, "link", /^Charlie/);
  await page.keyboard.press("Enter");
  await expect(dashboard.heading("Charlie")).toBeVisible();
  await tabTo(page, "textbox", "Message");
  await page.keyboard.type("Typed, not clicked");
  await page.keyboard.press("Enter");
  await expect(dashboard.messages.getByText("Typed, not clicked")).toBeVisible();

  await tabTo(page, "button", "Delete", "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(dashboard.toast("Moved “Charlie” to the Trash")).toBeVisible();
  await expect(page).toHaveURL(/\/chats\?q=charlie$/);
  await expect.poll(() => hasFocus(page)).toBe(true);
  expect(await api.countChats()).toBe(4);
});

test("4: Delete trashes the row, Backspace too, and Ctrl+Z brings them back", async ({ dashboard, api }) => {
  const { page } = dashboard;
  await dashboard.open();
  await dashboard.row("Delta").focus();
  await page.keyboard.press("Delete");
  await expect(dashboard.toast("Moved “Delta” to the Trash")).toBeVisible();
  await expect(dashboard.row("Charlie")).toBeFocused();
  await page.keyboard.press("Backspace");
  await expect(dashboard.toast("Moved “Charlie” to the Trash")).toBeVisible();
  await expect(dashboard.rows()).toHaveCount(3);
  for (const title of ["Charlie", "Delta"]) {
    await page.keyboard.press("ControlOrMeta+z");
    await expect(dashboard.toast(`Restored “${title}”`)).toBeVisible();
    await expect(dashboard.row(title)).toBeFocused();
  }
  await expect(dashboard.rows()).toHaveCount(5);
  expect(await api.countChats()).toBe(5);
});

test("29: Undo is reached from the row that took the place of the trashed one", async ({ dashboard }) => {
  const { page } = dashboard;
  await dashboard.open();
  await dashboard.row("Delta").focus();
  await page.keyboard.press("Delete");
  await expect(dashboard.toast("Moved “Delta” to the Trash")).toBeVisible();
  await page.keyboard.press("F6");
  await tabTo(page, "button", "Undo");
  await page.keyboard.press("Enter");
  await expect(dashboard.row("Delta")).toBeFocused();
});

test("a refusal is reached and answered without a mouse", async ({ dashboard, otherBrowser, api }) => {
  const { page } = dashboard;
  const reader = await otherBrowser();
  await reader.openChat((await api.findChat("Delta")).id);
  await dashboard.open();
  await dashboard.row("Delta").focus();
  await page.keyboard.press("Shift+Delete");
  await expect(dashboard.cancel).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const refusal = dashboard.toast("“Delta” was not deleted");
  await expect(refusal).toBeVisible();
  await expect.poll(() => hasFocus(page)).toBe(true);
  await page.keyboard.press("F6");
  await tabTo(page, "button", "Disconnect and delete");
  await page.keyboard.press("Enter");
  await expect(dashboard.toast("Deleted “Delta”")).toBeVisible();
  await expect(refusal).toHaveCount(0);
  await expect.poll(() => hasFocus(page)).toBe(true);
});

test("30: single keys stay letters inside fields", async ({ dashboard, api }) => {
  const { page } = dashboard;
  await dashboard.openChat((await api.findChat("Echo")).id);
  await dashboard.composer.focus();
  await page.keyboard.type("j/k?");
  await expect(dashboard.composer).toHaveValue("j/k?");
  await dashboard.search.focus();
  await page.keyboard.type("jk?/");
  await expect(dashboard.search).toHaveValue("jk?/");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

/** Presses Tab until it reaches this element; fails when it does not. */
async function tabTo(
  page: Page,
  role: "link" | "button" | "textbox",
  name: string | RegExp,
  key: "Tab" | "Shift+Tab" = "Tab",
): Promise<void> {
  const target = page.getByRole(role, { name, exact: typeof name === "string" });
  for (let presses = 0; presses < 40; presses += 1) {
    if (await target.evaluateAll((found) => found.includes(document.activeElement as never))) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not reach the ${role} ${String(name)}`);
}

/** Whether an element has the focus, so that the next key goes on from there. */
function hasFocus(page: Page): Promise<boolean> {
  return page.evaluate(() => document.activeElement !== null && document.activeElement !== document.body);
}
