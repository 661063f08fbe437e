import { seedMessages } from "./support/seed-messages.ts";
import { expect, test } from "./support/test.ts";

test("48: search looks into messages, marks the place, leads there, and finds nothing of what is gone", async ({
  dashboard,
  api,
  tenant,
  otherTab,
}) => {
  const { page, messages, search } = dashboard;
  const found = page.getByRole("region", { name: "Messages found" });
  await api.createChat("The garden", ["We plant wisteria: \u202eon Thursday", "Nothing of it"]);
  const { id } = await api.createChat("Long talk");
  await seedMessages(tenant.tenantId, id, 20_000, { toIndex: [6_951, 7_050] });
  await dashboard.open();

  // A word by its beginning, beside a title that has it too.
  await api.createChat("Wisteria Lane");
  await search.fill("WISTER");
  await expect(dashboard.rows()).toHaveCount(1);
  await expect(found.getByRole("link")).toHaveCount(1);
  await expect(found.getByRole("link")).toContainText("The garden");
  await expect(found.getByRole("link")).toContainText("Ada: We plant wisteria");
  await expect(found.locator("mark")).toHaveText("wisteria");

  // What was written past the API is found when the background has brought it into the index. The page believes for half a
  // minute what it was answered, so it is asked afterwards.
  await expect.poll(() => api.countMessages("message 7000")).toBe(1);
  const hit = found.getByRole("link", { name: /Message 7000/ });
  await search.fill("message 7000");
  await expect(hit).toBeVisible();
  const read: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("message.list")) read.push(request.url());
  });
  await hit.click();
  const said = messages.getByRole("article").and(page.locator("[aria-current]"));
  await expect(said).toContainText("Message 7000");
  await expect(said).toBeInViewport();
  expect(read.length).toBeLessThanOrEqual(4);
  expect(await messages.getByRole("listitem").count()).toBeLessThan(80);
  await page.reload();
  await expect(said).toContainText("Message 7000");
  await expect(said).toBeInViewport();

  // Reading goes on in both directions, and the same place can be chosen again.
  await messages.focus();
  await page.keyboard.press("End");
  await expect(messages.getByText("Message 20000", { exact: true })).toBeInViewport();
  await expect(page).toHaveURL(new RegExp(`/chats/${id}\\?q=message\\+7000$`));
  await search.fill("message 7000");
  await hit.click();
  await expect(said).toBeInViewport();
  const places = () =>
    messages
      .locator("[aria-posinset]")
      .evaluateAll((items) => items.map((item) => Number(item.getAttribute("aria-posinset"))));
  await messages.hover();
  for (const [step, isBeyond] of [
    [-1_500, (seqs: number[]) => Math.min(...seqs) < 6_900],
    [1_500, (seqs: number[]) => Math.max(...seqs) > 7_100],
  ] as const)
    await expect(async () => {
      await page.mouse.wheel(0, step);
      expect(isBeyond(await places())).toBe(true);
    }).toPass();

  const other = await otherTab();
  await other.open();
  await other.search.fill("message 7000");
  const theirs = other.page.getByRole("region", { name: "Messages found" });
  await expect(theirs.getByRole("link", { name: /Message 7000/ })).toBeVisible();
  expect(await api.deleteChat(id, { force: true })).toBe(200);
  for (const tab of [page, other.page]) await expect(tab.getByText("No match")).toBeVisible();
  await search.fill("message 7001");
  await expect(page.getByText("No title has “message 7001”")).toBeVisible();
});
