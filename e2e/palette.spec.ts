import { findViolations } from "./support/find-violations.ts";
import { seedTenant } from "./support/seed-tenant.ts";
import { expect, signIn, test } from "./support/test.ts";

test("49: Ctrl+K goes to a chat and a page, creates, and acts, with the keyboard alone", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Quarterly report", ["Hello"]);
  await api.createChat("Other");
  await dashboard.open();
  await expect(dashboard.row("Quarterly report")).toBeVisible();
  const field = page.getByRole("combobox", { name: "A page, a chat or an action" });
  const pick = async (typed: string, name: string) => {
    await page.keyboard.press("ControlOrMeta+k");
    await expect(field).toBeFocused();
    await page.keyboard.type(typed);
    const option = page.getByRole("option", { name });
    await expect(option).toBeVisible();
    await expect(async () => {
      if ((await option.getAttribute("aria-selected")) !== "true") await page.keyboard.press("ArrowDown");
      await expect(option).toHaveAttribute("aria-selected", "true", { timeout: 100 });
    }).toPass();
    await page.keyboard.press("Enter");
    await expect(field).toBeHidden();
  };
  await pick("quarterly", "Quarterly report");
  await expect(page).toHaveURL(new RegExp(id));
  await expect(dashboard.heading("Quarterly report")).toBeVisible();

  await test.step("from the composer too, and asks before what cannot be undone", async () => {
    await dashboard.composer.focus();
    await pick("permanently", "Delete permanently: Quarterly report");
    await expect(dashboard.dialog).toContainText("Delete “Quarterly report” permanently?");
    await expect(dashboard.cancel).toBeFocused();
    await page.keyboard.press("ControlOrMeta+k");
    await expect(field).toBeHidden();
    await page.keyboard.press("Escape");
    await expect(dashboard.dialog).toBeHidden();
  });
  const download = page.waitForEvent("download");
  await pick("export markdown", "Export as Markdown: Quarterly report");
  expect((await download).suggestedFilename()).toMatch(/\.md$/);

  await test.step("on what is selected, and in a page of the settings", async () => {
    await dashboard.row("Other").focus();
    await page.keyboard.press("x");
    await pick("selected trash", "Move 1 selected chat to the Trash");
    await expect(dashboard.row("Other")).toHaveCount(0);
    await pick("retention", "Settings: Trash, retention, webhooks");
    await expect(dashboard.heading("Settings")).toBeVisible();
  });
  await pick("deletions", "Deletions Go to");
  await expect(dashboard.heading("Deletions")).toBeVisible();
  await pick("new", "New chat");
  await expect(page.getByRole("dialog", { name: "New chat" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("ControlOrMeta+k");
  await page.keyboard.type("nothing like it");
  await expect(page.getByText("Nothing is called that.")).toBeVisible();

  // Not before that is known; and what is deleted while it is offered is offered no more.
  const { id: shortLived } = await api.createChat("Short-lived");
  const gate = Promise.withResolvers<void>();
  const lists = "**/api/trpc/chat.list?*";
  await page.route(lists, async (route) => {
    await gate.promise;
    await route.continue();
  });
  const asked = page.waitForRequest(lists);
  await field.fill("short-liv");
  await asked;
  await expect(page.getByText("Nothing is called that.")).toHaveCount(0);
  gate.resolve();
  const offered = page.getByRole("option", { name: "Short-lived" });
  await expect(offered).toBeVisible();
  expect(await api.deleteChat(shortLived)).toBe(200);
  await expect(offered).toHaveCount(0);
  await expect(page.getByText("Nothing is called that.")).toBeVisible();
  await page.unrouteAll({ behavior: "wait" });
  await field.fill("");
  expect(await findViolations(page)).toEqual([]);
});

test("49: Ctrl+K offers what one may, and is found among the keys", async ({ page, context }) => {
  const { apiKey } = await seedTenant("Reads only", ["chats:read"]);
  await signIn(context, apiKey);
  await page.goto("/chats");
  await expect(page.getByText("No chats yet")).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog").getByText("Go, create, act")).toBeVisible();
  await page.keyboard.press("Escape");
  // What a dialog asks is answered first.
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("ControlOrMeta+k");
  const options = page.getByRole("option");
  await expect(options.filter({ hasText: "Deletions" }).first()).toBeVisible();
  for (const one of ["New chat", "Empty Trash", "API keys", "your account"])
    await expect(options.filter({ hasText: one })).toHaveCount(0);
});
