import { findViolations } from "./support/find-violations.ts";
import { type Receiver, startReceiver } from "./support/receiver.ts";
import { expect, test } from "./support/test.ts";

let receiver: Receiver;
test.beforeEach(async () => {
  receiver = await startReceiver();
});
test.afterEach(() => receiver.close());

test("47: adds a webhook, shows its secret once, and tells it of a deletion without content", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  await page.goto("/settings");
  await page.getByRole("button", { name: "Add webhook" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Address").fill(receiver.url);
  await dialog.getByLabel("What it is for").fill("Forget in the CRM");
  await dialog.getByRole("button", { name: "Create webhook" }).click();
  const secret = dashboard.dialog.getByText(/^whsec_/);
  await expect(secret).toBeVisible();
  await test.step("a secret that is shown once is lost neither by Escape nor by a click beside it", async () => {
    await page.keyboard.press("Escape");
    await page.mouse.click(5, 5);
    await expect(secret).toBeVisible();
  });
  await dashboard.dialog.getByRole("button", { name: "I have copied it" }).click();
  await page.getByRole("link", { name: receiver.url }).click();
  await expect(dashboard.heading("Webhook")).toBeVisible();
  await expect(page.getByText("Nothing was sent yet.")).toBeVisible();
  await expect(page.getByText(/whsec_/)).toHaveCount(0);

  const { id } = await api.createChat("A title that is nobody's business", ["A secret"]);
  expect(await api.deleteChat(id)).toBe(200);
  const log = page.getByRole("list", { name: "Deliveries" });
  await expect(log.getByRole("listitem")).toContainText("Delivered");
  await log.getByText("What was sent").click();
  await expect(log).toContainText(id);
  expect(receiver.bodies).toHaveLength(1);
  expect(receiver.bodies.join()).toContain(id);
  expect(receiver.bodies.join()).not.toMatch(/nobody's business|secret/);
});

test("47: tests, edits, turns off, rotates and deletes a webhook", async ({ dashboard }) => {
  const { page } = dashboard;
  await page.goto("/settings");
  await page.getByRole("button", { name: "Add webhook" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Address").fill(receiver.url);
  await dialog.getByRole("button", { name: "Create webhook" }).click();
  await dashboard.dialog.getByRole("button", { name: "I have copied it" }).click();
  await page.getByRole("link", { name: receiver.url }).click();

  await page.getByRole("button", { name: "Send a test" }).click();
  await expect(dashboard.toast("The test was delivered (204)")).toBeVisible();
  receiver.answer(500);
  await page.getByRole("button", { name: "Send a test" }).click();
  await expect(dashboard.toast("The test failed")).toBeVisible();

  await page.getByRole("button", { name: "Edit…" }).click();
  await dialog.getByLabel("What it is for").fill("For the auditors");
  await dialog.getByRole("checkbox", { name: /A chat was restored/ }).check();
  await dialog.getByRole("button", { name: "Save webhook" }).click();
  await expect(page.getByText("For the auditors")).toBeVisible();
  await expect(page.getByRole("list", { name: "Event types" })).toContainText("chat.restored");

  await page.getByRole("button", { name: "Turn off" }).click();
  await expect(page.getByRole("button", { name: "Turn on" })).toBeVisible();
  await page.getByRole("button", { name: "Rotate secret…" }).click();
  await expect(dashboard.dialog).toContainText("Rotate the signing secret?");
  await expect(dashboard.cancel).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dashboard.dialog).toBeHidden();
  await expect(page.getByText(/The old secret signs too until/)).toHaveCount(0);
  await page.getByRole("button", { name: "Rotate secret…" }).click();
  await dashboard.dialog.getByRole("button", { name: "Rotate secret" }).click();
  const secret = dashboard.dialog.getByText(/^whsec_/);
  const shown = (await secret.textContent()) ?? "";
  await test.step("a secret that is shown once is not lost by the way back either", async () => {
    const address = page.url();
    await page.goBack();
    await expect(page).toHaveURL(/\/settings$/);
    await expect(secret).toHaveText(shown);
    await page.goForward();
    await expect(page).toHaveURL(address);
  });
  await dashboard.dialog.getByRole("button", { name: "I have copied it" }).click();
  await expect(dashboard.dialog).toHaveCount(0);
  await expect(page.getByText(/The old secret signs too until/)).toBeVisible();

  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("button", { name: "Delete webhook" }).click();
  await expect(dashboard.toast("Webhook deleted")).toBeVisible();
  await expect(page.getByText("No webhooks yet.")).toBeVisible();
});

test("says what is wrong with an address", async ({ dashboard }) => {
  const { page } = dashboard;
  await page.goto("/settings");
  await page.getByRole("button", { name: "Add webhook" }).click();
  await page.getByLabel("Address").fill("ftp://example.org/x");
  await page.getByRole("button", { name: "Create webhook" }).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("url");
});

test.describe("33: axe finds nothing in light and in dark", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("in the form and on the page of a webhook, wide and narrow", async ({ dashboard }) => {
    const { page } = dashboard;
    await page.goto("/settings");
    await page.getByRole("button", { name: "Add webhook" }).click();
    expect(await findViolations(page)).toEqual([]);
    await page.getByLabel("Address").fill(receiver.url);
    await page.getByRole("button", { name: "Create webhook" }).click();
    await expect(page.getByText(/^whsec_/)).toBeVisible();
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole("button", { name: "I have copied it" }).click();
    await page.getByRole("link", { name: receiver.url }).click();
    await page.getByRole("button", { name: "Send a test" }).click();
    await expect(page.getByRole("list", { name: "Deliveries" })).toBeVisible();
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await findViolations(page)).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
    }
  });
});
