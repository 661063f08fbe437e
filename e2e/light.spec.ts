import { holdScripts, holdTheRest } from "./support/held-calls.ts";
import { expect, test } from "./support/test.ts";

/** What the browser may have to load before it shows the first chat, compressed; bytes. */
const most = 200_000;

test("60: the list shows its first row after at most 200 kB of code", async ({ dashboard, api }) => {
  const { page } = dashboard;
  await api.createChat("First row");
  await page.addInitScript(() => {
    const look = () => {
      if (!document.querySelector("[data-chat-row]")) return requestAnimationFrame(look);
      const code = performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".js"));
      Reflect.set(
        window,
        "loaded",
        code.flatMap((entry) => (entry instanceof PerformanceResourceTiming ? [entry.encodedBodySize] : [])),
      );
      return undefined;
    };
    look();
  });
  await dashboard.open();
  await expect(dashboard.row("First row")).toBeVisible();
  const loaded: number[] = await page.evaluate(() => Reflect.get(window, "loaded"));
  expect(loaded.length).toBeGreaterThan(5);
  expect(loaded.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(most);

  // What the first look does not need is there soon after, before anybody asks for it.
  await page.waitForLoadState("networkidle");
  await page.context().setOffline(true);
  await dashboard.askFromList("First row");
  await expect(dashboard.dialog).toContainText("First row");
});

test("a button cannot be pressed before the page listens, and looks no different", async ({ dashboard }) => {
  const { page } = dashboard;
  await dashboard.open();
  const button = dashboard.sidebar.getByRole("button", { name: "New chat" }).first();
  const look = () => button.evaluate((element) => getComputedStyle(element).opacity);
  const usual = await look();
  const goOn = await holdScripts(page);
  await page.reload({ waitUntil: "domcontentloaded" });
  await expect(button).toBeDisabled();
  expect(await look()).toBe(usual);
  goOn();
  await button.click();
  await expect(page.getByRole("dialog", { name: "New chat" })).toBeVisible();
});

test("60: what is asked for before it has been loaded is done when it has", async ({ dashboard, api }) => {
  const { page } = dashboard;
  await api.createChat("Quickly gone");
  await dashboard.open();
  const goOn = await holdTheRest(page);
  await page.reload();
  await dashboard.trashFromList("Quickly gone");
  await expect(dashboard.toasts).toHaveCount(0);
  goOn();
  await expect(dashboard.toast("Moved “Quickly gone” to the Trash")).toBeVisible();
  await expect(dashboard.row("Quickly gone")).toHaveCount(0);
});
