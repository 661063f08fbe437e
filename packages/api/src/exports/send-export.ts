import type { SentFile } from "@lethe/core";
import type { Context } from "hono";
import { confirmCredentials } from "../auth/confirm-credentials.ts";
import { errorTable } from "../errors/error-table.ts";
import { toFailure } from "../errors/to-failure.ts";
import type { ApiEnv } from "../http/env.ts";
import { etagOf } from "../http/etag.ts";
import { cutConnection } from "../http/host.ts";
import type { Call } from "../operations/admit.ts";
import type { ExportFormat } from "../schemas/index.ts";
import { beginExport } from "./begin-export.ts";
import { attachment } from "./content-disposition.ts";
import { fileBody } from "./file-body.ts";
import { handOver } from "./hand-over.ts";

/** Should somebody's server show the file in place of saving it, it is still only text. */
const contentPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** An export as a file. Throws what `beginExport` throws; what breaks it off later cuts the connection. */
export async function sendExport(
  c: Context<ApiEnv>,
  { services, core, principal }: Call,
  { chat_id, format }: { chat_id: string; format: ExportFormat },
): Promise<Response> {
  const { authenticator, log, bounds } = services;
  const { file, leave } = await beginExport(core, {
    bound: bounds.exports,
    holder: principal,
    host: c.env,
    chatId: chat_id,
    format,
    signal: c.req.raw.signal,
  });
  const trailers = takesTrailers(c);
  const chunks = handOver(file.chunks, {
    confirm: () => confirmCredentials(authenticator, c.req.raw.headers, "chats:read"),
    drop: () => cutConnection(c.env),
  });
  const body = fileBody(chunks, {
    onSent: (sent) => {
      if (trailers) c.env.outgoing?.addTrailers({ "Repr-Digest": digestOf(sent) });
    },
    onBroken: (error) => {
      if (errorTable[toFailure(error).code].status >= 500 && !c.req.raw.signal.aborted)
        log.error({ request_id: c.get("requestId"), err: error }, "export broken off");
      return cutConnection(c.env);
    },
    onEnd: leave,
  });
  // Nobody reads the body of an answer to HEAD.
  if (c.req.method === "HEAD") leave();
  // The checksum is of these bytes; nobody on the way is to change them.
  c.set("cacheControl", "no-store, no-transform");
  return c.body(body, 200, {
    "Content-Type": file.contentType,
    "Content-Disposition": attachment(file.filename),
    "Content-Security-Policy": contentPolicy,
    ETag: etagOf(file.version),
    ...(trailers && { Trailer: "Repr-Digest" }),
  });
}

/** Trailers need chunks (RFC 9112, section 7.1.2), which need HTTP/1.1 and a body. */
function takesTrailers(c: Context<ApiEnv>): boolean {
  return c.req.method === "GET" && c.env.incoming?.httpVersion === "1.1";
}

const digestOf = ({ checksum }: SentFile) => `sha-256=:${Buffer.from(checksum, "hex").toString("base64")}:`;
