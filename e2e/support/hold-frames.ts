import type { Page } from "@playwright/test";

/** From here on a page is given no frame to draw, as on a machine that is busy; answers what gives it those it has asked for. */
export async function holdFrames(page: Page): Promise<() => Promise<void>> {
  const goOn = await page.evaluateHandle(() => {
    const { requestAnimationFrame, cancelAnimationFrame } = window;
    const held = new Map<number, FrameRequestCallback>();
    // Neither a number that the browser gives nor one that stands for none.
    let last = 1e9;
    window.requestAnimationFrame = (callback) => {
      last += 1;
      held.set(last, callback);
      return last;
    };
    window.cancelAnimationFrame = (id) => held.delete(id) || cancelAnimationFrame(id);
    return () => {
      Object.assign(window, { requestAnimationFrame, cancelAnimationFrame });
      for (const callback of held.values()) requestAnimationFrame(callback);
    };
  });
  return () => goOn.evaluate((give) => give());
}
