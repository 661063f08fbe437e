import { isIP, isIPv4 } from "node:net";
import type { Host } from "./host.ts";

/** Who sent a request and where to, as the client itself has it. */
export type Client = {
  /** Its IP address; null where the host does not tell. */
  address: string | null;
  /** What it speaks: `https` where somebody in front of the server ends TLS and is believed. */
  scheme: "http" | "https";
  /** The host and port that it asked for; null in a request of HTTP/1.0 that names none. */
  host: string | null;
};

type Connection = NonNullable<Host["incoming"]>["socket"];

/**
 * Tells who sent a request, past the proxies in front of the server. Each of them notes in `X-Forwarded-For`,
 * `X-Forwarded-Proto` and `X-Forwarded-Host` what it saw, behind what the one before it noted. Whatever stands
 * farther in front than the outermost believed proxy wrote may be made up by the client. `Forwarded`
 * (RFC 7239) is not read: of two headers for one fact, a proxy would leave the client to write the other.
 *
 * @param trustProxy how many proxies in front of the server are believed
 * @param connection what the request came by; undefined where the host does not tell
 */
export function clientOf(
  { trustProxy }: { trustProxy: number },
  headers: Pick<Headers, "get">,
  connection: Connection,
): Client {
  const seen = (name: string) => (trustProxy === 0 ? undefined : noted(headers.get(name), trustProxy));
  const proto = seen("x-forwarded-proto")?.toLowerCase();
  const spoken = connection?.encrypted ? "https" : "http";
  return {
    address: readAddress(seen("x-forwarded-for")) ?? readAddress(connection?.remoteAddress),
    scheme: proto === "https" || proto === "http" ? proto : spoken,
    host: seen("x-forwarded-host") ?? headers.get("host"),
  };
}

/**
 * Who is at an address as far as others can tell: itself for IPv4, its /64 for IPv6, which one customer has at least
 * (RFC 6177).
 */
export function networkOf(address: string): string {
  if (isIPv4(address)) return address;
  const [front = [], back = []] = address
    .replace(/[\d.]+\.\d+$/, "0:0")
    .split("::")
    .map((side) => side.split(":").filter(Boolean));
  const zeros = Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => "0");
  const groups = [...front, ...zeros, ...back]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16));
  return `${groups.join(":")}::/64`;
}

/** What the outermost of `proxies` noted; where fewer have noted something, the first of them. */
function noted(list: string | null, proxies: number): string | undefined {
  const notes = list?.split(",") ?? [];
  return notes[Math.max(0, notes.length - proxies)]?.trim() || undefined;
}

/** As some write it: IPv6 in brackets, either with a port. */
const dressed = /^(?:\[(?<six>[^\]]+)\]|(?<four>[\d.]+))(?::\d+)?$/;
const mapped = /^::ffff:(?=\d+\.)/i;

/** An address as it is compared: without port, brackets or zone, IPv4 as such. Null for what is none. */
function readAddress(text = ""): string | null {
  const { six, four } = dressed.exec(text)?.groups ?? {};
  const [bare = ""] = (six ?? four ?? text).split("%");
  return isIP(bare) === 0 ? null : bare.replace(mapped, "").toLowerCase();
}
