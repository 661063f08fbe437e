import dns from "node:dns/promises";
import type { LookupFunction } from "node:net";
import { isPublicAddress } from "./is-public-address.ts";

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
