import { type Browser, chromium, type Page } from "@playwright/test";
import { z } from "zod";
import { median, quantile, summary } from "../load/quantile.ts";
import type { Plan } from "../plan.ts";
import type { DashboardResults } from "../results.ts";
import type { Rig, Server } from "../rig/rig.ts";
import { startLethe } from "../rig/servers.ts";
import { createCredentials } from "../seed/lethe.ts";

/** Where Debian has Chromium without the windows around pages; PLAYWRIGHT_CHROMIUM names another. */
const executablePath = process.env.PLAYWRIGHT_CHROMIUM ?? "/usr/bin/chromium-headless-shell";
const row = "[data-chat-row]";
/** Milliseconds between two turns of the wheel, and pixels of one. */
const wheel = { every: 16, by: 120 };

/** What somebody waits for who opens the list of a large tenant, scrolls it, and deletes a chat. */
export async function measureDashboardSuite(rig: Rig, plan: Plan): Promise<DashboardResults> {
  const { chats, loads, turns, deletes } = plan.dashboard;
  const credentials = createCredentials();
  const server = await startLethe(rig, credentials);
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    await server.seed({ label: "list-", chats, messages: 2 });
    await server.database.settle();
    const first = [];
    for (let load = 0; load < loads; load += 1)
      first.push(await openFirst(browser, server, credentials.apiKey));
    const page = await openList(browser, server, credentials.apiKey);
    const leaving = [];
    for (let n = 0; n < deletes; n += 1) leaving.push(await deleteFirst(page));
    const frames = await scroll(page, turns);
    rig.say(`dashboard: first row after ${median(first.map(({ after }) => after)).toFixed(0)} ms`);
    return {
      chats,
      code: median(first.map(({ code }) => code)),
      bytes: median(first.map(({ bytes }) => bytes)),
      firstRow: summary(first.map(({ after }) => after)),
      leaving: summary(leaving),
      frames: {
        count: frames.length,
        p50: median(frames),
        p95: quantile(frames, 0.95),
        worst: quantile(frames, 1),
      },
    };
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** A browser that has never been here, signed in. */
async function visit(browser: Browser, { origin }: Server, apiKey: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: origin, viewport: { width: 1280, height: 800 } });
  const answer = await context.request.post("/api/session", { data: { api_key: apiKey } });
  if (!answer.ok()) throw new Error(`Signing in answered ${answer.status()}`);
  return context.newPage();
}

async function openList(browser: Browser, server: Server, apiKey: string): Promise<Page> {
  const page = await visit(browser, server, apiKey);
  await page.goto("/chats");
  await page.locator(row).first().waitFor();
  await page.waitForLoadState("networkidle");
  return page;
}

/** A first visit: milliseconds until the first chat stands there, and what was loaded until then, compressed. */
async function openFirst(browser: Browser, server: Server, apiKey: string) {
  const page = await visit(browser, server, apiKey);
  await page.addInitScript((chat) => {
    const look = () => {
      if (document.querySelector(chat)) Reflect.set(window, "firstRow", performance.now());
      else requestAnimationFrame(look);
    };
    look();
  }, row);
  await page.goto("/chats");
  await page.waitForFunction(() => Reflect.has(window, "firstRow"));
  const found = await page.evaluate(() => {
    const after = Number(Reflect.get(window, "firstRow"));
    const sizes = (entries: PerformanceEntryList) =>
      entries.reduce((sum, entry) => {
        const timed = entry instanceof PerformanceResourceTiming && entry.responseEnd <= after;
        return timed ? sum + entry.encodedBodySize : sum;
      }, 0);
    const resources = performance.getEntriesByType("resource");
    return {
      after,
      code: sizes(resources.filter(({ name }) => name.endsWith(".js"))),
      bytes: sizes([...resources, ...performance.getEntriesByType("navigation")]),
    };
  });
  await page.context().close();
  return found;
}

/** Moves the first chat into the Trash: milliseconds from the click until its row has left the page. */
async function deleteFirst(page: Page): Promise<number> {
  await page.locator(row).first().hover();
  const took = await page.evaluate(async (chat) => {
    const first = document.querySelector(chat);
    const button = first?.closest("[role=row]")?.querySelector<HTMLElement>('[aria-label^="Delete "]');
    if (!button) throw new Error("The first row has no button that deletes");
    const begun = performance.now();
    button.click();
    while (first?.isConnected) {
      await new Promise(requestAnimationFrame);
      if (performance.now() - begun > 10_000) throw new Error("The first row stays");
    }
    return performance.now() - begun;
  }, row);
  await page.waitForLoadState("networkidle");
  return took;
}

/** Turns the wheel over the list: milliseconds between the frames meanwhile. */
async function scroll(page: Page, turns: number): Promise<number[]> {
  await page.locator(row).first().hover();
  await page.evaluate(() => {
    const frames: number[] = [];
    Reflect.set(window, "frames", frames);
    let before = performance.now();
    const look = (now: number) => {
      frames.push(now - before);
      before = now;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  for (let turn = 0; turn < turns; turn += 1) {
    await page.mouse.wheel(0, wheel.by);
    await page.waitForTimeout(wheel.every);
  }
  const frames = z.array(z.number()).parse(await page.evaluate(() => Reflect.get(window, "frames")));
  return frames.slice(1);
}
