import { findViolations } from "./support/find-violations.ts";
import { holdTheRest, internalError } from "./support/held-calls.ts";
import { holdFrames } from "./support/hold-frames.ts";
import { seedTenant } from "./support/seed-tenant.ts";
import { expect, type Page, signIn, test } from "./support/test.ts";

test("49: Ctrl+K goes to a chat and a page, creates, and acts, with the keyboard alone", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Quarterly report", ["Hello"]);
  await api.createChat("Other");
  await dashboard.open();
  await expect(dashboard.row("Quarterly report")).toBeVisible();
  const field = fieldOf(page);
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

test("49: what is typed after Ctrl+K is typed there, whatever goes on", async ({ dashboard, api }) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Other");
  const field = fieldOf(page);
  await dashboard.open();

  await test.step("before the next frame, into what it opens too", async () => {
    // So that the form is there: it comes after the list.
    await dashboard.sidebar.getByRole("button", { name: "New chat" }).click();
    await expect(page.getByLabel("Title")).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(page.locator("[role=dialog]")).toHaveCount(0);
    await dashboard.row("Other").focus();
    const goOn = await holdFrames(page);
    await page.keyboard.press("ControlOrMeta+k");
    await page.keyboard.type("new chat");
    await expect(field).toHaveValue("new chat");
    await page.keyboard.press("Enter");
    await page.keyboard.type("Typed");
    await expect(page.getByLabel("Title")).toHaveValue("Typed");
    await page.keyboard.press("Escape");
    await page.keyboard.press("ControlOrMeta+k");
    await page.keyboard.type("x");
    await goOn();
    // What fades out gives the focus back when it has, to who has not had it taken meanwhile.
    await expect(page.locator("[role=dialog]")).toHaveCount(1);
    await page.keyboard.type("yz");
    await expect(field).toHaveValue("xyz");
  });
  await test.step("while it fades out itself: it begins anew", async () => {
    await page.keyboard.press("Escape");
    await page.keyboard.press("ControlOrMeta+k");
    await page.keyboard.type("anew");
    await expect(field).toHaveValue("anew");
    await page.keyboard.press("Escape");
    await expect(page.locator("[role=dialog]")).toHaveCount(0);
    await expect(dashboard.row("Other")).toBeFocused();
  });
  await test.step("while a question fades out that was left", async () => {
    await page.keyboard.press("Shift+Delete");
    await expect(dashboard.cancel).toBeFocused();
    // One that has not been drawn yet has nothing to fade out.
    await expect(dashboard.dialog).toHaveCSS("opacity", "1");
    await page.keyboard.press("Escape");
    await page.keyboard.press("ControlOrMeta+k");
    await expect(page.locator("[role=alertdialog]")).toHaveCount(0);
    await page.keyboard.type("x");
    await expect(field).toHaveValue("x");
    await page.keyboard.press("Escape");
    await expect(dashboard.row("Other")).toBeFocused();
    await expect(dashboard.box("Other")).not.toBeChecked();
  });
  await test.step("with an Enter that is faster than the answer", async () => {
    const gate = Promise.withResolvers<void>();
    await page.route("**/api/trpc/chat.list?*", async (route) => {
      await gate.promise;
      await route.continue();
    });
    await page.keyboard.press("ControlOrMeta+k");
    await page.keyboard.type("other");
    await page.keyboard.press("Enter");
    gate.resolve();
    await expect(page).toHaveURL(new RegExp(id));
    await page.unrouteAll({ behavior: "wait" });
  });
  await test.step("which is said when there is none", async () => {
    await page.route("**/api/trpc/chat.list?*", (route) => route.fulfill(internalError("req-e2e-palette")));
    await page.keyboard.press("ControlOrMeta+k");
    await page.keyboard.type("no chat");
    await expect(page.getByText("Chats could not be looked for.")).toBeVisible();
    await page.unrouteAll({ behavior: "wait" });
    await page.keyboard.type("s");
    await expect(page.getByText("Nothing is called that.")).toBeVisible();
    await page.keyboard.press("Escape");
  });
  await test.step("and when a title that was changed gives the focus back", async () => {
    await dashboard.openPage.getByRole("button", { name: "Rename chat" }).click();
    const goOn = await holdFrames(page);
    await page.keyboard.press("Escape");
    await page.keyboard.press("ControlOrMeta+k");
    await page.keyboard.type("de");
    await goOn();
    await expect(page.locator("[role=dialog][data-starting-style]")).toHaveCount(0);
    await page.keyboard.type("letions");
    await expect(field).toHaveValue("deletions");
  });
  const early = page.getByRole("textbox", { name: "A page, a chat or an action" });
  const openEarly = async (typed: string) => {
    const goOn = await holdTheRest(page);
    await page.reload();
    await expect(dashboard.sidebar.getByRole("button", { name: "New chat" })).toBeEnabled();
    await page.keyboard.press("ControlOrMeta+k");
    await page.keyboard.type(typed);
    await expect(early).toHaveValue(typed);
    return goOn;
  };
  await test.step("before it has been loaded", async () => {
    const goOn = await openEarly("go to dele");
    goOn();
    await expect(field).toBeFocused();
    await page.keyboard.type("tions");
    await expect(field).toHaveValue("go to deletions");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/deletions$/);
    await page.unrouteAll({ behavior: "wait" });
  });
  await test.step("or left, or picked then", async () => {
    const goOn = await openEarly("receipt");
    await page.keyboard.press("Escape");
    await expect(early).toHaveCount(0);
    await page.keyboard.press("ControlOrMeta+k");
    await page.keyboard.type("deletion");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    goOn();
    await expect(page).toHaveURL(/deletions.jobs$/);
  });
});

const fieldOf = (page: Page) => page.getByRole("combobox", { name: "A page, a chat or an action" });
