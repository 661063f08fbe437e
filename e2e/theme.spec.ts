import type { Page } from "@playwright/test";
import { seedMessages } from "./support/seed-messages.ts";
import { expect, test } from "./support/test.ts";

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`with a system in ${colorScheme}`, () => {
    test.use({ colorScheme });

    test("39: every page is in it before anything is painted", async ({ dashboard, page }) => {
      await watchFirstPaint(page);
      for (const path of ["/chats", "/chats/00000000-0000-4000-8000-000000000000"]) {
        await page.goto(path);
        await expect(dashboard.search).toBeVisible();
        await expectThemeBeforePaint(page, colorScheme);
      }
    });

    test("39: the other theme is chosen, kept, and there before anything is painted", async ({
      dashboard,
    }) => {
      const { page } = dashboard;
      const other = colorScheme === "light" ? "dark" : "light";
      await dashboard.open();
      await page.getByRole("button", { name: "Settings" }).click();
      await page.getByRole("menuitemradio", { name: other === "dark" ? "Dark" : "Light" }).click();
      await expect(page.locator("html")).toHaveClass(new RegExp(`\\b${other}\\b`));
      await watchFirstPaint(page);
      await page.reload();
      await expect(dashboard.search).toBeVisible();
      await expectThemeBeforePaint(page, other);
      await page.emulateMedia({ colorScheme: other });
      await page.emulateMedia({ colorScheme });
      await expect(page.locator("html")).toHaveClass(new RegExp(`\\b${other}\\b`));
    });
  });
}

test("39: the page follows the system while it is open", async ({ dashboard }) => {
  const { page } = dashboard;
  await page.emulateMedia({ colorScheme: "light" });
  await dashboard.open();
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.emulateMedia({ colorScheme: "dark" });
  await expect(page.locator("html")).toHaveClass(/\bdark\b/);
  expect(await paper()).not.toBe(light);
});

test("35, 39: with less motion every text has the colour of a theme as soon as anything has", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  await api.createChat("Still");
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await dashboard.open();
  await expect(page.getByText("Still")).toBeVisible();
  // What is on its way from one colour to another is told in the moment in which it sets out.
  const onTheirWay = await page.evaluate(() => {
    document.documentElement.classList.replace("light", "dark");
    return document.getAnimations().length;
  });
  expect(onTheirWay).toBe(0);
});

test("35: nothing moves for people who asked for less motion", async ({ dashboard, api }) => {
  const { page } = dashboard;
  await api.createChat("Still");
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.addInitScript(() => {
    const longest = { animation: 0 };
    Reflect.set(window, "longestMotion", longest);
    const look = () => {
      for (const animation of document.getAnimations()) {
        const { duration, iterations } = animation.effect?.getComputedTiming() ?? {};
        longest.animation = Math.max(longest.animation, Number(duration ?? 0) * (iterations ?? 1));
      }
      requestAnimationFrame(look);
    };
    look();
  });
  await dashboard.open();
  await dashboard.deleteFromList("Still");
  await expect(dashboard.toast("Deleted “Still”")).toBeVisible();
  await expect(dashboard.dialog).toBeHidden();
  await page.getByRole("button", { name: "Settings" }).click();
  await expect(page.getByRole("menu")).toBeVisible();
  expect(await page.evaluate(() => Reflect.get(window, "longestMotion").animation)).toBeLessThanOrEqual(1);
});

test("59: colours that a system forces show what is open, and paper has all that was read, dark on light", async ({
  dashboard,
  api,
  tenant,
}) => {
  const { page, messages } = dashboard;
  const heading = dashboard.heading("On paper");
  const { id } = await api.createChat("On paper");
  await seedMessages(tenant.tenantId, id, 45);
  await page.emulateMedia({ colorScheme: "light" });
  await dashboard.openChat(id);
  const dark = await heading.evaluate((element) => getComputedStyle(element).color);
  await page.emulateMedia({ colorScheme: "dark", forcedColors: "active" });
  await expect(messages.getByText("Message 45", { exact: true })).toBeVisible();
  await expect(dashboard.row("On paper")).toHaveCSS("outline-style", "solid");

  await page.emulateMedia({ colorScheme: "dark", forcedColors: "none", media: "print" });
  await expect(messages.getByRole("listitem")).toHaveCount(45);
  await expect(messages.getByText("Message 1", { exact: true })).toBeVisible();
  await expect(heading).toHaveCSS("color", dark);
  await expect(dashboard.sidebar).toBeHidden();
  await expect(dashboard.composer).toBeHidden();
});

/** From now on every page notes when its theme was set; the browser itself notes the first paint. */
async function watchFirstPaint(page: Page): Promise<void> {
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (!/\b(light|dark)\b/.test(document.documentElement?.className ?? "")) return;
      Reflect.set(window, "themedAt", performance.now());
      observer.disconnect();
    }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });
  });
}

async function expectThemeBeforePaint(page: Page, theme: "light" | "dark"): Promise<void> {
  await expect(page.locator("html")).toHaveClass(new RegExp(`\\b${theme}\\b`));
  const paintedAt = () =>
    page.evaluate(() => performance.getEntriesByName("first-paint")[0]?.startTime ?? null);
  await expect.poll(paintedAt).not.toBeNull();
  const themedAt = await page.evaluate(() => Number(Reflect.get(window, "themedAt")));
  expect(themedAt).toBeLessThanOrEqual(Number(await paintedAt()));
}
