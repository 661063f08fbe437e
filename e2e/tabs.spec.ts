import type { Dashboard } from "./support/dashboard.ts";
import { holdReads } from "./support/held-calls.ts";
import { expect, test } from "./support/test.ts";

const openings = {
  "a second tab": (fixtures: { otherTab: () => Promise<Dashboard> }) => fixtures.otherTab(),
  "another browser": (fixtures: { otherBrowser: () => Promise<Dashboard> }) => fixtures.otherBrowser(),
};

for (const [name, open] of Object.entries(openings)) {
  test(`11: takes the row out of ${name} as soon as it is told`, async ({
    dashboard,
    otherTab,
    otherBrowser,
    api,
  }) => {
    await api.createChat("Stays");
    await api.createChat("Goes");
    const other = await open({ otherTab, otherBrowser });
    await dashboard.open();
    await other.open();
    await expect(other.row("Goes")).toBeVisible();
    await other.untilTold(api);
    await holdReads(other.page);
    await dashboard.deleteFromList("Goes");
    await expect(dashboard.toast("Deleted “Goes”")).toBeVisible();
    await expect(other.row("Goes")).toHaveCount(0);
    await expect(other.row("Stays")).toBeVisible();
    // Only who deleted is told of it.
    await expect(other.toasts.getByRole("heading")).toHaveCount(0);
  });
}

test("takes out what a program deletes as soon as it is told, and shows what it makes and renames", async ({
  dashboard,
  otherTab,
  api,
}) => {
  const { id } = await api.createChat("Goes");
  await api.createChat("Stays");
  const other = await otherTab();
  await dashboard.open();
  await other.open();
  const both = [dashboard, other];
  for (const tab of both) {
    await expect(tab.rows()).toHaveCount(2);
    await tab.untilTold(api);
    await holdReads(tab.page);
  }
  expect(await api.deleteChat(id)).toBe(200);
  for (const tab of both) await expect(tab.row("Goes")).toHaveCount(0);

  const made = await api.createChat("Made elsewhere");
  for (const tab of both) await expect(tab.rows().first()).toContainText("Made elsewhere");
  await api.renameChat(made.id, "Called otherwise");
  for (const tab of both) await expect(tab.row("Called otherwise")).toBeVisible();
  for (const tab of both) await expect(tab.row("Made elsewhere")).toHaveCount(0);
});

test("goes on following when the tab that held the stream is closed", async ({
  dashboard,
  otherTab,
  api,
}) => {
  const { id } = await api.createChat("Goes");
  await dashboard.open();
  const other = await otherTab();
  await other.open();
  await expect(other.row("Goes")).toBeVisible();
  await dashboard.page.close();
  expect(await api.deleteChat(id)).toBe(200);
  await expect(other.row("Goes")).toHaveCount(0);
});

test("11: says so on the open page of a chat that another tab deletes", async ({
  dashboard,
  otherTab,
  api,
}) => {
  const { id } = await api.createChat("Read elsewhere", ["Soon gone"]);
  const reader = await otherTab();
  await reader.openChat(id);
  await reader.composer.fill("Not sent yet");
  await reader.untilTold(api);
  await holdReads(reader.page);
  await dashboard.open();
  await dashboard.deleteFromList("Read elsewhere");
  await dashboard.toast("was not deleted").getByRole("button", { name: "Disconnect and delete" }).click();
  await expect(dashboard.toast("Deleted “Read elsewhere”")).toBeVisible();
  await expect(reader.heading("This chat was deleted")).toBeVisible();
  await expect(reader.page.getByText("Soon gone")).toHaveCount(0);
  await expect(reader.row("Read elsewhere")).toHaveCount(0);
  await expect(reader.page.getByText("Not sent yet", { exact: true })).toBeVisible();
});
