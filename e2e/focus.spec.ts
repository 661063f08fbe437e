import type { Dashboard } from "./support/dashboard.ts";
import { HeldCalls } from "./support/held-calls.ts";
import { expect, test } from "./support/test.ts";

/** From the newest to the oldest, as the list shows them. */
const titles = ["Echo", "Delta", "Charlie", "Bravo", "Alpha"];

/** Nine rows from A to I. What goes first with the mouse, then with the keyboard, and the row beside it. */
const nine = ["Amber", "Birch", "Cedar", "Daisy", "Elder", "Fern", "Ginkgo", "Holly", "Iris"];
const cases = [
  { way: "with the mouse", which: "a middle row", gone: "Elder", next: "Fern" },
  { way: "with the mouse", which: "the first row", gone: "Amber", next: "Birch" },
  { way: "with the mouse", which: "the last row", gone: "Iris", next: "Holly" },
  { way: "with the keyboard", which: "a middle row", gone: "Daisy", next: "Fern" },
  { way: "with the keyboard", which: "the first row", gone: "Birch", next: "Cedar" },
  { way: "with the keyboard", which: "the last row", gone: "Holly", next: "Ginkgo" },
];

for (const ending of ["trashed", "deleted"] as const) {
  test(`26, 27: goes to the neighbour when a row is ${ending}`, async ({ dashboard, api }) => {
    for (const title of nine.toReversed()) await api.createChat(title);
    await dashboard.open();
    for (const { way, which, gone, next } of cases) {
      await test.step(`${which} ${way}`, async () => {
        // As on a page that has just been opened: nothing has the focus.
        await dashboard.page.evaluate(
          () => document.activeElement instanceof HTMLElement && document.activeElement.blur(),
        );
        const lost = await watchFocus(dashboard);
        if (way === "with the mouse") {
          if (ending === "trashed") await dashboard.trashFromList(gone);
          else await dashboard.deleteFromList(gone);
        } else if (ending === "deleted") await deleteByKey(dashboard, gone);
        else {
          await dashboard.row(gone).focus();
          await dashboard.page.keyboard.press("Delete");
        }
        const notice = ending === "trashed" ? `Moved “${gone}” to the Trash` : `Deleted “${gone}”`;
        if (ending === "trashed") await expect(dashboard.row(next)).toBeFocused();
        await expect(dashboard.toast(notice)).toBeVisible();
        await expect(dashboard.row(next)).toBeFocused();
        await expect(dashboard.dialog).toBeHidden();
        await expect(dashboard.row(next)).toBeFocused();
        expect(await lost(), "the focus was on nothing at the end of a frame").toBe(false);
      });
    }
  });
}

test("27: goes to what stands in place of the list when the only row is deleted", async ({
  dashboard,
  api,
}) => {
  await api.createChat("Only one");
  await dashboard.open();
  await deleteByKey(dashboard, "Only one");
  await expect(dashboard.toast("Deleted “Only one”")).toBeVisible();
  await expect(dashboard.dialog).toBeHidden();
  await expect(dashboard.sidebar.getByText("No chats yet")).toBeVisible();
  await expect(dashboard.sidebar.getByRole("button", { name: "New chat" }).last()).toBeFocused();
});

test("goes there on a slow machine too, where the row leaves after the dialog", async ({
  dashboard,
  api,
  page,
}) => {
  await api.createChat("Only one");
  await dashboard.open();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 20 });
  await deleteByKey(dashboard, "Only one");
  await expect(dashboard.sidebar.getByText("No chats yet")).toBeVisible();
  await expect(dashboard.sidebar.getByRole("button", { name: "New chat" }).last()).toBeFocused();
});

test("stays in the list while one deletion follows the other", async ({ dashboard, api }) => {
  for (const title of titles.toReversed()) await api.createChat(title);
  await dashboard.open();
  await dashboard.row("Echo").focus();
  for (const [gone, next] of [
    ["Echo", "Delta"],
    ["Delta", "Charlie"],
    ["Charlie", "Bravo"],
  ] as const) {
    await deleteByKey(dashboard, gone);
    await expect(dashboard.row(next)).toBeFocused();
    await expect(dashboard.dialog).toBeHidden();
  }
});

test("27: survives the deletion of the focused row by somebody else", async ({ dashboard, api }) => {
  for (const title of titles.toReversed()) await api.createChat(title);
  await dashboard.open();
  await dashboard.row("Charlie").focus();
  expect(await api.deleteChat((await api.findChat("Charlie")).id)).toBe(200);
  await expect(dashboard.row("Charlie")).toHaveCount(0);
  await expect(dashboard.row("Bravo")).toBeFocused();
});

test("survives the deletion of the open chat, from here and from elsewhere", async ({ dashboard, api }) => {
  const { id } = await api.createChat("Open");
  const other = await api.createChat("Open next");
  await dashboard.openChat(id);
  await dashboard.deleteOpenChat();
  await expect(dashboard.toast("Deleted “Open”")).toBeVisible();
  await expect(dashboard.page).toHaveURL(/\/chats$/);
  await expectSomethingFocused(dashboard);

  await dashboard.openChat(other.id);
  await dashboard.composer.focus();
  expect(await api.deleteChat(other.id, { force: true })).toBe(200);
  await expect(dashboard.heading("This chat was deleted")).toBeVisible();
  // Not into the list: what one goes on typing must not act on another chat.
  await expect(dashboard.openPage).toBeFocused();
});

test("stays where the person is when a refused row comes back, and when its notice is dismissed", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  for (const title of titles.toReversed()) await api.createChat(title);
  const held = await HeldCalls.on(page, "chat.delete");
  await dashboard.open();
  await deleteByKey(dashboard, "Charlie");
  await expect(dashboard.row("Bravo")).toBeFocused();
  await expect(dashboard.dialog).toBeHidden();
  await held.fail((await api.findChat("Charlie")).id, "req-e2e-focus");
  const notice = dashboard.toast("“Charlie” was not deleted");
  await expect(notice).toBeVisible();
  await expect(dashboard.row("Charlie")).toBeVisible();
  await expect(dashboard.row("Bravo")).toBeFocused();
  await notice.getByRole("button", { name: "Retry" }).focus();
  await page.keyboard.press("Tab");
  await expect(notice.getByRole("button", { name: "Dismiss" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(notice).toHaveCount(0);
  await expectSomethingFocused(dashboard);
});

async function deleteByKey(dashboard: Dashboard, title: string): Promise<void> {
  await dashboard.row(title).focus();
  await dashboard.page.keyboard.press("Shift+Delete");
  await expect(dashboard.cancel).toBeFocused();
  await dashboard.page.keyboard.press("Tab");
  await dashboard.page.keyboard.press("Enter");
}

async function expectSomethingFocused(dashboard: Dashboard): Promise<void> {
  await expect
    .poll(() => dashboard.page.evaluate(() => document.activeElement?.matches("body") === false))
    .toBe(true);
}

/** Watches from the next opening of the dialog. Answers whether the focus was ever lost for long. */
async function watchFocus({ page }: Dashboard): Promise<() => Promise<boolean>> {
  await page.evaluate(() => {
    let frames = 0;
    let begun = false;
    let lost = false;
    const look = () => {
      const onBody = document.activeElement === document.body;
      begun ||= !onBody;
      frames = onBody && begun ? frames + 1 : 0;
      // A tenth of a second, on a display of 60 Hz: a key that is pressed so soon is not meant for what it brings.
      if (frames > 6) lost = true;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    Reflect.set(window, "wasFocusLost", () => lost);
  });
  return () => page.evaluate(() => Boolean(Reflect.get(window, "wasFocusLost")()));
}
