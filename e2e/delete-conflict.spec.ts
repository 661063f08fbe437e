import { openSocket } from "./support/open-socket.ts";
import { expect, serverUrl, test } from "./support/test.ts";

test("9: says how many are connected, and disconnects them when told to", async ({
  dashboard,
  api,
  tenant,
}) => {
  const { id } = await api.createChat("Busy chat", ["Hello"]);
  const sockets = await Promise.all([1, 2].map(() => openSocket(serverUrl(), tenant.apiKey, id)));
  await dashboard.open();
  await dashboard.askFromList("Busy chat");
  await expect(dashboard.dialog).toContainText("2 other live connections");
  await dashboard.confirm.click();

  const refusal = dashboard.toast("“Busy chat” was not deleted", "2 live connections are open");
  await expect(refusal).toBeVisible();
  await expect(dashboard.row("Busy chat")).toBeVisible();
  expect(await api.statusOf(id)).toBe(200);

  await refusal.getByRole("button", { name: "Disconnect and delete" }).click();
  await expect(dashboard.toast("Deleted “Busy chat”", "1 message erased.")).toBeVisible();
  await expect(dashboard.row("Busy chat")).toHaveCount(0);
  await expect(refusal).toHaveCount(0);
  expect(await Promise.all(sockets.map((socket) => socket.closed))).toEqual([4410, 4410]);
  expect(await api.statusOf(id)).toBe(404);
});

test("9: says when waiting is over, and then deletes", async ({ dashboard, api, tenant }) => {
  const { id } = await api.createChat("Soon free");
  const socket = await openSocket(serverUrl(), tenant.apiKey, id);
  await dashboard.open();
  await dashboard.deleteFromList("Soon free");
  const refusal = dashboard.toast("“Soon free” was not deleted", "1 live connection is open");
  await expect(refusal).toBeVisible();
  await expect(refusal.getByText("Nobody else is connected now.")).toHaveCount(0);

  const retry = () => refusal.getByRole("button", { name: "Retry" }).click();
  expect(await dashboard.answered("chat.delete", retry)).toBe(409);
  await expect(refusal).toBeVisible();
  await expect(dashboard.row("Soon free")).toBeVisible();
  await socket.close();
  await expect(refusal.getByText("Nobody else is connected now.")).toBeVisible();
  await retry();
  await expect(dashboard.toast("Deleted “Soon free”")).toBeVisible();
});

test("does not stand in its own way", async ({ dashboard, api }) => {
  const { id } = await api.createChat("Open here", ["Hello"]);
  await dashboard.openChat(id);
  expect(await dashboard.answered("chat.delete", () => dashboard.deleteOpenChat())).toBe(200);
  await expect(dashboard.toast("Deleted “Open here”", "1 message erased.")).toBeVisible();
  await expect(dashboard.page).toHaveURL(/\/chats$/);
  await expect(dashboard.row("Open here")).toHaveCount(0);
});

test("is live on the chat again after a refusal", async ({ dashboard, api, tenant }) => {
  const { id } = await api.createChat("Held by a program");
  const socket = await openSocket(serverUrl(), tenant.apiKey, id);
  await dashboard.openChat(id);
  await expect(dashboard.page.getByText("2 live connections")).toBeVisible();
  await dashboard.composer.fill("half a thought");
  await dashboard.deleteOpenChat();
  await expect(
    dashboard.toast("“Held by a program” was not deleted", "1 live connection is open"),
  ).toBeVisible();
  await expect(dashboard.page.getByText("2 live connections")).toBeVisible();
  await expect(dashboard.composer).toHaveValue("half a thought");
  await api.createMessage(id, "Said after the refusal");
  await expect(dashboard.messages.getByText("Said after the refusal")).toBeVisible();
  await socket.close();
});

test("counts another tab of the same person as somebody else", async ({ dashboard, otherTab, api }) => {
  const { id } = await api.createChat("Open twice");
  const reader = await otherTab();
  await reader.openChat(id);
  await dashboard.openChat(id);
  await dashboard.deleteOpenChat();
  const refusal = dashboard.toast("“Open twice” was not deleted", "1 live connection is open");
  await expect(refusal).toBeVisible();
  await expect(reader.heading("Open twice")).toBeVisible();

  await refusal.getByRole("button", { name: "Disconnect and delete" }).click();
  await expect(dashboard.toast("Deleted “Open twice”")).toBeVisible();
  await expect(reader.heading("This chat was deleted")).toBeVisible();
});
