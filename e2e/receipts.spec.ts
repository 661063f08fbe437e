import { readFile } from "node:fs/promises";
import { findViolations } from "./support/find-violations.ts";
import { holdScripts } from "./support/held-calls.ts";
import { expect, test } from "./support/test.ts";

test("19: shows, downloads and checks the receipt of a deletion", async ({ dashboard, api }) => {
  const { page } = dashboard;
  const { id } = await api.createChat("To be proved", ["A secret"]);
  expect(await api.deleteChat(id)).toBe(200);
  await page.goto("/deletions");
  await page.getByRole("link", { name: id }).click();
  const card = page.getByRole("region", { name: "Final receipt" });
  await card.getByRole("button", { name: "Check signature" }).click();
  await expect(card.getByText("Genuine: deleted, and every row erased")).toBeVisible();
  await expect(card).toContainText(id);
  const downloading = page.waitForEvent("download");
  await card.getByRole("button", { name: "Download" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^lethe-receipt-.*-final\.jws$/);
  const receipt = (await readFile(await download.path(), "utf8")).trim();

  await page.getByRole("link", { name: "Back to all deletions" }).click();
  await page.getByRole("link", { name: "Check a receipt" }).click();
  await page.getByRole("textbox", { name: "Receipt" }).fill(JSON.stringify({ success: true, receipt }));
  await page.getByRole("button", { name: "Check", exact: true }).click();
  await expect(page.getByText("Genuine: deleted, and every row erased")).toBeVisible();
  await expect(page.getByText(id)).toBeVisible();
  // One character of the claims is another.
  const [header, claims = "", signature] = receipt.split(".");
  const forged = `${claims.slice(0, 20)}${claims[20] === "A" ? "B" : "A"}${claims.slice(21)}`;
  await page.getByRole("textbox", { name: "Receipt" }).fill(`${header}.${forged}.${signature}`);
  await page.getByRole("button", { name: "Check", exact: true }).click();
  await expect(page.getByText("This proves nothing")).toBeVisible();
  await page.getByRole("textbox", { name: "Receipt" }).fill("not a receipt");
  await page.getByRole("button", { name: "Check", exact: true }).click();
  await expect(page.getByText("This is no compact JWS", { exact: false })).toBeVisible();
});

test("sends nothing of what is checked anywhere", async ({ dashboard, api }) => {
  const { page } = dashboard;
  const { id } = await api.createChat("To be proved");
  await api.deleteChat(id);
  const goOn = await holdScripts(page);
  await page.goto("/receipts", { waitUntil: "domcontentloaded" });
  await expect(page.getByRole("button", { name: "Check", exact: true })).toBeDisabled();
  const sent: string[] = [];
  page.on("request", (request) => sent.push(`${request.url()} ${request.postData() ?? ""}`));
  // As somebody does who is faster than the page.
  await page.getByRole("textbox", { name: "Receipt" }).fill("eyJhIjoxfQ.eyJtYXJrIjoxfQ.c2VjcmV0");
  goOn();
  await page.getByRole("button", { name: "Check", exact: true }).click();
  await expect(page.getByText("This proves nothing")).toBeVisible();
  expect(sent.filter((request) => request.includes("c2VjcmV0"))).toEqual([]);
});

test.describe("33: axe finds nothing in light and in dark", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("where receipts are shown and checked, wide and narrow", async ({ dashboard, api }) => {
    const { page } = dashboard;
    const { id } = await api.createChat("Gone");
    await api.deleteChat(id);
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto("/deletions");
      await page.getByRole("link", { name: id }).click();
      await page.getByRole("button", { name: "Check signature" }).click();
      await expect(page.getByText(/^Genuine/)).toBeVisible();
      expect(await findViolations(page)).toEqual([]);
      await page.goto("/receipts");
      await page.getByRole("textbox", { name: "Receipt" }).fill("nothing");
      await page.getByRole("button", { name: "Check", exact: true }).click();
      await expect(page.getByText("This proves nothing")).toBeVisible();
      expect(await findViolations(page)).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
    }
  });
});
