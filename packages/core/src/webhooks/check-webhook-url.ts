import { isIP } from "node:net";
import { LetheError } from "../errors.ts";
import { limits } from "../limits.ts";
import { isPublicAddress } from "./is-public-address.ts";

/** Whether webhooks may go to private addresses and over plain http, which is the operator's to say. */
export type WebhookPolicy = { allowPrivate: boolean };

/** What a URL drops without a word, so that another host is called than the one that is read. */
const unseen = /[\p{Cc}\p{Default_Ignorable_Code_Point}]/u;

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

/**
 * The address as it is kept: in the one form of the URL Standard, in which it will be read at each delivery.
 *
 * @throws BAD_REQUEST (invalid_request) for an address that nothing is sent to, or one with a part that would not be sent
 */
export function normalizeWebhookUrl(text: string, policy: WebhookPolicy): string {
  if (unseen.test(text))
    throw new LetheError(
      "BAD_REQUEST",
      "invalid_request",
      "url must not hold characters that cannot be seen",
    );
  const url = URL.parse(text);
  const ownName = !policy.allowPrivate && /^(.+\.)?localhost\.?$/.test(url?.hostname ?? "");
  const href = url?.href ?? text;
  const fault = faultOfUrl(href, policy) ?? (ownName ? privateHost : null) ?? faultOfParts(href);
  if (fault !== null) throw new LetheError("BAD_REQUEST", "invalid_request", fault);
  return href;
}

function faultOfParts(href: string): string | null {
  if (href.includes("#"))
    return "url must not have a fragment (#), which is never sent; leave it out, or write %23";
  return URL.parse(href)?.port === "0" ? "url must not name port 0, at which nobody can be reached" : null;
}
