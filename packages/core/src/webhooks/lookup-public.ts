import { type LookupAddress, lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { isPublicAddress } from "./is-public-address.ts";

/** A host name stands for an address that nothing is sent to. */
export class AddressRefused extends Error {
  override readonly name = "AddressRefused";
}

/**
 * Finds the addresses of a host name for a connection, and refuses all of them if one is not public. The
 * connection is made to what was judged here: the name is not asked for a second time.
 */
export const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error) return callback(error, []);
    const refusal = addresses.some(({ address }) => !isPublicAddress(address));
    if (refusal) return callback(new AddressRefused(), []);
    if (options.all) return callback(null, addresses);
    const [first] = addresses;
    return callback(null, first?.address ?? "", first?.family);
  });
};
