import ipaddr from "ipaddr.js";

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
