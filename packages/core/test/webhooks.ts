import { randomUUID } from "node:crypto";
import { Webhook as Signer } from "standardwebhooks";
import { onTestFinished } from "vitest";
import { z } from "zod";
import {
  type Context,
  createChat,
  createWebhook,
  deleteChat,
  listWebhookDeliveries,
  startBackground,
  webhookEventTypes,
} from "../src/index.ts";
import { claimEndpoints, releaseEndpoints } from "../src/webhooks/endpoint-leases.ts";
import { expandMessages } from "../src/webhooks/read-due.ts";
import type { WebhookOptions } from "../src/webhooks/webhook-options.ts";
import { silentLog } from "./long-chat.ts";
import type { Received } from "./receiver.ts";
import type { World } from "./world.ts";

/** Tests receive on the loopback. */
export const policy = { allowPrivate: true };

/** Workers in this process until the end of the test. */
export async function startWebhooks(
  { db }: Pick<World, "db">,
  webhooks: Partial<WebhookOptions> = {},
  onAttempt: () => void = () => {},
) {
  // A busy machine must not take a receiver for silent, nor a process for dead.
  const options = { ...policy, leaseMs: 60_000, timeoutMs: 60_000, ...webhooks };
  const background = startBackground({ db, log: silentLog, pace: 1 / 20, webhooks: options, onAttempt });
  onTestFinished(() => background.close());
  return background;
}

/** A webhook for everything that there is. */
export const everything = (ctx: Context, url: string) =>
  createWebhook(ctx, { url, eventTypes: webhookEventTypes, policy });

/** Makes a chat and deletes it. */
export async function deletedChat(ctx: Context, title = `chat ${randomUUID()}`) {
  const { id: chatId } = await createChat(ctx, { title });
  return deleteChat(ctx, { chatId, force: false });
}

/** The whole log of a webhook, newest first. */
export async function logOf(ctx: Context, webhookId: string) {
  const log = [];
  let cursor: string | null = null;
  do {
    const page = await listWebhookDeliveries(ctx, { webhookId, limit: 100, cursor });
    log.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return log;
}

/** Makes deliveries of all messages for webhooks that nobody holds, without sending any. */
export async function expandAll(db: World["db"]) {
  const owner = randomUUID();
  const held = await claimEndpoints(db, { owner, leaseMs: 30_000, limit: 100, except: [] });
  const questions = held.map((endpoint) => ({ ...endpoint, want: 100 }));
  let behind = true;
  while (behind) behind = (await expandMessages(db, owner, questions)).some((one) => one.behind);
  await releaseEndpoints(db, owner, held);
}

const payload = z.object({ type: z.string(), timestamp: z.string(), data: z.record(z.string(), z.string()) });

/** What was received, after its signature was verified with the library that receivers use. */
export function verified({ headers, body }: Received, secret: string) {
  const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  return payload.parse(new Signer(secret).verify(body, plain));
}
