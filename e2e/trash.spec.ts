import { HeldCalls, holdReads, internalError } from "./support/held-calls.ts";
import { openSocket } from "./support/open-socket.ts";
import { framesUntilRowIsGone } from "./support/row-gone.ts";
import { expect, serverUrl, test } from "./support/test.ts";

test("1: takes the row away within 6 frames (100 ms on most displays), before the server has heard of it", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Amber");
  const held = await HeldCalls.on(page, "chat.trash");
  await dashboard.open();
  await dashboard.row("Amber").hover();
  const frames = framesUntilRowIsGone(page, "Amber");
  await dashboard.trashFromList("Amber");
  expect(await frames).toBeLessThanOrEqual(6);
  expect((await api.chat(id)).trashed_at).toBeNull();
  await held.release(id);
  await expect.poll(() => api.countChats()).toBe(0);
});

test("2: moves a chat there without a question, and names it", async ({ dashboard, api }) => {
  const { id } = await api.createChat("Kitchen plans", ["One", "Two"]);
  await api.createChat("Stays");
  await dashboard.open();
  await dashboard.trashFromList("Kitchen plans");
  await expect(dashboard.dialog).toHaveCount(0);
  const toast = dashboard.toast("Moved “Kitchen plans” to the Trash");
  await expect(toast.getByRole("button", { name: "Undo" })).toBeVisible();
  await expect(dashboard.row("Kitchen plans")).toHaveCount(0);
  await expect.poll(async () => (await api.chat(id)).trashed_at).not.toBeNull();
  await dashboard.sidebar.getByRole("link", { name: /^Trash.*1$/ }).click();
  await expect(dashboard.trashed("Kitchen plans")).toContainText("2 messages");
  await expect(dashboard.row("Stays")).toBeVisible();
});

test("14: says who, when, and until when", async ({ dashboard, otherBrowser, api }) => {
  const { page } = dashboard;
  const titles = ["By a program", "By another session", "By me", "For ever"];
  const chats = await Promise.all(titles.map((title) => api.createChat(title)));
  const [program, , , forEver] = chats;
  const other = await otherBrowser();
  await other.open();
  // However long it takes, all that is looked at here has happened just now.
  await page.clock.setFixedTime(new Date());
  await other.answered("chat.trash", () => other.trashFromList("By another session"));
  await api.trashChat(program?.id ?? "");
  await dashboard.open();
  await dashboard.answered("chat.trash", () => dashboard.trashFromList("By me"));
  await dashboard.openTrash();
  const day = new Intl.DateTimeFormat("en", { day: "numeric", month: "long", year: "numeric" });
  for (const [index, who] of [
    /just now by the API key e2e \(lethe_e2e_/,
    /just now by another browser with the API key e2e \(lethe_e2e_/,
    /just now by you/,
  ].entries()) {
    const trashed = dashboard.trashed(titles[index] ?? "");
    const { trashed_at } = await api.chat(chats[index]?.id ?? "");
    const purge = Date.parse(trashed_at ?? "") + 30 * 86_400_000;
    await expect(trashed).toContainText(who);
    await expect(trashed).toContainText(`Deleted permanently on ${day.format(purge)}`);
  }
  await api.keepTrashFor(0);
  await api.trashChat(forEver?.id ?? "");
  await expect(dashboard.trashed("For ever")).toContainText("Kept until somebody deletes it");
});

test("3: brings a chat back as it was, at its place", async ({ dashboard, api }) => {
  const { page } = dashboard;
  await api.createChat("Oldest", ["Still here"]);
  await api.createChat("Newest");
  await api.trashChat((await api.findChat("Oldest")).id);
  await dashboard.openTrash();
  await dashboard.trashed("Oldest").getByRole("button", { name: "Restore Oldest" }).click();
  await expect(dashboard.toast("Restored “Oldest”")).toBeVisible();
  await expect(page.getByText("The Trash is empty")).toBeVisible();
  await expect(dashboard.rows().nth(1)).toContainText("Oldest");
  await dashboard.row("Oldest").click();
  await expect(dashboard.messages.getByText("Still here")).toBeVisible();
  await dashboard.composer.fill("Written after that");
  await dashboard.composer.press("Enter");
  await expect(dashboard.openPage.getByText("2 messages")).toBeVisible();
});

test("15: lets two people restore the same chat", async ({ dashboard, otherTab, api }) => {
  const { id } = await api.createChat("Wanted by two");
  await api.trashChat(id);
  const other = await otherTab();
  await dashboard.openTrash();
  await other.openTrash();
  const held = await HeldCalls.on(other.page, "chat.restore");
  await other
    .trashed("Wanted by two")
    .getByRole("button", { name: /^Restore/ })
    .click();
  await dashboard
    .trashed("Wanted by two")
    .getByRole("button", { name: /^Restore/ })
    .click();
  await expect(dashboard.toast("Restored “Wanted by two”")).toBeVisible();
  await held.release(id);
  await expect(other.toast("Restored “Wanted by two”")).toBeVisible();
  for (const tab of [dashboard, other]) await expect(tab.row("Wanted by two")).toBeVisible();
  expect((await api.chat(id)).trashed_at).toBeNull();
});

test("15: says so when a chat was purged before it could be restored", async ({ dashboard, api }) => {
  const { id } = await api.createChat("Too late");
  await api.trashChat(id);
  await dashboard.openTrash();
  const held = await HeldCalls.on(dashboard.page, "chat.restore");
  await dashboard
    .trashed("Too late")
    .getByRole("button", { name: /^Restore/ })
    .click();
  await expect(dashboard.row("Too late")).toBeVisible();
  expect(await api.deleteChat(id)).toBe(200);
  await held.release(id);
  await expect(dashboard.toast("“Too late” is gone permanently", "cannot be brought back")).toBeVisible();
  await expect(dashboard.row("Too late")).toHaveCount(0);
  await expect(dashboard.page.getByText("The Trash is empty")).toBeVisible();
});

test("makes an open chat read-only where others have it open, and lets it be restored there", async ({
  dashboard,
  otherTab,
  api,
  tenant,
}) => {
  const { id } = await api.createChat("Read elsewhere", ["Said before"]);
  const socket = await openSocket(serverUrl(), tenant.apiKey, id);
  const reader = await otherTab();
  await reader.openChat(id);
  await reader.composer.fill("Not sent yet");
  await dashboard.open();
  const goOn = await holdReads(reader.page);
  await dashboard.trashFromList("Read elsewhere");
  expect(await socket.closed).toBe(4411);
  const bar = reader.page.getByRole("region", { name: "This chat is in the Trash" });
  await expect(bar).toBeVisible();
  await goOn();
  await expect(reader.composer).toHaveCount(0);
  await expect(reader.page.getByRole("button", { name: "Rename chat" })).toHaveCount(0);
  await expect(reader.messages.getByText("Said before")).toBeVisible();
  await bar.getByRole("button", { name: "Restore" }).click();
  await expect(reader.composer).toHaveValue("Not sent yet");
  await expect(reader.page.getByText("1 live connection", { exact: true })).toBeVisible();
  await api.createMessage(id, "Said after");
  await expect(reader.messages.getByText("Said after")).toBeVisible();
  await expect(dashboard.row("Read elsewhere")).toBeVisible();
});

test("13: is what one comes back to after trashing a chat, even before the server has answered", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Read, then trashed", ["Secret"]);
  const held = await HeldCalls.on(page, "chat.trash");
  await dashboard.open();
  await dashboard.row("Read, then trashed").click();
  await expect(dashboard.messages.getByText("Secret")).toBeVisible();
  await dashboard.sidebar.getByRole("link", { name: "Lethe" }).click();
  await expect(page).toHaveURL(/\/chats$/);
  await dashboard.trashFromList("Read, then trashed");
  await expect(dashboard.toast("Moved “Read, then trashed” to the Trash")).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/\/chats\/.+$/);
  await held.release(id);
  await expect(page.getByRole("heading", { name: "This chat is in the Trash" })).toBeVisible();
  await page.getByRole("button", { name: "Delete permanently" }).click();
  await dashboard.confirm.click();
  await expect(dashboard.toast("Deleted “Read, then trashed”", "1 message erased.")).toBeVisible();
  await expect(page).toHaveURL(/\/chats$/);
});

test("deletes one chat after the other for good, and keeps the focus in the list", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  for (const title of ["First", "Second", "Third"]) {
    const { id } = await api.createChat(title);
    await api.trashChat(id);
  }
  await dashboard.openTrash();
  const forGood = (title: string) =>
    dashboard.trashed(title).getByRole("button", { name: `Delete permanently: ${title}` });
  await dashboard.trashed("Third").getByRole("button", { name: "Restore Third" }).focus();
  await page.keyboard.press("Enter");
  await expect(dashboard.trashed("Second").getByRole("button", { name: "Restore Second" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(forGood("Second")).toBeFocused();
  for (const [gone, next] of [
    ["Second", forGood("First")],
    ["First", page.locator("[data-trash-empty]")],
  ] as const) {
    await forGood(gone).focus();
    await page.keyboard.press("Enter");
    await expect(dashboard.cancel).toBeFocused();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect(dashboard.toast(`Deleted “${gone}”`)).toBeVisible();
    await expect(dashboard.dialog).toBeHidden();
    await expect(next).toBeFocused();
  }
  await expect(page.getByText("The Trash is empty")).toBeVisible();
});

test("6: brings only the refused row back, with reason, request id and a Retry that works", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  const [, beta] = [await api.createChat("Alpha"), await api.createChat("Beta")];
  await api.createChat("Gamma");
  await dashboard.open();
  await page.route("**/api/trpc/chat.trash", (route) => route.fulfill(internalError("req-e2e-trash")));
  await dashboard.trashFromList("Beta");
  const failure = dashboard.toast("“Beta” was not deleted", "Something went wrong on our side");
  await expect(failure).toContainText("req-e2e-trash");
  await expect(dashboard.toast("Moved “Beta”")).toHaveCount(0);
  await expect(dashboard.titles()).toHaveText(["Gamma", "Beta", "Alpha"]);
  await page.unroute("**/api/trpc/chat.trash");
  await failure.getByRole("button", { name: "Retry" }).click();
  await expect(dashboard.toast("Moved “Beta” to the Trash")).toBeVisible();
  await expect(failure).toHaveCount(0);
  await expect.poll(async () => (await api.chat(beta.id)).trashed_at).not.toBeNull();
});

test("7: lets one of two overlapping moves fail without touching the other", async ({ dashboard, api }) => {
  const [alpha, beta] = [await api.createChat("Alpha"), await api.createChat("Beta")];
  await api.createChat("Gamma");
  const held = await HeldCalls.on(dashboard.page, "chat.trash");
  await dashboard.open();
  await dashboard.trashFromList("Alpha");
  await dashboard.trashFromList("Beta");
  await expect(dashboard.rows()).toHaveCount(1);
  await held.fail(alpha.id, "req-e2e-overlap");
  await expect(dashboard.toast("“Alpha” was not deleted")).toBeVisible();
  await expect(dashboard.row("Alpha")).toBeVisible();
  await expect(dashboard.row("Beta")).toHaveCount(0);
  await held.release(beta.id);
  await expect.poll(async () => (await api.chat(beta.id)).trashed_at).not.toBeNull();
  expect((await api.chat(alpha.id)).trashed_at).toBeNull();
  await expect(dashboard.row("Alpha")).toBeVisible();
});

test("6: brings the row back when the server cannot be reached, and trashes on Retry", async ({
  dashboard,
  api,
  context,
}) => {
  await api.createChat("Out of reach");
  await dashboard.open();
  await context.setOffline(true);
  await dashboard.trashFromList("Out of reach");
  const failure = dashboard.toast("“Out of reach” was not deleted", "The server could not be reached");
  await expect(failure).toBeVisible();
  await expect(dashboard.row("Out of reach")).toBeVisible();
  await context.setOffline(false);
  await failure.getByRole("button", { name: "Retry" }).click();
  await expect(dashboard.row("Out of reach")).toHaveCount(0);
  await expect.poll(() => api.countChats()).toBe(0);
});

test("believes the server when a chat was trashed but the answer was lost", async ({ dashboard, api }) => {
  const { id } = await api.createChat("Answer lost");
  const lost = Promise.withResolvers<void>();
  await dashboard.page.route("**/api/trpc/chat.trash", async (route) => {
    await route.fetch();
    await route.abort("connectionreset");
    lost.resolve();
  });
  await dashboard.open();
  await dashboard.trashFromList("Answer lost");
  await lost.promise;
  expect((await api.chat(id)).trashed_at).not.toBeNull();
  await expect(dashboard.page.getByText("No chats yet")).toBeVisible();
  await expect(dashboard.row("Answer lost")).toHaveCount(0);
});

test("is followed by another tab as soon as it is told, both ways", async ({ dashboard, otherTab, api }) => {
  await api.createChat("Stays");
  await api.createChat("Goes");
  const other = await otherTab();
  await other.openTrash();
  await dashboard.open();
  await other.untilTold(api);
  await holdReads(other.page);
  await dashboard.trashFromList("Goes");
  await expect(other.trashed("Goes")).toBeVisible();
  await expect(other.row("Goes")).toHaveCount(0);
  await dashboard.page.keyboard.press("ControlOrMeta+z");
  await expect(other.row("Goes")).toBeVisible();
  await expect(other.page.getByText("The Trash is empty")).toBeVisible();
  // Only who acted is told of it.
  await expect(other.toasts.getByRole("heading")).toHaveCount(0);
});
