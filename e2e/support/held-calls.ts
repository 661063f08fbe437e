import { expect, type Page, type Request, type Route } from "@playwright/test";
import { z } from "zod";

const input = z.object({ chat_id: z.string() });

/** The answer to a failure that nobody foresaw, as the server gives it to a call or a batch of calls. */
export function internalError(requestId: string, request?: Request) {
  const error = {
    error: {
      code: -32603,
      message: "Something went wrong on our side. The log has the cause under this request_id.",
      data: {
        code: "INTERNAL_SERVER_ERROR",
        httpStatus: 500,
        reason: "internal_error",
        request_id: requestId,
      },
    },
  };
  const url = request && new URL(request.url());
  const json = url?.searchParams.has("batch") ? url.pathname.split(",").map(() => error) : error;
  return { status: 500, headers: { "X-Request-Id": requestId }, json };
}

const reads = /\/api\/trpc\/[^?]*\b(chat|message)\.(list|byId)\b/;

/**
 * From here on a page learns of chats what it is told: what it asks itself gets no answer. Wait first until it is told:
 * `untilTold` for the list, `openChat` for an open chat.
 *
 * @returns lets it ask again, with what it has asked meanwhile
 */
export async function holdReads(page: Page): Promise<() => Promise<void>> {
  const held: Route[] = [];
  await page.route(reads, (route) => {
    held.push(route);
  });
  return async () => {
    await page.unroute(reads);
    // What the page has given up meanwhile is no longer there to go on.
    await Promise.allSettled(held.map((route) => route.continue()));
  };
}

/**
 * A page that is opened from here on is not told what happens to chats; answers what lets it be told, all of it. Or, `missed`,
 * as if it had been away for longer than events are kept: then it is told that it has to read everything anew.
 */
export async function holdEvents(page: Page, { missed = false } = {}): Promise<() => void> {
  const gate = Promise.withResolvers<void>();
  await page.route("**/api/trpc/events.subscribe*", async (route) => {
    await gate.promise;
    const { origin, pathname } = new URL(route.request().url());
    await route.continue(missed ? { url: `${origin}${pathname}` } : {});
  });
  return gate.resolve;
}

/** From here on a page shows what the server sends and does not listen yet; answers what lets it have its scripts. */
export async function holdScripts(page: Page): Promise<() => void> {
  const gate = Promise.withResolvers<void>();
  await page.route(/\/_next\/static\/.*\.js/, async (route) => {
    await gate.promise;
    await route.continue();
  });
  return gate.resolve;
}

/**
 * A page that is loaded again from here on has the scripts that it names itself, and not those it loads once it stands; answers
 * what lets it have them.
 */
export async function holdTheRest(page: Page): Promise<() => void> {
  const first = await (await page.request.get(page.url())).text();
  const gate = Promise.withResolvers<void>();
  await page.route(/_next\/static\/.*\.js/, async (route) => {
    if (!first.includes(new URL(route.request().url()).pathname)) await gate.promise;
    await route.continue();
  });
  return gate.resolve;
}

/** Calls of one mutation that are kept from the server, chat by chat, until a test lets them go. */
export class HeldCalls {
  readonly #routes = new Map<string, Route>();

  /** @param procedure for example "chat.delete" */
  static async on(page: Page, procedure: string): Promise<HeldCalls> {
    const held = new HeldCalls();
    await page.route(`**/api/trpc/${procedure}`, (route) => {
      held.#routes.set(input.parse(route.request().postDataJSON()).chat_id, route);
    });
    return held;
  }

  /** Lets the server answer. */
  async release(chatId: string): Promise<void> {
    await (await this.#take(chatId)).continue();
  }

  /** Answers in the server's place that it failed. The server never hears of the call. */
  async fail(chatId: string, requestId: string): Promise<void> {
    await (await this.#take(chatId)).fulfill(internalError(requestId));
  }

  async #take(chatId: string): Promise<Route> {
    await expect.poll(() => this.#routes.has(chatId), { message: "the call is under way" }).toBe(true);
    const route = this.#routes.get(chatId);
    if (!route) throw new Error(`No call for ${chatId} is held`);
    this.#routes.delete(chatId);
    return route;
  }
}
