import type { Page } from "@playwright/test";

/** A row that is there after as many frames waits for something else than the page. */
const patience = 60;

/**
 * Counts, inside the page, the frames that are drawn from the next click to that in which no row has this title any
 * more. Call it before the click; the answer is there after it. On a busy machine frames come later, and are as many.
 * Infinity: it stayed.
 */
export function framesUntilRowIsGone(page: Page, title: string): Promise<number> {
  return page.evaluate(
    ({ text, most }) =>
      new Promise<number>((resolve) => {
        let frames = 0;
        const look = () => {
          frames += 1;
          const rows = [...document.querySelectorAll("[data-chat-row]")];
          const isThere = rows.some((row) => row.textContent.includes(text));
          if (isThere && frames < most) requestAnimationFrame(look);
          else resolve(isThere ? Number.POSITIVE_INFINITY : frames);
        };
        addEventListener("click", () => requestAnimationFrame(look), { capture: true, once: true });
      }),
    { text: title, most: patience },
  );
}
