import type { Page } from "@playwright/test";

/**
 * Measures, inside the page, from the next click to the frame in which no row has this title any more.
 * Call it before the click; the answer (milliseconds) is there after it.
 */
export function untilRowIsGone(page: Page, title: string): Promise<number> {
  return page.evaluate(
    (text) =>
      new Promise<number>((resolve) => {
        addEventListener(
          "click",
          ({ timeStamp }) => {
            const look = () => {
              const rows = [...document.querySelectorAll("[data-chat-row]")];
              if (rows.some((row) => row.textContent.includes(text))) requestAnimationFrame(look);
              else resolve(performance.now() - timeStamp);
            };
            requestAnimationFrame(look);
          },
          { capture: true, once: true },
        );
      }),
    title,
  );
}
