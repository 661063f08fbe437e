import { holdReads } from "./support/held-calls.ts";
import { expect, test } from "./support/test.ts";

test("says so on the open page of a chat that a program deletes", async ({ dashboard, api }) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Open page", ["Soon gone"]);
  await dashboard.openChat(id);
  expect(await api.deleteChat(id)).toBe(409);
  const goOn = await holdReads(page);
  expect(await api.deleteChat(id, { force: true })).toBe(200);
  await expect(dashboard.heading("This chat was deleted")).toBeVisible();
  await goOn();
  await expect(page.getByText("Soon gone")).toHaveCount(0);
  await expect(page).toHaveTitle(/Deleted chat/);
  await dashboard.openPage.getByRole("link", { name: "All chats" }).click();
  await expect(page).toHaveURL(/\/chats$/);
  await expect(page.getByText("No chats yet")).toBeVisible();
});

test("56: says who deleted a chat, and when, to whoever opens its old address, and leads to the receipt", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Bookmarked", ["Secret"]);
  expect(await api.deleteChat(id)).toBe(200);
  await page.goto(`/chats/${id}`);
  await expect(dashboard.heading("This chat was deleted")).toBeVisible();
  await expect(page.getByText(/It was deleted .+ by the API key e2e .+, through the REST API/)).toBeVisible();
  await expect(page.getByText("Secret")).toHaveCount(0);
  await expect(dashboard.composer).toHaveCount(0);
  await dashboard.openPage.getByRole("link", { name: "Receipt" }).click();
  await expect(dashboard.heading("Deletion")).toBeVisible();
  await expect(page.getByText(id)).toBeVisible();
});

test("13: Back leads to a chat that was open when it was deleted: restored from the Trash, or gone", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  await api.createChat("Regretted", ["Said"]);
  await dashboard.open();
  await dashboard.row("Regretted").click();
  await expect(dashboard.messages.getByText("Said")).toBeVisible();
  await dashboard.trashOpenChat();
  await expect(page).toHaveURL(/\/chats$/);
  await page.goBack();
  const bar = page.getByRole("region", { name: "This chat is in the Trash" });
  await bar.getByRole("button", { name: "Restore" }).click();
  await expect(dashboard.composer).toBeVisible();
  await dashboard.deleteOpenChat();
  await expect(page).toHaveURL(/\/chats$/);
  await page.goBack();
  await expect(dashboard.heading("This chat was deleted")).toBeVisible();
  await page.reload();
  await expect(dashboard.heading("This chat was deleted")).toBeVisible();
  await expect(page.getByText(/It was deleted .+ by you/)).toBeVisible();
});

test("says that a chat is gone to whoever goes back to it", async ({ dashboard, api }) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Read, then deleted", ["Secret"]);
  await dashboard.open();
  await dashboard.row("Read, then deleted").click();
  await expect(dashboard.messages.getByText("Secret")).toBeVisible();
  await dashboard.sidebar.getByRole("link", { name: "Lethe" }).click();
  await expect(page).toHaveURL(/\/chats$/);
  await dashboard.deleteFromList("Read, then deleted");
  await expect(dashboard.toast("Deleted “Read, then deleted”")).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(new RegExp(id));
  await expect(dashboard.heading(/^This chat (was deleted|is gone)$/)).toBeVisible();
  await expect(page.getByText("Secret")).toHaveCount(0);
});

for (const [what, path] of [
  ["never was", "/chats/00000000-0000-4000-8000-000000000000"],
  ["cannot be", "/chats/not-an-id"],
] as const) {
  test(`says the same of a chat that ${what}`, async ({ dashboard }) => {
    await dashboard.page.goto(path);
    await expect(dashboard.heading("This chat is gone")).toBeVisible();
  });
}

test("does not tell a tenant whether another has a chat", async ({ dashboard, otherTenantsApi }) => {
  const { id } = await otherTenantsApi.createChat("Somebody else's", ["Private"]);
  await dashboard.page.goto(`/chats/${id}`);
  await expect(dashboard.heading("This chat is gone")).toBeVisible();
  await expect(dashboard.page.getByText("Private")).toHaveCount(0);
  expect(await otherTenantsApi.statusOf(id)).toBe(200);
});
