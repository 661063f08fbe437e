import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What a theme can break: it changes colours and nothing else. */
const rulesOfColour = ["color-contrast", "link-in-text-block"];

/**
 * What axe finds wrong with a page as it stands, in light by all rules and then in dark by those of colour, one line
 * for each element; empty when nothing is. Leaves the page in light, and without motion: colours are judged at rest,
 * not half-way through a transition.
 */
export async function findViolations(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await expect(page.locator("html")).toHaveClass(new RegExp(`\\b${colorScheme}\\b`));
    for (const line of await findInScheme(page, colorScheme)) found.push(`in ${colorScheme}: ${line}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  return found;
}

async function findInScheme(page: Page, colorScheme: "light" | "dark"): Promise<string[]> {
  await page.evaluate(() =>
    Promise.allSettled(document.getAnimations().map((animation) => animation.finished)),
  );
  const axe = new AxeBuilder({ page })
    // No page has frames. Then nothing has to be carried into a second page, and what passes is not described: a fifth
    // of the time for the same rules.
    .setLegacyMode()
    .options({ resultTypes: ["violations"] });
  const { violations } = await (colorScheme === "light"
    ? axe.withTags(standards)
    : axe.withRules(rulesOfColour)
  ).analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}): ${target.join(" ")} ${failureSummary}`),
  );
}
