import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Download } from "@playwright/test";
import { HeldCalls } from "./support/held-calls.ts";
import { expect, test } from "./support/test.ts";

const formats = [
  { label: "NDJSON", ending: ".ndjson", says: /"Third"/ },
  { label: "JSON", ending: ".json", says: /"Third"/ },
  { label: "Markdown", ending: ".md", says: /Third/ },
  { label: "HTML", ending: ".html", says: /<html[\s\S]*Third/ },
];

test("saves the open chat in each format", async ({ dashboard, api }) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Minutes", ["First", "Second", "Third"]);
  await dashboard.openChat(id);
  for (const { label, ending, says } of formats) {
    await test.step(`as ${label}`, async () => {
      await dashboard.openChatMenu();
      const saved = page.waitForEvent("download");
      await page.getByRole("menuitem", { name: new RegExp(`^${label}`) }).click();
      const notice = dashboard.toast("Exported “Minutes”", "checksum verified");
      await notice.getByRole("button", { name: "Dismiss" }).click();
      await expect(notice).toHaveCount(0);
      const download = await saved;
      expect(download.suggestedFilename()).toMatch(new RegExp(`^Minutes.*\\${ending}$`));
      expect((await contentOf(download)).toString()).toMatch(says);
    });
  }
});

test("18: saves the chat and then deletes exactly what was saved, with one click", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Letters", ["One", "Two"]);
  await dashboard.open();
  await dashboard.askFromList("Letters");
  await dashboard.dialog.getByText("Markdown", { exact: true }).click();
  const saved = page.waitForEvent("download");
  await dashboard.dialog.getByRole("button", { name: "Export, then delete" }).click();
  await expect(dashboard.toast("Deleted “Letters”", "2 messages erased.")).toBeVisible();
  await expect(dashboard.dialog).toBeHidden();
  const file = await contentOf(await saved);
  expect(file.toString()).toContain("Two");
  expect(await api.statusOf(id)).toBe(404);
  const checksum = createHash("sha256").update(file).digest("hex");
  expect(await api.exportChecksumOf(id)).toBe(checksum);
});

test("18: deletes nothing when the export fails, and leaves it to the person what then", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Not to be lost", ["One"]);
  await dashboard.open();
  const isExport = (url: URL) => url.pathname.includes("/chat.export") || url.pathname.endsWith("/export");
  await page.route(isExport, (route) => route.abort("connectionfailed"));
  await dashboard.askFromList("Not to be lost");
  await dashboard.dialog.getByRole("button", { name: "Export, then delete" }).click();
  await expect(dashboard.dialog.getByRole("alert")).toContainText("nothing was deleted");
  expect(await api.statusOf(id)).toBe(200);
  await page.unroute(isExport);
  const saved = page.waitForEvent("download");
  await dashboard.dialog.getByRole("button", { name: "Export again, then delete" }).click();
  await expect(dashboard.toast("Deleted “Not to be lost”")).toBeVisible();
  await saved;
});

test("deletes nothing when a message slips in between, explains it, and exports again", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Still talking", ["One"]);
  await dashboard.open();
  const held = await HeldCalls.on(page, "chat.delete");
  await dashboard.askFromList("Still talking");
  const saved = page.waitForEvent("download");
  await dashboard.dialog.getByRole("button", { name: "Export, then delete" }).click();
  await saved;
  await expect(dashboard.row("Still talking")).toHaveCount(0);
  await api.createMessage(id, "One more thing");
  await held.release(id);
  const refusal = dashboard.toast("“Still talking” was not deleted", "has changed since the export");
  await expect(refusal).toBeVisible();
  await expect(dashboard.row("Still talking")).toBeVisible();
  expect(await api.statusOf(id)).toBe(200);

  await page.unroute("**/api/trpc/chat.delete");
  const savedAgain = page.waitForEvent("download");
  await refusal.getByRole("button", { name: "Export again, then delete" }).click();
  await expect(dashboard.toast("Deleted “Still talking”", "2 messages erased.")).toBeVisible();
  await expect(refusal).toHaveCount(0);
  expect((await contentOf(await savedAgain)).toString()).toContain("One more thing");
});

test("18, 54: saves a set as one archive, and deletes exactly that; when it fails, nothing", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  for (const title of ["Three", "Two", "One"]) await api.createChat(title, ["Hello"]);
  const held = await api.findChat("Three");
  await api.holdChat(held.id, "Case 114");
  await dashboard.open();
  await dashboard.selectRange("One", "Three");

  await test.step("from the selection alone", async () => {
    await dashboard.selectionBar.getByRole("button", { name: "Export…" }).click();
    const ask = page.getByRole("dialog", { name: "Export 3 chats" });
    await ask.getByText("Markdown", { exact: true }).click();
    const saved = page.waitForEvent("download");
    await ask.getByRole("button", { name: "Export", exact: true }).click();
    await expect(dashboard.toast("Exported 3 chats", "checksum verified")).toBeVisible();
    const archive = (await contentOf(await saved)).toString();
    for (const title of ["One", "Two", "Three"]) expect(archive).toContain(`# ${title}`);
  });
  await test.step("before they are deleted", async () => {
    await dashboard.askToDeleteSelected();
    await expect(dashboard.dialog).toContainText("1 chat is on hold and stays.");
    await expect(dashboard.dialog.getByRole("listitem").filter({ hasText: "Three" })).toBeVisible();
    await page.route("**/chat.bulkExport*", (route) => route.abort("connectionfailed"));
    await dashboard.dialog.getByRole("button", { name: "Export, then delete" }).click();
    await expect(dashboard.dialog.getByRole("alert")).toContainText("nothing was deleted");
    expect(await api.countChats()).toBe(3);
    await page.unroute("**/chat.bulkExport*");
    const ids = await Promise.all(["One", "Two"].map(async (title) => (await api.findChat(title)).id));
    const saved = page.waitForEvent("download");
    await dashboard.dialog.getByRole("button", { name: "Export again, then delete" }).click();
    const archive = (await contentOf(await saved)).toString();
    await expect(dashboard.toast("Deleted 2 chats, 1 not", "1 is on hold")).toBeVisible();
    for (const id of ids) expect(archive).toContain(`"sha256":"${await api.exportChecksumOf(id)}"`);
  });
});

async function contentOf(download: Download): Promise<Buffer> {
  return readFile(await download.path());
}
