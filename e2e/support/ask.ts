import type { Page } from "@playwright/test";

/** Asks as a page does, and answers the status. */
export const ask = (page: Page, path: string, body: object) =>
  page.evaluate(
    async ([path, body]) =>
      (
        await fetch(path, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        })
      ).status,
    [path, body] as const,
  );
