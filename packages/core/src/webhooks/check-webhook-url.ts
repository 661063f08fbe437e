import { isIP } from "node:net";
import { LetheError } from "../errors.ts";
import { limits } from "../limits.ts";
import { isPublicAddress } from "./is-public-address.ts";

/** Whether webhooks may go to private addresses and over plain http, which is the operator's to say. */
export type WebhookPolicy = { allowPrivate: boolean };

const privateHost = "url must not name a private or reserved address; only the operator can allow that";

/**
 * What is wrong with a webhook's address, in words for who has sent it, or null. What a host name stands for
 * is found out, and judged, at every attempt.
 */
export function faultOfUrl(text: string, { allowPrivate }: WebhookPolicy): string | null {
  const url = URL.parse(text);
  if (url === null || text.length > limits.webhookUrlLength)
    return `url must be an address such as https://example.com/webhooks, of up to ${limits.webhookUrlLength} characters`;
  if (url.protocol !== "https:" && url.protocol !== "http:") return "url must begin with https://";
  if (url.username !== "" || url.password !== "")
    return "url must not hold a user name or password; deliveries are signed instead";
  if (allowPrivate) return null;
  if (url.protocol === "http:")
    return "url must begin with https://; plain http is for the operator to allow";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return isIP(host) !== 0 && !isPublicAddress(host) ? privateHost : null;
}

/** Throws BAD_REQUEST (invalid_request) for an address that nothing is sent to. */
export function checkWebhookUrl(url: string, policy: WebhookPolicy): void {
  const ownName = !policy.allowPrivate && /^(.+\.)?localhost\.?$/.test(URL.parse(url)?.hostname ?? "");
  const fault = faultOfUrl(url, policy) ?? (ownName ? privateHost : null);
  if (fault !== null) throw new LetheError("BAD_REQUEST", "invalid_request", fault);
}
