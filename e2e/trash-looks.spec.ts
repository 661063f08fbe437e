import { findViolations } from "./support/find-violations.ts";
import { expectNothingCutOff } from "./support/nothing-cut-off.ts";
import { expect, test } from "./support/test.ts";

const longTitle =
  "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft, part two";
const longReason = `Asked for by ${"the legal department and ".repeat(6)}${"x".repeat(80)}`;

test.describe("33: axe finds nothing in light and in dark", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("in the trash, on the page of a trashed chat, and in what asks before a deletion", async ({
    dashboard,
    api,
  }) => {
    const { page } = dashboard;
    const { id } = await api.createChat("Trashed", ["Hello"]);
    const held = await api.createChat("Held");
    await dashboard.openTrash();
    await expect(page.getByText("The Trash is empty")).toBeVisible();
    expect(await findViolations(page)).toEqual([]);
    await api.holdChat(held.id, "Case 114");
    for (const chatId of [id, held.id]) await api.trashChat(chatId);
    await expect(dashboard.trashed("Held")).toContainText("On hold");
    expect(await findViolations(page)).toEqual([]);

    await page.goto(`/chats/${id}`);
    await expect(page.getByRole("heading", { name: "This chat is in the Trash" })).toBeVisible();
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole("button", { name: "Delete permanently" }).click();
    await expect(dashboard.confirm).toBeVisible();
    expect(await findViolations(page)).toEqual([]);
    await page.route(
      (url) => url.pathname.includes("chat.export"),
      (route) => route.abort("connectionfailed"),
    );
    await dashboard.dialog.getByRole("button", { name: "Export, then delete" }).click();
    await expect(dashboard.dialog.getByRole("alert")).toBeVisible();
    expect(await findViolations(page)).toEqual([]);
    await dashboard.cancel.click();
    await expect(dashboard.dialog).toBeHidden();

    await page.goto(`/chats/${held.id}`);
    await page.getByRole("button", { name: "Delete permanently" }).click();
    await expect(dashboard.dialog).toContainText("Case 114");
    expect(await findViolations(page)).toEqual([]);
  });

  test("with Undo offered, in the menus, and where a hold is put", async ({ dashboard, api }) => {
    const { page } = dashboard;
    await api.createChat("Gone for now");
    const { id } = await api.createChat("Open", ["Hello"]);
    await api.holdChat(id, "Case 114");
    await api.createChat("Free");
    await dashboard.openChat(id);
    await expect(dashboard.list.getByText("On hold: Case 114")).toBeVisible();
    await dashboard.trashFromList("Gone for now");
    // It stays while the mouse lies on it.
    await dashboard.toast("Moved “Gone for now”").hover();
    expect(await findViolations(page)).toEqual([]);
    await dashboard.openChatMenu();
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("menu")).toHaveCount(0);
    await dashboard.openRowMenu("Free");
    expect(await findViolations(page)).toEqual([]);
    await dashboard.item("Put on hold…").click();
    await page.getByRole("button", { name: "Put on hold" }).click();
    await expect(page.getByText("Say why the chat has to be kept.")).toBeVisible();
    expect(await findViolations(page)).toEqual([]);
  });
});

for (const [name, viewport, text] of [
  ["320 px wide", { width: 320, height: 640 }, "100%"],
  ["text of 200 % on a phone", { width: 390, height: 844 }, "200%"],
] as const) {
  test.describe(name, () => {
    test.use({ viewport });

    test("nothing is cut off on the way into the trash and out of it", async ({ dashboard, api }) => {
      const { page } = dashboard;
      await page.addInitScript((size) => {
        document.addEventListener("DOMContentLoaded", () => {
          document.documentElement.style.fontSize = size;
        });
      }, text);
      const { id } = await api.createChat(longTitle, ["Hello"]);
      await api.holdChat(id, longReason);
      await dashboard.openChat(id);
      await expectNothingCutOff(page);
      await dashboard.openChatMenu();
      await expectNothingCutOff(page);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("menu")).toHaveCount(0);
      await dashboard.askAboutOpenChat();
      await expectNothingCutOff(page);
      await page.keyboard.press("Escape");
      await expect(dashboard.dialog).toBeHidden();
      await dashboard.answered("chat.trash", () => dashboard.trashOpenChat());
      await expect(dashboard.toast("to the Trash")).toBeVisible();
      await expectNothingCutOff(page);
      await dashboard.openTrash();
      await expect(dashboard.trashed(longTitle)).toBeVisible();
      await expectNothingCutOff(page);
      await dashboard.trashed(longTitle).getByRole("link").click();
      await expect(page.getByRole("heading", { name: "This chat is in the Trash" })).toBeVisible();
      await expectNothingCutOff(page);
      await page.getByRole("button", { name: "Restore" }).click();
      await expect(dashboard.composer).toBeVisible();
    });
  });
}

test("32: what one clicks in the trash is at least 24 px high and wide", async ({ dashboard, api }) => {
  const { id } = await api.createChat("Targets", ["Hello"]);
  await api.trashChat(id);
  await dashboard.openTrash();
  await expect(dashboard.trashed("Targets")).toBeVisible();
  for (const target of await dashboard.page.locator("#main").locator("a, button").all()) {
    if (!(await target.isVisible())) continue;
    const box = await target.boundingBox();
    expect(
      Math.min(box?.width ?? 0, box?.height ?? 0),
      (await target.textContent()) ?? "",
    ).toBeGreaterThanOrEqual(24);
  }
});
