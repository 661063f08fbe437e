import type { Page } from "@playwright/test";
import { expect, test } from "./support/test.ts";

test("37: what stands in for rows is as high as they are, and shows after 300 ms only", async ({
  dashboard,
  api,
}) => {
  const { page } = dashboard;
  await api.createChat("First row");
  await watchStandIn(page);
  const gate = Promise.withResolvers<void>();
  await page.route("**/api/trpc/chat.list**", async (route) => {
    await gate.promise;
    await route.continue();
  });
  await page.goto("/chats");
  const standIn = page.getByRole("status", { name: "Loading chats" }).locator("> *").first();
  await expect.poll(() => seen(page).then((frames) => frames.at(-1)?.opacity)).toBe(1);
  const early = (await seen(page)).filter(({ after }) => after < 280);
  expect(early.filter(({ opacity }) => opacity > 0)).toEqual([]);
  const expected = await standIn.boundingBox();
  gate.resolve();
  const row = dashboard.list.getByRole("row").first();
  await expect(row).toBeVisible();
  const found = await row.boundingBox();
  expect(found?.height).toBe(expected?.height);
  expect(found?.y).toBe(expected?.y);
});

test("39: what one types into, ticks or switches stands out from what is around it, in light and in dark", async ({
  dashboard,
  api,
  browser,
  baseURL,
}) => {
  const { page } = dashboard;
  const { id } = await api.createChat("Looked at");
  await dashboard.open();
  await dashboard.box("Looked at").click();
  await expectContrast(page, 2);
  await dashboard.askToDeleteSelected();
  await expectContrast(page, 2);
  for (const path of [`/chats/${id}`, "/settings", "/deletions"]) {
    await page.goto(path);
    await expectContrast(page, 2);
  }
  const outside = await browser.newContext(baseURL === undefined ? {} : { baseURL });
  const signIn = await outside.newPage();
  await signIn.goto("/sign-in");
  await expectContrast(signIn, 1);
  await outside.close();
});

type Frame = { after: number; opacity: number };

/** Notes for every frame since the stand-in is there how much of it can be seen. */
const watchStandIn = (page: Page) =>
  page.addInitScript(() => {
    const frames: { after: number; opacity: number }[] = [];
    Reflect.set(window, "standIn", frames);
    let since: number | undefined;
    const look = (now: number) => {
      const block = document.querySelector('[aria-label="Loading chats"] > * > *');
      if (block) {
        since ??= now;
        frames.push({ after: now - since, opacity: Number(getComputedStyle(block).opacity) });
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });

const seen = (page: Page): Promise<Frame[]> => page.evaluate(() => Reflect.get(window, "standIn"));

/** Fails where the edge (or, without one, the surface) of a control has less than 3:1 to what is around it (WCAG 1.4.11). */
async function expectContrast(page: Page, atLeast: number): Promise<void> {
  await expect.poll(async () => (await contrasts(page)).length).toBeGreaterThanOrEqual(atLeast);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await expect(page.locator("html")).toHaveClass(new RegExp(`\\b${colorScheme}\\b`));
    // Colours go over into each other.
    await expect.poll(async () => (await contrasts(page)).filter(({ best }) => best < 3)).toEqual([]);
  }
}

const contrasts = (page: Page) =>
  page.evaluate(() => {
    const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    if (!pen) throw new Error("no canvas");
    const read = (color: string): [number, number, number, number] => {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = color;
      pen.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0, alpha = 0] = pen.getImageData(0, 0, 1, 1).data;
      return [red, green, blue, alpha];
    };
    const luminance = (color: string) => {
      const [red = 0, green = 0, blue = 0] = read(color)
        .slice(0, 3)
        .map((part) => part / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const contrast = (one: string, other: string) => {
      const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
      return (light + 0.05) / (dark + 0.05);
    };
    const around = (element: Element | null): string => {
      if (!element) return "white";
      const { backgroundColor } = getComputedStyle(element);
      return read(backgroundColor)[3] === 255 ? backgroundColor : around(element.parentElement);
    };
    /** What has the edge or the surface: a field may be clear, in a box that has them. */
    const boxOf = (element: Element): Element => {
      const { borderTopWidth, backgroundColor } = getComputedStyle(element);
      const seen = Number.parseFloat(borderTopWidth) > 0 || read(backgroundColor)[3] > 0;
      return seen || !element.parentElement ? element : boxOf(element.parentElement);
    };
    const fields = document.querySelectorAll<HTMLElement>(
      "input:not([type=hidden]), textarea, select, [role=switch], [role=combobox]",
    );
    return [...fields].flatMap((field) => {
      // What shows a checkbox's state is drawn beside it, for the element itself is clear.
      const shown = getComputedStyle(field).opacity === "0" ? field.nextElementSibling : field;
      if (!shown?.checkVisibility({ opacityProperty: true })) return [];
      const drawn = boxOf(shown);
      const { borderTopWidth, borderTopColor, backgroundColor } = getComputedStyle(drawn);
      const colors = [...(Number.parseFloat(borderTopWidth) > 0 ? [borderTopColor] : []), backgroundColor];
      const best = Math.max(...colors.map((color) => contrast(color, around(drawn.parentElement))));
      return [{ name: field.getAttribute("aria-label") ?? field.id, best }];
    });
  });
