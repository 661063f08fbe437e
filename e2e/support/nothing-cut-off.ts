import { expect, type Page } from "@playwright/test";

/** The page does not scroll sideways, and everything that one can press is inside it. */
export async function expectNothingCutOff(page: Page): Promise<void> {
  const outside = () =>
    page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      const targets = [...document.querySelectorAll("a, button, input, textarea, h1, h2, [role=dialog]")]
        .filter((target) => target.checkVisibility() && !target.closest("[aria-hidden=true]"))
        .filter((target) => {
          const { left, right, width } = target.getBoundingClientRect();
          return width > 1 && (left < -1 || right > clientWidth + 1);
        })
        .map((target) => target.outerHTML.slice(0, 120));
      return scrollWidth > clientWidth ? [`the page is ${scrollWidth} px wide`, ...targets] : targets;
    });
  await expect.poll(outside).toEqual([]);
}
