import { openSocket } from "./support/open-socket.ts";
import { expect, serverUrl, test } from "./support/test.ts";

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  test.describe(`${viewport.width} px wide`, () => {
    test.use({ viewport });

    test("41: a toast can neither cover nor act while a dialog asks about another chat", async ({
      dashboard,
      api,
      tenant,
    }) => {
      const { page } = dashboard;
      const busy = await api.createChat("Busy");
      const socket = await openSocket(serverUrl(), tenant.apiKey, busy.id);
      await api.createChat("Asked about");
      await dashboard.open();
      await dashboard.deleteFromList("Busy");
      const force = page.getByText("Disconnect and delete");
      await expect(force).toBeVisible();

      await dashboard.askFromList("Asked about");
      await expect(dashboard.cancel).toBeFocused();
      const isReached = (selector: string) =>
        page.evaluate((what) => {
          const all = [...document.querySelectorAll(what)].filter((one) => one.checkVisibility());
          return all.map((one) => {
            const { left, top, width, height } = one.getBoundingClientRect();
            return one.contains(document.elementFromPoint(left + width / 2, top + height / 2));
          });
        }, selector);
      await expect
        .poll(() => isReached("[role=alertdialog] h2, [role=alertdialog] p, [role=alertdialog] button"))
        .not.toContain(false);
      expect(await isReached("[aria-label=Notifications] button")).not.toContain(true);
      for (const key of ["F6", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab"]) {
        await page.keyboard.press(key);
        await expect(dashboard.dialog.locator(":focus")).toHaveCount(1);
      }
      await page.keyboard.press("Escape");
      await expect(dashboard.dialog).toBeHidden();
      expect(await api.statusOf(busy.id)).toBe(200);
      await force.click();
      await expect(dashboard.toast("Deleted “Busy”")).toBeVisible();
      await socket.closed;
    });
  });
}

test.describe("390 px wide", () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test("41: three toasts lie on no row, and leave room for the list", async ({ dashboard, api }) => {
    for (let index = 1; index <= 12; index += 1)
      await api.createChat(`Chat ${String(index).padStart(2, "0")}`);
    await dashboard.open();
    for (const title of ["Chat 12", "Chat 11", "Chat 10"]) await dashboard.trashFromList(title);
    await expect(dashboard.toasts.getByRole("button", { name: "Undo" })).toHaveCount(3);
    const list = await dashboard.page.locator("[data-chat-list]").boundingBox();
    const toasts = await dashboard.toasts.boundingBox();
    if (!list || !toasts) throw new Error("the list and the toasts are on the page");
    expect(list.y + list.height).toBeLessThanOrEqual(toasts.y);
    expect(list.height).toBeGreaterThan(4 * 64);
    expect(toasts.y + toasts.height).toBeLessThanOrEqual(844);
  });
});

test("Tab goes on past a toast after F6 was used, and F6 goes back to where one was", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  for (const title of ["Stays", "Goes"]) await api.createChat(title);
  await dashboard.open();
  await dashboard.trashFromList("Goes");
  const toast = dashboard.toast("Moved “Goes”");
  const undo = toast.getByRole("button", { name: "Undo" });
  await dashboard.row("Stays").focus();
  await page.keyboard.press("F6");
  await expect(dashboard.toasts).toBeFocused();
  await page.keyboard.press("F6");
  await expect(dashboard.row("Stays")).toBeFocused();
  const reaches = async (isThere: () => Promise<boolean>) => {
    for (let presses = 0; presses < 30; presses += 1) {
      if (await isThere()) return true;
      await page.keyboard.press("Tab");
    }
    return false;
  };
  const isFocused = (element: typeof undo) => element.evaluate((one) => one === document.activeElement);
  expect(await reaches(() => isFocused(undo)), "Tab reaches Undo").toBe(true);
  const brand = dashboard.sidebar.getByRole("link", { name: "Lethe" });
  expect(await reaches(() => isFocused(brand)), "Tab begins anew behind the toasts").toBe(true);
});
