import type { WebhookPolicy } from "./webhook-url.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** How long a receiver may take to answer; milliseconds. */
export const sendTimeoutMs = 10 * second;

/** How deliveries are worked on; times in milliseconds. */
export type WebhookOptions = WebhookPolicy & {
  timeoutMs: number;
  /** The pauses before the second attempt, the third, and so on, each varied by a tenth. */
  pauses: readonly number[];
  /** A process that has not said for this long that it is at an endpoint is taken for dead. */
  leaseMs: number;
  /** An endpoint without a success for this long is disabled. */
  disableAfterMs: number;
  /** How long the log is kept. */
  keepMs: number;
};

/** About what Standard Webhooks proposes: ten attempts over three days. */
export const webhookDefaults: WebhookOptions = {
  allowPrivate: false,
  timeoutMs: sendTimeoutMs,
  pauses: [
    5 * second,
    5 * minute,
    30 * minute,
    2 * hour,
    5 * hour,
    10 * hour,
    14 * hour,
    20 * hour,
    24 * hour,
  ],
  leaseMs: 30 * second,
  disableAfterMs: 5 * day,
  keepMs: 30 * day,
};
