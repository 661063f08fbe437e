import { HeldCalls } from "./support/held-calls.ts";
import { framesUntilRowIsGone } from "./support/row-gone.ts";
import { expect, test } from "./support/test.ts";

test("1: takes the row away within 6 frames (100 ms on most displays), before the server has heard of it", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Amber");
  const held = await HeldCalls.on(page, "chat.delete");
  await dashboard.open();
  await dashboard.askFromList("Amber");
  const frames = framesUntilRowIsGone(page, "Amber");
  await dashboard.confirm.click();
  expect(await frames).toBeLessThanOrEqual(6);
  await expect(dashboard.dialog).toBeHidden();
  expect(await api.statusOf(id)).toBe(200);
  await held.release(id);
  await expect(dashboard.toast("Deleted “Amber”")).toBeVisible();
});

test("confirms a deletion with the title, what was erased, and its line in the ledger", async ({
  dashboard,
  api,
}) => {
  const chat = await api.createChat("Kitchen plans", ["One", "Two", "Three"]);
  await dashboard.open();
  await dashboard.deleteFromList("Kitchen plans");
  const toast = dashboard.toast("Deleted “Kitchen plans”", "3 messages erased.");
  await toast.getByRole("link", { name: "Receipt" }).click();
  expect(await api.statusOf(chat.id)).toBe(404);
  await expect(dashboard.page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(dashboard.page).toHaveURL(/\/deletions\/[0-9a-f-]{36}$/);
  await expect(dashboard.page.getByText(chat.id)).toBeVisible();
});

test("counts a chat that somebody else deleted meanwhile as deleted", async ({ dashboard, api }) => {
  const { id } = await api.createChat("Wanted by two");
  const held = await HeldCalls.on(dashboard.page, "chat.delete");
  await dashboard.open();
  await dashboard.deleteFromList("Wanted by two");
  await expect(dashboard.row("Wanted by two")).toHaveCount(0);
  expect(await api.deleteChat(id)).toBe(200);

  const answer = dashboard.page.waitForResponse("**/api/trpc/chat.delete");
  await held.release(id);
  expect((await answer).status()).toBe(404);
  await expect(dashboard.toast("Deleted “Wanted by two”", "It was already gone.")).toBeVisible();
  await expect(dashboard.toast("was not deleted")).toHaveCount(0);
  await expect(dashboard.row("Wanted by two")).toHaveCount(0);
});

test("keeps a deleted chat away after a reload", async ({ dashboard, api }) => {
  await api.createChat("Stays");
  await api.createChat("Goes");
  await dashboard.open();
  await dashboard.deleteFromList("Goes");
  await expect(dashboard.toast("Deleted “Goes”")).toBeVisible();
  await dashboard.page.reload();
  await expect(dashboard.row("Stays")).toBeVisible();
  await expect(dashboard.row("Goes")).toHaveCount(0);
});

test("tells the truth after a reload while a deletion was under way", async ({ dashboard, api }) => {
  const { id } = await api.createChat("Undecided");
  await api.createChat("Stays");
  await HeldCalls.on(dashboard.page, "chat.delete");
  await dashboard.open();
  await dashboard.deleteFromList("Undecided");
  await expect(dashboard.row("Undecided")).toHaveCount(0);
  // The call never reached the server, so the chat is still there and has to be shown.
  await dashboard.page.reload();
  await expect(dashboard.row("Undecided")).toBeVisible();
  expect(await api.statusOf(id)).toBe(200);
});

test("does not let a late answer bring a deleted chat back", async ({ dashboard, api }) => {
  const { page } = dashboard;
  for (const title of ["River one", "River two", "Meadow"]) await api.createChat(title);
  await dashboard.open();
  await dashboard.search.fill("River");
  await expect(dashboard.rows()).toHaveCount(2);
  await dashboard.search.fill("");
  await expect(dashboard.rows()).toHaveCount(3);

  // The server answers a search while the chat still exists; the answer arrives after its deletion.
  const gate = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  await page.route(
    (url) => url.pathname.includes("chat.list"),
    async (route) => {
      const response = await route.fetch();
      asked.resolve();
      await gate.promise;
      await route.fulfill({ response });
    },
  );
  await dashboard.search.fill("River t");
  await asked.promise;
  await dashboard.deleteFromList("River two");
  await expect(dashboard.toast("Deleted “River two”")).toBeVisible();
  const arrived = page.waitForResponse((answer) => answer.url().includes("chat.list"));
  gate.resolve();
  await arrived;
  await expect(page.getByText("No match")).toBeVisible();
  await expect(dashboard.row("River two")).toHaveCount(0);
});
