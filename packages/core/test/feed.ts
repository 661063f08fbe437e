import { once } from "node:events";
import { onTestFinished } from "vitest";
import {
  type Context,
  createEventFeed,
  type EventFeed,
  type EventFeedOptions,
  type FeedItem,
} from "../src/index.ts";

export type Logged = { fields: object; message: string };

/** A running feed that ends with the test, and what it logs. */
export async function startFeed(
  options: Omit<EventFeedOptions, "log">,
): Promise<EventFeed & { logged: Logged[] }> {
  const logged: Logged[] = [];
  const feed = createEventFeed({
    ...options,
    log: { warn: (fields, message) => logged.push({ fields, message }) },
  });
  await feed.start();
  onTestFinished(() => feed.close());
  return { ...feed, logged };
}

export type Reader = {
  items: FeedItem[];
  /** Waits until so many items were read in all. */
  until(count: number): Promise<FeedItem[]>;
  /** Ends the tail and waits for its end. */
  stop(): Promise<void>;
};

/** Reads a tail for the length of a test. */
export function read(feed: EventFeed, ctx: Context, after?: string): Reader {
  const ending = new AbortController();
  const arrived = new EventTarget();
  const items: FeedItem[] = [];
  const tail = feed.tail({ tenantId: ctx.tenantId, after, signal: ending.signal });
  const reading = (async () => {
    for await (const item of tail) {
      items.push(item);
      arrived.dispatchEvent(new Event("item"));
    }
  })();
  const stop = () => {
    ending.abort();
    return reading;
  };
  onTestFinished(stop);
  return {
    items,
    stop,
    async until(count) {
      const signal = AbortSignal.timeout(240_000);
      while (items.length < count) await once(arrived, "item", { signal });
      return items;
    },
  };
}

/** The types of items, with the messages' texts. */
export function told(items: FeedItem[]): string[] {
  return items.map((item) => (item.type === "message.created" ? item.message.body : item.type));
}
