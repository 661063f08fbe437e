import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Request } from "@playwright/test";
import { Api } from "./support/api.ts";
import { findViolations } from "./support/find-violations.ts";
import { seedTenant } from "./support/seed-tenant.ts";
import { expect, serverUrl, signIn, test } from "./support/test.ts";

const scopes = ["chats:read", "chats:write", "chats:delete", "holds:write", "settings:write"];

test("33, 61: an owner deletes the tenant with its name typed, once nothing is on hold, and keeps the receipt", async ({
  dashboard,
  context,
  otherBrowser,
}) => {
  const { page } = dashboard;
  const name = `Acme ${Date.now()}`;
  const { tenantId, apiKey } = await seedTenant(name, [...scopes, "tenant:delete"]);
  const api = new Api(serverUrl(), apiKey);
  const { id } = await api.createChat("Evidence", ["Hello"]);
  await api.createChat("Plans", ["Hello"]);
  await api.holdChat(id, "Case 7");
  await signIn(context, apiKey);
  const events = page.waitForResponse("**/events.subscribe*");
  await page.goto("/settings");
  const begin = page.getByRole("button", { name: "Delete the tenant…" });
  await begin.click();
  const question = page.getByRole("alertdialog");
  await expect(question).toContainText("2 chats, the Trash with it");
  await expect(question.getByRole("link", { name: "Save it as CSV" })).toHaveAttribute("href", "/deletions");
  await expect(question).toContainText("1 chat on hold is in the way");
  await expect(question.getByRole("link", { name: "Evidence" })).toHaveAttribute("href", `/chats/${id}`);
  const yes = question.getByRole("button", { name: "Delete the tenant" });
  await expect(yes).toBeDisabled();
  await expect(dashboard.cancel).toBeFocused();
  expect(await findViolations(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await api.releaseHold(id);

  await begin.click();
  const typed = question.getByLabel(/^Type .* to confirm/);
  await typed.fill("Acme");
  await expect(yes).toBeDisabled();
  await typed.fill(name);
  await question.getByLabel("Keep the ledger until I have saved it").check();
  expect(await findViolations(page)).toEqual([]);
  // The page that follows is slow to come; meanwhile this one finds out that its session has ended, and leaves it at that.
  await events;
  let streams = 0;
  page.on("request", (request) => {
    if (request.url().includes("/events.subscribe")) streams += 1;
  });
  // The server ends the stream, or the page does as soon as it is told: whichever is first.
  const ended = Promise.withResolvers<void>();
  const see = (request: Request) => {
    if (request.url().includes("/events.subscribe")) ended.resolve();
  };
  page.on("requestfinished", see);
  page.on("requestfailed", see);
  await page.route("**/left", async (route) => {
    await ended.promise;
    for (let turn = 0; turn < 50; turn += 1) await (await fetch(`${serverUrl()}/livez`)).text();
    await route.continue();
  });
  await yes.click();
  await expect(page).toHaveURL(/\/left#[\w-]{43}$/);
  expect(streams).toBe(0);
  const goOn = page.getByRole("button", { name: "I have it: go on" });
  await expect(goOn).toBeDisabled({ timeout: 60_000 });
  expect(await findViolations(page)).toEqual([]);
  const downloaded = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save the ledger" }).click();
  const ledger = await readFile(await (await downloaded).path());
  expect(ledger.toString().trimEnd().split("\n")).toHaveLength(2);
  await goOn.click();
  await expect(page.getByText("It has left. Nothing of it is in the database but this receipt.")).toBeVisible(
    {
      timeout: 60_000,
    },
  );
  await expect(page.getByRole("list", { name: "Steps" }).getByText(": done")).toHaveCount(4);
  expect(await findViolations(page)).toEqual([]);
  const receipt = (await page.locator("code").textContent()) ?? "";
  const payload: unknown = JSON.parse(Buffer.from(receipt.split(".")[1] ?? "", "base64url").toString());
  expect(payload).toMatchObject({ tenant_id: tenantId, chat_count: 2, message_count: 2, via: "trpc" });
  expect(payload).toMatchObject({ ledger_digest: createHash("sha256").update(ledger).digest("hex") });
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save receipt" }).click();
  expect((await saved).suggestedFilename()).toBe(`lethe-tenant-${tenantId}.jws`);
  // Nobody gets in any more, and the address of the page still opens it.
  await page.goto("/chats");
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goBack();
  await expect(page.getByRole("button", { name: "Save receipt" })).toBeVisible();
  // Whoever is shown the receipt can check it, as those of chats.
  const other = await otherBrowser();
  await other.page.goto("/receipts");
  await other.page.getByRole("textbox", { name: "Receipt" }).fill(receipt);
  await other.page.getByRole("button", { name: "Check", exact: true }).click();
  await expect(other.page.getByText("Genuine: a tenant has left, with all that it had")).toBeVisible();
  await expect(other.page.getByText(tenantId)).toBeVisible();
  await page.goto("/left#nothing");
  await page.reload();
  await expect(page.getByRole("alert").filter({ hasText: "The link opens nothing" })).toBeVisible();
});

test("44, 61: nobody else is offered it", async ({ dashboard }) => {
  await dashboard.page.goto("/settings");
  await expect(dashboard.page.getByText("No webhooks yet.")).toBeVisible();
  await expect(dashboard.page.getByRole("button", { name: "Delete the tenant…" })).toHaveCount(0);
});
