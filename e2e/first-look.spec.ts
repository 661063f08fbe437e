import { findViolations } from "./support/find-violations.ts";
import { expect, test } from "./support/test.ts";

test("58: a new tenant is shown what comes next, until it has a chat or has put it away", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  await dashboard.open();
  const steps = page.getByRole("region", { name: "First steps" });
  await expect(steps).toBeVisible();
  await expect(steps).toContainText("curl -X POST");
  expect(await findViolations(page)).toEqual([]);
  const first = await api.createChat("First");
  await expect(steps).toBeHidden();
  await api.deleteChat(first.id);
  await expect(page.getByText("No chats yet")).toBeVisible();
  await page.reload();
  await expect(page.getByText("No chats yet")).toBeVisible();
  await expect(steps, "a tenant that has deleted something is not new").toBeHidden();
});

test("37: the way to the Trash stands where it stays while the list is read", async ({ dashboard, api }) => {
  const { page } = dashboard;
  await api.createChat("One");
  const gate = Promise.withResolvers<void>();
  await page.route(
    (url) => url.pathname.includes("chat.list"),
    async (route) => {
      await gate.promise;
      await route.continue();
    },
  );
  await page.goto("/chats");
  await expect(page.getByRole("status", { name: "Loading chats" })).toBeVisible();
  const place = async () => (await dashboard.sidebar.getByRole("link", { name: /^Trash/ }).boundingBox())?.y;
  const before = await place();
  gate.resolve();
  await expect(dashboard.row("One")).toBeVisible();
  expect(await place()).toBeCloseTo(before ?? 0, 0);
});
