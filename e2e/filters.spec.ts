import { ageChats } from "./support/age-chats.ts";
import { numbered, seedChats } from "./support/seed-chats.ts";
import { expect, test } from "./support/test.ts";

test("48: filters and their order are in the address, and hold for what happens and for what is selected", async ({
  dashboard,
  api,
  tenant,
}) => {
  const { page } = dashboard;
  await seedChats(tenant.tenantId, numbered(60, "Old"));
  await ageChats(tenant.tenantId, undefined, 40);
  const first = await api.createChat("First");
  const second = await api.createChat("Second");
  await api.createMessage(first.id, "Hello");
  await api.holdChat(first.id, "Case 7");
  await dashboard.open();
  const button = dashboard.sidebar.getByRole("button", { name: "Filter and sort" });
  const field = (name: string) => dashboard.sidebar.getByLabel(name, { exact: true });
  const chip = (name: string) =>
    dashboard.sidebar.getByRole("button", { name: `Remove filter: ${name}`, exact: true });

  await test.step("a filter is chosen by keyboard, shows in the address, and follows what happens", async () => {
    await dashboard.search.focus();
    await page.keyboard.press("Tab");
    await expect(button).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(button).toHaveAttribute("aria-expanded", "true");
    await field("Hold").selectOption("On hold");
    await expect(dashboard.titles()).toHaveText(["First"]);
    await expect(page).toHaveURL(/\/chats\?held=true$/);
    await api.holdChat(second.id, "Case 8");
    await expect(dashboard.titles()).toHaveText(["First", "Second"]);
  });

  await test.step("it survives a reload, goes along to a chat, and comes and goes with Back and Forward", async () => {
    await page.reload();
    await expect(dashboard.titles()).toHaveText(["First", "Second"]);
    await expect(chip("On hold")).toBeVisible();
    await dashboard.row("Second").click();
    await expect(page).toHaveURL(new RegExp(`/chats/${second.id}\\?held=true$`));
    await page.goBack();
    await expect(page).toHaveURL(/\/chats\?held=true$/);
    await page.goBack();
    await expect(page).toHaveURL(/\/chats$/);
    await expect(dashboard.rows().filter({ hasText: "Old" }).first()).toBeVisible();
    await page.goForward();
    await expect(dashboard.titles()).toHaveText(["First", "Second"]);
  });

  await test.step("nothing that meets all of it says so, and leads back", async () => {
    await button.click();
    await field("Not used for").selectOption("30 days");
    await expect(dashboard.sidebar.getByText("No chat matches")).toBeVisible();
    await chip("On hold").click();
    await expect(dashboard.rows().filter({ hasText: "Old" }).first()).toBeVisible();
    await expect(dashboard.row("First")).toHaveCount(0);
  });

  await test.step("all that match are selected and asked about, no others", async () => {
    await dashboard.rows().first().focus();
    await page.keyboard.press("x");
    await dashboard.selectionBar.getByRole("button", { name: "Select all 60 matching" }).click();
    await dashboard.selectionBar.getByRole("button", { name: "Delete permanently…" }).click();
    await expect(dashboard.dialog).toContainText("60 chats met the filters");
    await dashboard.cancel.click();
    await page.keyboard.press("Escape");
  });

  await test.step("clearing shows all again; an order stays, and new chats come where it has them", async () => {
    await dashboard.sidebar.getByRole("button", { name: "Clear filters" }).last().click();
    // The first is oneself, in this browser; the key was what made them.
    await field("Created by").selectOption({ index: 2 });
    await field("Sort by").selectOption("Oldest activity");
    await expect(page).toHaveURL(/\/chats\?by=[^&]+&order=oldest_first$/);
    await expect(dashboard.titles()).toHaveText(["Second", "First"]);
    await api.createChat("Third");
    await expect(dashboard.titles()).toHaveText(["Second", "First", "Third"]);
  });

  await test.step("the Trash has its own", async () => {
    await api.trashChat(second.id);
    await page.goto("/trash?held=false");
    await expect(page.getByText("No chat matches")).toBeVisible();
    await page.getByRole("button", { name: "Clear filters" }).last().click();
    await expect(page).toHaveURL(/\/trash$/);
    await expect(page.getByRole("link", { name: "Second" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Empty Trash…" })).toBeVisible();
  });
});
