import { operations } from "../operations/index.ts";
import { asRecord, type Entrance, exportedFile, type Input, type Operation } from "./caller.ts";
/** REST at `/api/v1`. */
export const restEntrance: Entrance = (baseUrl) => ({
  name: "REST",
  call: async (operation, input, apiKey) => {
    const { method, path, body, headers } = requestOf(operation, input);
    const response = await fetch(`${baseUrl}/api/v1${path}`, {
      method,
      headers: {
        ...(apiKey !== undefined && { "X-API-Key": apiKey }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    return {
      status: response.status,
      body: await readBody(response),
      retryAfter: response.headers.get("retry-after"),
      requestId: response.headers.get("x-request-id"),
    };
  },
});

/** The request that carries an input, right or wrong, where the operation's route says. */
function requestOf(operation: Operation, { if_version, ...input }: Input): Request {
  if (operation === "deletionJob.preview")
    return requestOf("deletionJob.create", { ...input, dry_run: true });
  if (operation === "chat.previewTrash") return requestOf("chat.trashMatching", { ...input, dry_run: true });
  const route = operations.find(({ name }) => name === operation)?.rest;
  if (!route) throw new TypeError(`REST has no ${operation}`);
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(input[name])));
  const others = Object.entries(input).filter(([name]) => !route.path.includes(`{${name}}`));
  const body = Object.fromEntries(others);
  const method = route.method.toUpperCase();
  const headers = if_version === undefined ? {} : { headers: { "If-Match": `"${if_version}"` } };
  if (route.places.body) return { method, path, body, ...headers };
  return { method, path: method === "POST" ? path : `${path}${query(body)}`, ...headers };
}

/** A call of REST, its path without `/api/v1`. */
type Request = { method: string; path: string; body?: Input; headers?: Record<string, string> };

/** A query string of what an input has, or nothing. */
function query(input: Input): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(input))
    if (value !== undefined) parameters.append(name, String(value));
  return parameters.size === 0 ? "" : `?${parameters}`;
}

/** A document as it is; of a file what `ExportedFile` tells. */
async function readBody(response: Response): Promise<Record<string, unknown>> {
  const disposition = response.headers.get("content-disposition");
  if (disposition === null) return asRecord(await response.json());
  const encodedName = /filename\*=UTF-8''(\S+)$/.exec(disposition)?.[1] ?? "";
  const contentType = response.headers.get("content-type");
  const isText = contentType !== "application/zip";
  const bytes = Buffer.from(await response.arrayBuffer());
  return exportedFile({
    filename: decodeURIComponent(encodedName),
    content_type: contentType,
    version: Number(response.headers.get("etag")?.replaceAll('"', "")) || null,
    text: isText ? bytes.toString() : "",
    base64: isText ? "" : bytes.toString("base64"),
  });
}
