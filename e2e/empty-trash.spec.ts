import { findViolations } from "./support/find-violations.ts";
import { numbered, seedChats } from "./support/seed-chats.ts";
import { expect, test } from "./support/test.ts";
import { withDatabase } from "./support/with-database.ts";

test("the Trash is emptied after a question; what is on hold stays, and the other chats, too", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  for (const title of ["One", "Two"]) await api.trashChat((await api.createChat(title, ["Hi"])).id);
  const held = await api.createChat("Held");
  await api.holdChat(held.id, "Case 114");
  await api.trashChat(held.id);
  await api.createChat("Active");
  await dashboard.openTrash();
  await page.getByRole("button", { name: "Empty Trash…" }).click();
  await expect(dashboard.dialog).toHaveAccessibleName("Delete 2 chats permanently?");
  await expect(dashboard.dialog).toContainText("3 chats lie in the Trash.");
  await expect(dashboard.dialog).toContainText("1 chat is on hold and stays.");
  expect(await findViolations(page)).toEqual([]);
  await dashboard.dialog.getByRole("button", { name: "Delete 2 chats" }).click();
  await expect(dashboard.toast("Deleted 2 chats, 1 not", "1 is on hold")).toBeVisible();
  await expect(dashboard.trashed("One")).toHaveCount(0);
  await expect(dashboard.trashed("Held")).toBeVisible();
  await expect(dashboard.row("Active")).toBeVisible();
  await expect(dashboard.selectionBar).toHaveCount(0);
});

test("54: the Trash is exported and restored as a whole", async ({ dashboard, api }) => {
  const { page } = dashboard;
  for (const title of ["One", "Two"]) await api.trashChat((await api.createChat(title, ["Hi"])).id);
  await dashboard.openTrash();
  await page.getByRole("button", { name: "Export…" }).click();
  const ask = page.getByRole("dialog", { name: "Export what lies in the Trash" });
  const saved = page.waitForEvent("download");
  await ask.getByRole("button", { name: "Export", exact: true }).click();
  expect((await saved).suggestedFilename()).toMatch(/\.zip$/);
  await expect(dashboard.toast("Exported 2 chats", "checksum verified")).toBeVisible();
  await page.getByRole("button", { name: "Restore all" }).click();
  await expect(dashboard.toast("Restored 2 chats")).toBeVisible();
  await expect(page.getByText("The Trash is empty")).toBeVisible();
  await expect(dashboard.rows()).toHaveCount(2);
});

test("17: a Trash with many chats is emptied only after their number was typed", async ({
  dashboard,
  tenant,
}) => {
  const { page } = dashboard;
  await seedChats(tenant.tenantId, numbered(130));
  await withDatabase((db) =>
    db.chat.updateMany({ where: { tenantId: tenant.tenantId }, data: { trashedAt: new Date() } }),
  );
  await dashboard.openTrash();
  await page.getByRole("button", { name: "Empty Trash…" }).click();
  const confirm = dashboard.dialog.getByRole("button", { name: "Delete 130 chats" });
  await expect(confirm).toBeDisabled();
  await dashboard.dialog.getByRole("textbox", { name: "Type 130 to confirm" }).fill("130");
  await confirm.click();
  await expect(dashboard.toast("Deleted 130 chats")).toBeVisible();
  await expect(page.getByText("The Trash is empty")).toBeVisible();
});
