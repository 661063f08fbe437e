import { Dashboard } from "./support/dashboard.ts";
import { seedTenant } from "./support/seed-tenant.ts";
import { expect, signIn, test } from "./support/test.ts";

test("keeps a chat until it is released: from the open chat, with a reason", async ({ dashboard, api }) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Evidence", ["Said"]);
  await dashboard.openChat(id);
  await dashboard.openChatMenu();
  await dashboard.item("Put on hold…").click();
  const dialog = page.getByRole("dialog", { name: "Put “Evidence” on hold" });
  const reason = dialog.getByRole("textbox", { name: "Reason" });
  await expect(reason).toBeFocused();
  await dialog.getByRole("button", { name: "Put on hold" }).click();
  await expect(dialog.getByText("Say why the chat has to be kept.")).toBeVisible();
  await reason.fill("Case 114");
  await dialog.getByRole("button", { name: "Put on hold" }).click();
  await expect(dialog).toBeHidden();
  expect((await api.chat(id)).hold?.reason).toBe("Case 114");
  for (const place of [dashboard.openPage, dashboard.list])
    await expect(place.getByText("On hold: Case 114")).toBeVisible();

  await dashboard.askAboutOpenChat();
  await expect(dashboard.dialog).toHaveAccessibleName("“Evidence” is on hold");
  await expect(dashboard.dialog).toContainText("Case 114");
  await expect(dashboard.confirm).toHaveCount(0);
  const keep = dashboard.dialog.getByRole("button", { name: "Keep it" });
  await expect(keep).toBeFocused();
  await dashboard.dialog.getByRole("button", { name: "Release hold" }).click();
  await expect(dashboard.toast("Released the hold on “Evidence”")).toBeVisible();
  await expect(dashboard.dialog).toHaveAccessibleName("Delete “Evidence” permanently?");
  await dashboard.confirm.click();
  await expect(dashboard.toast("Deleted “Evidence”")).toBeVisible();
  expect(await api.statusOf(id)).toBe(404);
});

test("is put and released from the row's menu", async ({ dashboard, api }) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Kept");
  await dashboard.open();
  await dashboard.openRowMenu("Kept");
  await dashboard.item("Put on hold…").click();
  await page.getByRole("textbox", { name: "Reason" }).fill("Asked for");
  await page.getByRole("button", { name: "Put on hold" }).click();
  await expect(dashboard.list.getByText("On hold: Asked for")).toBeVisible();
  await dashboard.openRowMenu("Kept");
  await dashboard.item("Release hold").click();
  await expect(dashboard.toast("Released the hold on “Kept”")).toBeVisible();
  await expect(dashboard.list.getByText("On hold")).toHaveCount(0);
  expect((await api.chat(id)).hold).toBeNull();
});

test("that comes while the question is open takes the question away", async ({ dashboard, api }) => {
  const { id } = await api.createChat("Just now");
  await dashboard.open();
  await dashboard.askFromList("Just now");
  await expect(dashboard.confirm).toBeVisible();
  await api.holdChat(id, "Stop");
  await expect(dashboard.dialog).toHaveAccessibleName("“Just now” is on hold");
  await expect(dashboard.confirm).toHaveCount(0);
});

test("that the page has not heard of is explained by the refusal", async ({ dashboard, api }) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Unheard of");
  await dashboard.open();
  await dashboard.askFromList("Unheard of");
  await page.route("**/api/trpc/chat.delete", async (route) => {
    await api.holdChat(id, "Stop");
    await route.continue();
  });
  await dashboard.confirm.click();
  const refusal = dashboard.toast("“Unheard of” was not deleted", "The chat is on hold");
  await expect(refusal).toContainText("Reason: Stop");
  await expect(dashboard.row("Unheard of")).toBeVisible();
});

test("keeps a chat in the Trash, too", async ({ dashboard, api }) => {
  const { id } = await api.createChat("Trashed evidence");
  await api.holdChat(id, "Case 114");
  await dashboard.open();
  await dashboard.answered("chat.trash", () => dashboard.trashFromList("Trashed evidence"));
  await dashboard.openTrash();
  const row = dashboard.trashed("Trashed evidence");
  await expect(row).toContainText("Kept while it is on hold");
  await row.getByRole("button", { name: "Delete permanently: Trashed evidence" }).click();
  await expect(dashboard.dialog).toHaveAccessibleName("“Trashed evidence” is on hold");
});

test("is not offered to a key that may not", async ({ browser, baseURL }) => {
  const { apiKey } = await seedTenant("Without holds", ["chats:read", "chats:write", "chats:delete"]);
  const context = await browser.newContext(baseURL === undefined ? {} : { baseURL });
  await signIn(context, apiKey);
  const dashboard = new Dashboard(await context.newPage());
  const { page } = dashboard;
  await dashboard.open();
  await dashboard.sidebar.getByRole("button", { name: "New chat" }).first().click();
  await page.getByRole("textbox", { name: "Title" }).fill("Not to be held");
  await page.getByRole("button", { name: "Create chat" }).click();
  await dashboard.openChatMenu();
  await expect(dashboard.item("Delete permanently…")).toBeVisible();
  await expect(dashboard.item("Put on hold…")).toHaveCount(0);
  await context.close();
});
