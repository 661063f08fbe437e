import { randomBytes } from "node:crypto";

/** How long the secret before the last one still signs, so that receivers can change over; hours. */
export const overlapHours = 24;

/** 256 random bits in the notation of Standard Webhooks: "whsec_" and base64. */
export function randomWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}
