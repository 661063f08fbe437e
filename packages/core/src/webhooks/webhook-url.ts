import dns from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { LetheError } from "../errors.ts";
import { limits } from "../limits.ts";

/** Whether webhooks may go to private addresses and over plain http, which is the operator's to say. */
export type WebhookPolicy = { allowPrivate: boolean };

/** What a URL drops without a word, so that another host is called than the one that is read. */
const unseen = /[\p{Cc}\p{Default_Ignorable_Code_Point}]/u;

const privateHost = "url must not name a private or reserved address; only the operator can allow that";

/**
 * What is wrong with a webhook's address, in words for who has sent it, or null. What a host name stands for
 * is found out, and judged, at every attempt.
 */
export function validateUrl(text: string, { allowPrivate }: WebhookPolicy): string | null {
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
  const url = URL.parse(text);
  const ownName = !policy.allowPrivate && /^(.+\.)?localhost\.?$/.test(url?.hostname ?? "");
  const href = url?.href ?? text;
  const fault =
    (unseen.test(text) ? "url must not hold characters that cannot be seen" : null) ??
    validateUrl(href, policy) ??
    (ownName ? privateHost : null) ??
    validateParts(href);
  if (fault !== null) throw new LetheError("BAD_REQUEST", "invalid_request", fault);
  return href;
}

function validateParts(href: string): string | null {
  if (href.includes("#"))
    return "url must not have a fragment (#), which is never sent; leave it out, or write %23";
  return URL.parse(href)?.port === "0" ? "url must not name port 0, at which nobody can be reached" : null;
}

/** Azure answers a machine's own questions here, on an address that looks like any other. */
const metadataAddresses = new Set(["168.63.129.16"]);
/** All that is given out of IPv6 so far (RFC 4291, section 2.5.4): the rest may be routed to anything, such as `::10.0.0.1`. */
const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * Whether an IP address can be one of the public internet: not of this machine or its networks, not shared,
 * multicast or reserved, and none of a cloud's metadata services. IPv4 within IPv6 is judged as IPv4, and
 * what translates to addresses that cannot be seen (NAT64, 6to4, Teredo) is refused.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return (
    parsed.range() === "unicast" &&
    (parsed instanceof ipaddr.IPv4 || parsed.match(globalUnicast)) &&
    !metadataAddresses.has(parsed.toString())
  );
}

/** A host name that nothing is sent to; the message says why, in words for a webhook's log. */
export class NameRefused extends Error {
  override readonly name = "NameRefused";
}

/**
 * Finds the addresses of a host name for a connection, and refuses all of them if one is not public. The
 * connection is made to what was judged here: the name is not asked for a second time.
 *
 * It asks DNS itself: the system's own way would take one of a few threads that all of the process shares,
 * for as long as a tenant's name server likes to be silent.
 */
export const lookupPublic: LookupFunction = (hostname, options, callback) => {
  findPublic(hostname).then(
    (addresses) => {
      const [first] = addresses;
      if (options.all) callback(null, addresses);
      else callback(null, first?.address ?? "", first?.family);
    },
    (error: NodeJS.ErrnoException) => callback(error, []),
  );
};

async function findPublic(hostname: string) {
  const found = await Promise.allSettled([dns.resolve4(hostname), dns.resolve6(hostname)]);
  const addresses = found.flatMap((answer, index) =>
    answer.status === "fulfilled"
      ? answer.value.map((address) => ({ address, family: index === 0 ? 4 : 6 }))
      : [],
  );
  if (addresses.length === 0) throw new NameRefused("The host name could not be looked up");
  if (addresses.some(({ address }) => !isPublicAddress(address)))
    throw new NameRefused("The host name leads to a private or reserved address");
  return addresses;
}
