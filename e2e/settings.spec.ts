import { ageChats } from "./support/age-chats.ts";
import { findViolations } from "./support/find-violations.ts";
import { seedTenant } from "./support/seed-tenant.ts";
import { expect, signIn, test } from "./support/test.ts";

test("changes how long the trash keeps chats, and says what is not a number of days", async ({
  dashboard,
}) => {
  const { page } = dashboard;
  await dashboard.open();
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("menuitem", { name: "Retention and webhooks" }).click();
  const days = page.getByLabel("Keep chats in the trash for");
  const save = page.getByRole("button", { name: "Save trash setting" });
  await expect(days).toHaveValue("30");
  await expect(save).toBeDisabled();
  for (const wrong of ["-1", "1.5", "many", "3651", ""]) {
    await days.fill(wrong);
    await expect(page.getByText("A whole number from 0 to 3650")).toBeVisible();
    await expect(save).toBeDisabled();
  }
  await days.fill("7");
  await days.press("Enter");
  await expect(dashboard.toast("Saved how long the trash keeps chats")).toBeVisible();
  await page.reload();
  await expect(days).toHaveValue("7");
});

test("turns retention on only after it has shown what it would delete, and off again", async ({
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
  await question.getByRole("button", { name: "Turn retention on" }).click();
  await expect(dashboard.toast("Chats that are quiet for 30 days will be deleted")).toBeVisible();
  await expect(page.getByText("Retention is on")).toBeVisible();
  await page.getByRole("button", { name: "Turn retention off" }).click();
  await expect(page.getByText("Retention is off: no chat")).toBeVisible();
});

test("offers nothing to change to a key that may not, and says what holds and who decides", async ({
  dashboard,
  context,
}) => {
  const { page } = dashboard;
  await signIn(context, (await seedTenant("Readers", ["chats:read"])).apiKey);
  await page.goto("/settings");
  await expect(page.getByText("deleted permanently after 30 days")).toBeVisible();
  await expect(page.getByText("Sign in as an owner, or with a key that may.")).toBeVisible();
  await expect(page.getByRole("region", { name: "Settings" }).getByRole("button")).toHaveCount(0);
});

test.describe("axe finds nothing in light and in dark", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("in the settings and the question about retention, wide and narrow", async ({ dashboard }) => {
    const { page } = dashboard;
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto("/settings");
      await expect(page.getByText("No webhooks yet.")).toBeVisible();
      await page.getByLabel("Keep chats in the trash for").fill("no number");
      expect(await findViolations(page)).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
      await page.getByLabel("Delete chats without activity for").fill("30");
      await page.getByRole("button", { name: "See what it would delete…" }).click();
      await expect(page.getByText("Nothing matches now.")).toBeVisible();
      expect(await findViolations(page)).toEqual([]);
    }
  });
});
