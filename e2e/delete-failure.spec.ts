import { HeldCalls, internalError } from "./support/held-calls.ts";
import { expect, test } from "./support/test.ts";

const titles = ["Alpha", "Beta", "Gamma"];

test("6: brings only the refused row back to its place, with reason, request id and a Retry that works", async ({
  dashboard,
  api,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const { page } = dashboard;
  for (const title of titles) await api.createChat(title);
  await dashboard.open();
  await page.route("**/api/trpc/chat.delete", (route) => route.fulfill(internalError("req-e2e-500")));
  await dashboard.deleteFromList("Beta");

  const toast = dashboard.toast("“Beta” was not deleted", "Something went wrong on our side");
  await expect(toast).toContainText("req-e2e-500");
  await expect(dashboard.titles()).toHaveText(titles.toReversed());
  await toast.getByRole("button", { name: "Copy request id" }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe("req-e2e-500");

  await page.unroute("**/api/trpc/chat.delete");
  await toast.getByRole("button", { name: "Retry" }).click();
  await expect(dashboard.toast("Deleted “Beta”")).toBeVisible();
  await expect(toast).toHaveCount(0);
  await expect(dashboard.rows()).toHaveCount(2);
});

test("brings the row back when the server cannot be reached, and deletes on Retry", async ({
  dashboard,
  api,
  context,
}) => {
  for (const title of titles) await api.createChat(title);
  await dashboard.open();
  await dashboard.page.waitForLoadState("networkidle");
  await context.setOffline(true);
  await dashboard.deleteFromList("Alpha");
  const toast = dashboard.toast("“Alpha” was not deleted", "The server could not be reached");
  await expect(toast).toBeVisible();
  await expect(dashboard.rows()).toHaveCount(3);

  await context.setOffline(false);
  await toast.getByRole("button", { name: "Retry" }).click();
  await expect(dashboard.toast("Deleted “Alpha”")).toBeVisible();
  await expect(dashboard.rows()).toHaveCount(2);
});

test("6: understands a proxy that answers in the server's place", async ({ dashboard, api }) => {
  await api.createChat("Behind a proxy");
  await dashboard.open();
  await dashboard.page.route("**/api/trpc/chat.delete", (route) =>
    route.fulfill({ status: 502, contentType: "text/html", body: "<h1>Bad Gateway</h1>" }),
  );
  await dashboard.deleteFromList("Behind a proxy");
  const toast = dashboard.toast("“Behind a proxy” was not deleted");
  await expect(toast).toBeVisible();
  await expect(toast).not.toContainText(/JSON|Unexpected token|<h1>/);
  await expect(dashboard.row("Behind a proxy")).toBeVisible();
});

test("10: keeps a failure in sight until it is dismissed", async ({ dashboard, api }) => {
  const { page } = dashboard;
  await api.createChat("Failing");
  await api.createChat("Working");
  await page.clock.install();
  await dashboard.open();
  const held = await HeldCalls.on(page, "chat.delete");
  await dashboard.deleteFromList("Failing");
  await held.fail((await api.findChat("Failing")).id, "req-e2e-stays");
  await dashboard.deleteFromList("Working");
  await held.release((await api.findChat("Working")).id);
  const failure = dashboard.toast("“Failing” was not deleted");
  const success = dashboard.toast("Deleted “Working”");
  await expect(success).toBeVisible();
  await expect(failure).toBeVisible();
  // The mouse lies on nothing that would stop the timers.
  await page.mouse.move(0, 0);
  await page.clock.runFor(60_000);
  await expect(success).toHaveCount(0);
  await expect(failure).toBeVisible();
  await failure.hover();
  await failure.getByRole("button", { name: "Dismiss" }).click();
  await expect(failure).toHaveCount(0);
});

test("7: lets one of two overlapping deletions fail without touching the other", async ({
  dashboard,
  api,
}) => {
  const [alpha, beta] = [await api.createChat("Alpha"), await api.createChat("Beta")];
  await api.createChat("Gamma");
  const held = await HeldCalls.on(dashboard.page, "chat.delete");
  await dashboard.open();
  await dashboard.deleteFromList("Alpha");
  await dashboard.deleteFromList("Beta");
  await expect(dashboard.rows()).toHaveCount(1);

  await held.fail(alpha.id, "req-e2e-overlap");
  await expect(dashboard.toast("“Alpha” was not deleted")).toBeVisible();
  await expect(dashboard.row("Alpha")).toBeVisible();
  await expect(dashboard.row("Beta")).toHaveCount(0);
  await held.release(beta.id);
  await expect(dashboard.toast("Deleted “Beta”")).toBeVisible();
  await expect(dashboard.row("Beta")).toHaveCount(0);
  await expect(dashboard.row("Alpha")).toBeVisible();
  expect([await api.statusOf(alpha.id), await api.statusOf(beta.id)]).toEqual([200, 404]);
});

test("believes the server when a deletion came through but its answer was lost", async ({
  dashboard,
  api,
}) => {
  const { id } = await api.createChat("Answer lost");
  const lost = Promise.withResolvers<void>();
  await dashboard.page.route("**/api/trpc/chat.delete", async (route) => {
    await route.fetch();
    await route.abort("connectionreset");
    lost.resolve();
  });
  await dashboard.open();
  await dashboard.deleteFromList("Answer lost");
  await lost.promise;
  await expect(dashboard.page.getByText("No chats yet")).toBeVisible();
  await expect(dashboard.row("Answer lost")).toHaveCount(0);
  expect(await api.statusOf(id)).toBe(404);
});
