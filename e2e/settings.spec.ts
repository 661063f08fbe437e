import { ageChats, trashAll } from "./support/age-chats.ts";
import { findViolations } from "./support/find-violations.ts";
import { numbered, seedChats } from "./support/seed-chats.ts";
import { seedLedger } from "./support/seed-ledger.ts";
import { seedTenant } from "./support/seed-tenant.ts";
import { expect, signIn, test } from "./support/test.ts";

test("changes how long the Trash keeps chats, and says what is not a number of days", async ({
  dashboard,
}) => {
  const { page } = dashboard;
  await dashboard.open();
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("menuitem", { name: "Retention and webhooks" }).click();
  const days = page.getByLabel("Keep chats in the Trash for");
  const save = page.getByRole("button", { name: "Save Trash setting" });
  await expect(days).toHaveValue("30");
  await expect(save).toBeDisabled();
  for (const wrong of ["-1", "1.5", "many", "3651", ""]) {
    await days.fill(wrong);
    await expect(page.getByText("A whole number from 0 to 3650")).toBeVisible();
    await expect(save).toBeDisabled();
  }
  await days.fill("90");
  await days.press("Enter");
  await expect(dashboard.toast("Saved how long the Trash keeps chats")).toBeVisible();
  await page.reload();
  await expect(days).toHaveValue("90");
});

test("42: asks before a shorter time in the Trash, with a sample, and for the number of more than 100 chats", async ({
  dashboard,
  api,
  tenant,
}) => {
  const { page } = dashboard;
  await seedChats(tenant.tenantId, numbered(102));
  const held = await api.findChat("Chat 0102");
  await api.holdChat(held.id, "Case 7");
  await trashAll(tenant.tenantId, 8);
  await page.goto("/settings");
  await page.getByLabel("Keep chats in the Trash for").fill("7");
  const see = page.getByRole("button", { name: "See what it would delete…" }).first();
  await see.click();
  const question = page.getByRole("alertdialog");
  await expect(question).toContainText("Keep chats in the Trash for only 7 days?");
  await expect(question).toContainText("102 chats match now");
  await expect(question).toContainText("Left alone: 1 chat on hold");
  await expect(question.getByRole("list", { name: "For example" })).toContainText("Chat ");
  await expect(dashboard.cancel).toBeFocused();
  const save = question.getByRole("button", { name: "Save and delete 101 chats" });
  await expect(save).toBeDisabled();
  await page.keyboard.press("Escape");
  await expect(question).toBeHidden();
  await expect(page.getByLabel("Keep chats in the Trash for")).toHaveValue("7");
  await see.click();
  await question.getByLabel("Type 101 to confirm").fill("101");
  await save.click();
  await expect(dashboard.toast("Saved how long the Trash keeps chats")).toBeVisible();
  await expect(question).toBeHidden();
  await page.reload();
  await expect(page.getByLabel("Keep chats in the Trash for")).toHaveValue("7");
});

test("42: turns retention on only after it has shown what it would delete, and off again", async ({
  dashboard,
  api,
  tenant,
}) => {
  const { page } = dashboard;
  const old = await api.createChat("Long forgotten", ["Hello"]);
  await api.createChat("Of today", ["Hello"]);
  await ageChats(tenant.tenantId, [old.id], 40);
  await page.goto("/settings");
  await page.getByLabel("Delete chats without activity for").fill("30");
  await page.getByRole("button", { name: "See what it would delete…" }).click();
  const question = page.getByRole("alertdialog");
  await expect(question).toContainText("Delete chats that are quiet for 30 days?");
  await expect(question).toContainText("1 chat matches now");
  await expect(question).toContainText("Long forgotten");
  await expect(question).not.toContainText("Of today");
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText("Retention is off")).toBeVisible();
  await page.getByRole("button", { name: "See what it would delete…" }).click();
  await question.getByRole("button", { name: "Turn retention on and delete 1 chat" }).click();
  await expect(dashboard.toast("Chats that are quiet for 30 days will be deleted")).toBeVisible();
  await expect(page.getByText("Retention is on")).toBeVisible();
  await page.getByRole("button", { name: "Turn retention off" }).click();
  await expect(page.getByText("Retention is off: no chat")).toBeVisible();
});

test("42: asks before the ledger is kept for a shorter time, and says what was exported and what was not", async ({
  dashboard,
  tenant,
}) => {
  const { page } = dashboard;
  await seedLedger(tenant.tenantId, { lines: 102, daysAgo: 40 });
  await page.goto("/settings");
  await expect(page.getByText("The ledger is kept for ever.")).toBeVisible();
  const days = page.getByRole("textbox", { name: "Keep lines of the ledger for" });
  const see = page.getByRole("button", { name: "See what it would remove…" });
  const question = page.getByRole("alertdialog");
  const toast = dashboard.toast("Saved how long the ledger is kept");
  await days.fill("29");
  await expect(page.getByText("A whole number from 30 to 36500")).toBeVisible();
  await days.fill("39");
  await see.click();
  await expect(question).toContainText("102 lines older");
  await expect(question).toContainText("102 lines not exported yet");
  await page.keyboard.press("Escape");
  await expect(question).toBeHidden();
  await days.fill("41");
  await see.click();
  await expect(question).toContainText("No line is older now.");
  await question.getByRole("button", { name: "Save", exact: true }).click();
  await expect(toast).toBeVisible();

  await page.goto("/deletions");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV" }).click();
  await (await download).path();
  await seedLedger(tenant.tenantId, { lines: 1, daysAgo: 40 });
  await page.goto("/settings");
  await days.fill("30");
  await see.click();
  await expect(question).toContainText("103 lines older");
  await expect(question).toContainText("102 lines exported: removed now.");
  await expect(question).toContainText("1 line not exported yet");
  await expect(question.getByRole("link", { name: "the ledger" })).toHaveAttribute("href", "/deletions");
  expect(await findViolations(page)).toEqual([]);
  const save = question.getByRole("button", { name: "Save and delete 102 lines" });
  await expect(save).toBeDisabled();
  await question.getByLabel("Type 102 to confirm").fill("102");
  await save.click();
  await expect(toast).toBeVisible();
  await expect(days).toHaveValue("30");
  await page.getByRole("button", { name: "Keep it for ever" }).click();
  await expect(page.getByText("The ledger is kept for ever.")).toBeVisible();
});

test("36, 44: offers nothing to change to a key that may not, and says what holds and who decides", async ({
  dashboard,
  context,
}) => {
  const { page } = dashboard;
  await signIn(context, (await seedTenant("Readers", ["chats:read"])).apiKey);
  await page.goto("/settings");
  await expect(page.getByText("deleted permanently after 30 days")).toBeVisible();
  await expect(page.getByText("It is kept for ever.")).toBeVisible();
  await expect(page.getByText("Sign in as an owner, or with a key that may.")).toBeVisible();
  await expect(page.getByRole("region", { name: "Settings" }).getByRole("button")).toHaveCount(0);
});

test.describe("33: axe finds nothing in light and in dark", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("in the settings and the question about retention, wide and narrow", async ({ dashboard, tenant }) => {
    const { page } = dashboard;
    await seedChats(tenant.tenantId, numbered(120));
    await ageChats(tenant.tenantId, undefined, 40);
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto("/settings");
      await expect(page.getByText("No webhooks yet.")).toBeVisible();
      await page.getByLabel("Keep chats in the Trash for").fill("no number");
      expect(await findViolations(page)).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
      await page.getByLabel("Delete chats without activity for").fill("30");
      await page.getByRole("button", { name: "See what it would delete…" }).click();
      await expect(page.getByText("120 chats match now")).toBeVisible();
      expect(await findViolations(page)).toEqual([]);
    }
  });
});
