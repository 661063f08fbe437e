import type { IncomingMessage } from "node:http";

/** Who answers a request: the API, the pages, or the server for itself (`OPTIONS *`). */
export type Destination = "api" | "pages" | "server";

const ofApi =
  /^\/(?:api(?:\/|$)|docs(?:\/|$)|(?:livez|readyz|metrics|version|llms(?:-full)?\.txt|\.well-known\/jwks\.json)\/?$)/i;
const plainPath = /^(?:\/[\w-]+)*\/?$/;
const absoluteForm = /^https?:\/\/([^/?#]*)(.*)$/i;

/**
 * Finds out what a request is for, by its target and its Host (RFC 9112, section 3.2). A target in absolute form
 * is put into origin form, and its host in the place of the header, so that all behind this read one form.
 *
 * A path goes to the API however its letters are escaped. One that programs tidy up in different ways, with segments that
 * are dots, empty, or have an escaped slash in them, goes nowhere: `DELETE …/hold/..` must not delete the chat.
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
  if (request.headers.host && !isHost(request.headers.host)) {
    const where = absolute ? "target names" : "Host header is";
    return { fault: `The ${where} no host; send a name or an address, with a port if need be.` };
  }
  const target = readPath(request);
  if ("fault" in target) return target;
  const fault = faultOfCoding(request);
  return fault === null ? target : { fault };
}

/**
 * A transfer coding that is not undone here. Node takes the chunks apart and hands over what is in them, still coded
 * (RFC 9112, section 6.1).
 */
function faultOfCoding({ headers }: IncomingMessage): string | null {
  const coding = headers["transfer-encoding"];
  if (coding === undefined || coding.toLowerCase() === "chunked") return null;
  return "Transfer-Encoding has a coding that is not known here; send the body as it is, with chunked alone or a Content-Length.";
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
  const fault = faultOfSegments(path);
  return fault === null ? { to: ofApi.test(written) ? "api" : "pages" } : { fault };
}

/** What in a path some programs tidy up and others do not. One slash at the end is no segment. */
function faultOfSegments(path: string): string | null {
  for (const segment of path.slice(1).replace(/\/$/, "").split("/")) {
    const written = decode(segment) ?? segment;
    if (written === "" && path !== "/")
      return "The path has an empty segment (//); write one slash between two segments.";
    if (written === "." || written === "..")
      return "The path has a segment . or .. in it, which not all programs resolve alike; write the address that is meant.";
    if (/[\\/]/.test(written))
      return "The path has a slash or backslash in it that is escaped (%2F, %5C), which nothing here is named with; write / between segments.";
  }
  return null;
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
