import { openSocket } from "./support/open-socket.ts";
import { expect, serverUrl, test } from "./support/test.ts";

test("16, 25: says what will be gone, keeps Tab inside, and is left without a deletion", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  await api.createChat("Love letters", ["One", "Two", "Three"]);
  await api.createChat("A single word", ["One"]);
  await api.createChat("Silence");
  await api.createChat("Kept");
  await dashboard.open();
  await test.step("says what will be gone: title, messages, that nobody is connected, that it is for good", async () => {
    for (const [title, count] of [
      ["Love letters", "All 3 messages are erased permanently."],
      ["A single word", "Its 1 message is erased permanently."],
      ["Silence", "The chat has no messages."],
    ] as const) {
      await dashboard.askFromList(title);
      await expect(dashboard.dialog).toHaveAccessibleName(`Delete “${title}” permanently?`);
      await expect(dashboard.dialog).toHaveAccessibleDescription(
        new RegExp(`^${count.replaceAll(".", "\\.")} This cannot be undone\\..*No other live connections`),
      );
      await dashboard.cancel.click();
      await expect(dashboard.dialog).toBeHidden();
    }
  });
  await test.step("starts on Cancel, keeps Tab inside, and gives the focus back", async () => {
    const button = dashboard.list.getByRole("button", { name: "More for Kept" });
    const format = dashboard.dialog.getByRole("radio", { name: "JSON", exact: true });
    const exporting = dashboard.dialog.getByRole("button", { name: "Export, then delete" });
    for (const leave of ["Escape", "Cancel"]) {
      await dashboard.askFromList("Kept");
      await expect(dashboard.cancel).toBeFocused();
      for (const [key, focused] of [
        ["Tab", dashboard.confirm],
        ["Tab", format],
        ["Tab", exporting],
        ["Tab", dashboard.cancel],
        ["Shift+Tab", exporting],
        ["Shift+Tab", format],
        ["Shift+Tab", dashboard.confirm],
        ["Shift+Tab", dashboard.cancel],
      ] as const) {
        await page.keyboard.press(key);
        await expect(focused, `after ${key}`).toBeFocused();
      }
      if (leave === "Escape") await page.keyboard.press("Escape");
      else await page.keyboard.press("Enter");
      await expect(dashboard.dialog).toBeHidden();
      await expect(button, `after ${leave}`).toBeFocused();
    }
    await expect(dashboard.row("Kept")).toBeVisible();
  });
  await test.step("is not answered by a click beside it", async () => {
    await dashboard.askFromList("Kept");
    await dashboard.page.mouse.click(5, 5);
    await expect(dashboard.dialog).toBeVisible();
    await dashboard.cancel.click();
    await expect(dashboard.dialog).toBeHidden();
    await expect(dashboard.row("Kept")).toBeVisible();
  });
});

test("keeps its numbers up to date while one thinks", async ({ dashboard, api, tenant }) => {
  const { id } = await api.createChat("Still growing", ["One"]);
  await dashboard.open();
  await dashboard.askFromList("Still growing");
  await expect(dashboard.dialog).toContainText("Its 1 message is erased");
  await api.createMessage(id, "Two");
  await expect(dashboard.dialog).toContainText("All 2 messages are erased");
  const socket = await openSocket(serverUrl(), tenant.apiKey, id);
  await expect(dashboard.dialog).toContainText("1 other live connection is open on this chat");
  await socket.close();
  await expect(dashboard.dialog).toContainText("No other live connections");
});

test("counts the page's own connection as nobody else's", async ({ dashboard, api }) => {
  const { id } = await api.createChat("Open here");
  await dashboard.openChat(id);
  await dashboard.askAboutOpenChat();
  await expect(dashboard.dialog).toContainText("No other live connections");
});

test("takes two hasty answers as one", async ({ dashboard, api }) => {
  await api.createChat("Once");
  let calls = 0;
  await dashboard.page.route("**/api/trpc/chat.delete", (route) => {
    calls += 1;
    return route.continue();
  });
  await dashboard.open();
  await dashboard.askFromList("Once");
  await dashboard.confirm.dblclick();
  await expect(dashboard.toast("Deleted “Once”")).toBeVisible();
  await expect(dashboard.toast("was not deleted")).toHaveCount(0);
  expect(calls).toBe(1);
});

test("closes when somebody else deletes the chat meanwhile, and says so", async ({ dashboard, api }) => {
  const { id } = await api.createChat("Too late");
  await api.createChat("Stays");
  await dashboard.open();
  await dashboard.askFromList("Too late");
  expect(await api.deleteChat(id)).toBe(200);
  await expect(dashboard.toast("“Too late” is gone", "Somebody else deleted it")).toBeVisible();
  await expect(dashboard.dialog).toBeHidden();
  await expect(dashboard.row("Too late")).toHaveCount(0);
  await expect(dashboard.row("Stays")).toBeFocused();
});
