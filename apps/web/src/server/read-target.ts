import type { IncomingMessage } from "node:http";

/** Who answers a request: the API, the pages, or the server for itself (`OPTIONS *`). */
export type Destination = "api" | "pages" | "server";

const ofApi = /^\/(?:api(?:\/|$)|(?:livez|readyz|metrics|version|\.well-known\/jwks\.json)\/?$)/i;
const plainPath = /^(?:\/[\w-]+)*\/?$/;
const absoluteForm = /^https?:\/\/([^/?#]*)(.*)$/i;

/**
 * Finds out what a request is for, by its target and its Host (RFC 9112, section 3.2). A target in absolute form
 * is put into origin form, and its host in the place of the header, so that all behind this read one form.
 *
 * A path goes to the API however it is written, with escaped letters, dot segments or slashes too many: what
 * only looks like one of its paths must not reach it by a way of the pages.
 *
 * @returns where it goes to, or what is wrong with it
 */
export function readTarget(request: IncomingMessage): { to: Destination } | { fault: string } {
  const absolute = absoluteForm.exec(request.url ?? "");
  if (absolute) {
    const [, host = "", rest = ""] = absolute;
    request.url = rest.startsWith("/") ? rest : `/${rest}`;
    setHost(request, host);
  }
  const hosts = countHosts(request);
  if (hosts > 1) return { fault: "There is more than one Host header; send one." };
  if (hosts === 0 && request.httpVersion !== "1.0")
    return { fault: "The Host header is missing; name the host that the request is meant for." };
  if (request.headers.host && !isHost(request.headers.host))
    return { fault: "The Host header is no host; send a name or an address, with a port if need be." };
  return readPath(request);
}

function readPath({ url: target = "", method }: IncomingMessage): { to: Destination } | { fault: string } {
  if (target === "*" && method === "OPTIONS") return { to: "server" };
  if (!target.startsWith("/"))
    return {
      fault: "The target of the request is no path and no http address; send a path such as /api/v1/chats.",
    };
  if (target.includes("#"))
    return {
      fault:
        "The target of the request has a fragment (#), which is never sent; write %23 for the character.",
    };
  const [path = ""] = target.split("?", 1);
  if (plainPath.test(path)) return { to: ofApi.test(path) ? "api" : "pages" };
  if (path.includes("\\")) return { fault: "The path has a backslash in it; write / or %5C." };
  const written = decode(path);
  if (written === null)
    return { fault: "The path is not percent-encoded UTF-8; write é as %C3%A9, and a percent sign as %25." };
  // Of slashes at the start, a URL would take the second for that of a host.
  const { pathname } = new URL(written.replace(/^\/+/, "/"), "http://localhost");
  return { to: ofApi.test(decode(pathname) ?? "") ? "api" : "pages" };
}

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

/** The host that was asked for last and was one, which is nearly always that of the next request too. */
let lastHost: string | undefined;

/** Whether it is a host, and maybe a port, as a URL would have it, and nothing besides. */
function isHost(host: string): boolean {
  if (host === lastHost) return true;
  const isOne = URL.parse(`http://${host}`)?.hostname === host.replace(/:\d*$/, "").toLowerCase();
  if (isOne) lastHost = host;
  return isOne;
}

function countHosts({ rawHeaders }: IncomingMessage): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]?.length === 4 && rawHeaders[index]?.toLowerCase() === "host") count += 1;
  return count;
}

/** In both forms in which Node keeps headers, since both are read. */
function setHost(request: IncomingMessage, host: string): void {
  const others: string[] = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const [name = "", value = ""] = request.rawHeaders.slice(index, index + 2);
    if (name.toLowerCase() !== "host") others.push(name, value);
  }
  request.rawHeaders = [...others, "Host", host];
  request.headers.host = host;
}
