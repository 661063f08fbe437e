import { readFile } from "node:fs/promises";
import { findViolations } from "./support/find-violations.ts";
import { expect, test } from "./support/test.ts";

test("45: shows who deleted what, line by line and in full, and nothing of the content", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  const { id } = await api.createChat("A title that must not stay", ["A secret"]);
  expect(await api.deleteChat(id)).toBe(200);
  await dashboard.open();
  await dashboard.sidebar.getByRole("link", { name: "Deletions" }).click();
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

test("57: finds lines by chat, actor, day and state, in the address, and saves them as CSV", async ({
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
  const other = await api.createChat("Ours too");
  await dashboard.openChat(other.id);
  expect(await dashboard.answered("chat.delete", () => dashboard.deleteOpenChat())).toBe(200);
  await dashboard.sidebar.getByRole("link", { name: "Deletions" }).click();
  const lines = page.getByRole("list", { name: "Deletions" }).getByRole("link");
  await expect(lines).toHaveText([other.id, own.id]);

  await page.getByRole("searchbox", { name: "Find a chat by its id" }).fill(own.id.toUpperCase());
  await expect(lines).toHaveText([own.id]);
  await page.reload();
  await expect(lines).toHaveText([own.id]);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(lines).toHaveText([other.id, own.id]);
  const by = page.getByLabel("Deleted by");
  const session = await by.getByRole("option", { name: /^Dashboard session/ }).getAttribute("value");
  await by.selectOption(session);
  await expect(lines).toHaveText([other.id]);
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV" }).click();
  const file = await saving;
  expect(file.suggestedFilename()).toMatch(/^lethe-deletions-.*\.csv$/);
  const csv = await readFile(await file.path(), "utf8");
  expect(csv).toContain(other.id);
  expect(csv).not.toContain(own.id);

  await page.getByLabel("To", { exact: true }).fill("2020-01-01");
  await expect(page.getByText("No deletion matches.")).toBeVisible();
  await page.getByLabel("To", { exact: true }).fill("");
  await page.getByText("Being erased", { exact: true }).click();
  await expect(page.getByText("No deletion matches.")).toBeVisible();
  await page.getByText("Erased", { exact: true }).first().click();
  await expect(lines).toHaveText([other.id]);
});

test("says that there is no such deletion", async ({ dashboard }) => {
  const { page } = dashboard;
  await page.goto("/deletions/a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d");
  await expect(page.getByText("The deletion could not be read")).toBeVisible();
  await expect(page.getByText("Deletion not found")).toBeVisible();
});

test.describe("33: axe finds nothing in light and in dark", () => {
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
