import { findViolations } from "./support/find-violations.ts";
import { expect, test } from "./support/test.ts";

test("shows who deleted what, line by line and in full, and nothing of the content", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  const { id } = await api.createChat("A title that must not stay", ["A secret"]);
  expect(await api.deleteChat(id)).toBe(200);
  await dashboard.open();
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("menuitem", { name: "Deletions and receipts" }).click();
  await expect(dashboard.heading("Deletions")).toBeVisible();
  const row = page.getByRole("list", { name: "Deletions" }).getByRole("listitem").filter({ hasText: id });
  await expect(row).toContainText("Erased");
  await expect(row).toContainText("1 message");
  await expect(row).toContainText("through the REST API");
  await row.getByRole("link").click();
  await expect(dashboard.heading("Deletion")).toBeVisible();
  await expect(page.getByText(id)).toBeVisible();
  await expect(page.getByText(/^API key e2e \(lethe_e2e_.{2}\), through the REST API$/)).toBeVisible();
  await expect(page.getByText("None of exactly what was deleted")).toBeVisible();
  for (const content of ["A title that must not stay", "A secret"])
    await expect(page.getByText(content)).toHaveCount(0);
  await page.getByRole("link", { name: "Back to all deletions" }).click();
  await expect(row).toBeVisible();
});

test("filters, says when there is nothing, and keeps other tenants' lines to them", async ({
  dashboard,
  api,
  otherTenantsApi,
}) => {
  const { page } = dashboard;
  const { id } = await otherTenantsApi.createChat("Theirs");
  await otherTenantsApi.deleteChat(id);
  await page.goto("/deletions");
  await expect(page.getByText("Nothing has been deleted yet.")).toBeVisible();
  const own = await api.createChat("Ours");
  await api.deleteChat(own.id);
  await page.reload();
  await expect(page.getByText(own.id)).toBeVisible();
  await expect(page.getByText(id)).toHaveCount(0);
  await page.getByText("Being erased", { exact: true }).click();
  await expect(page.getByText("Nothing is being erased now.")).toBeVisible();
  await page.getByText("Erased", { exact: true }).first().click();
  await expect(page.getByText(own.id)).toBeVisible();
});

test("says that there is no such deletion", async ({ dashboard }) => {
  const { page } = dashboard;
  await page.goto("/deletions/a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d");
  await expect(page.getByText("The deletion could not be read")).toBeVisible();
  await expect(page.getByText("Deletion not found")).toBeVisible();
});

test.describe("axe finds nothing in light and in dark", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("in the ledger, wide and narrow", async ({ dashboard, api }) => {
    const { page } = dashboard;
    const { id } = await api.createChat("Gone");
    await api.deleteChat(id);
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto("/deletions");
      await page.getByRole("link", { name: id }).click();
      await expect(dashboard.heading("Deletion")).toBeVisible();
      await expect(page.getByText(id)).toBeVisible();
      expect(await findViolations(page)).toEqual([]);
      await page.getByRole("link", { name: "Back to all deletions" }).click();
      await expect(page.getByRole("link", { name: id })).toBeVisible();
      expect(await findViolations(page)).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    }
  });
});
