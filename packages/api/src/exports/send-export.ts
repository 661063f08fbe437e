import { exportChat, type SentFile } from "@lethe/core";
import type { Context } from "hono";
import { confirmCredentials } from "../auth/confirm-credentials.ts";
import { errorTable } from "../errors/error-table.ts";
import { toFailure } from "../errors/to-failure.ts";
import type { ApiEnv } from "../http/env.ts";
import { etagOf } from "../http/etag.ts";
import { cutConnection } from "../http/host.ts";
import { meetsConditions } from "../http/preconditions.ts";
import type { Call } from "../operations/admit.ts";
import type { ExportFormat } from "../schemas/index.ts";
import { takePlace } from "./begin-export.ts";
import { attachment } from "./content-disposition.ts";
import { fileBody } from "./file-body.ts";
import { handOver } from "./hand-over.ts";

/** Should somebody's server show the file in place of saving it, it is still only text. */
const contentPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/**
 * An export as a file. Throws what `exportChat` throws, and what `takePlace` throws where the file is to be sent: HEAD and
 * conditions that are not met take no place. What breaks it off later cuts the connection.
 */
export async function sendExport(
  c: Context<ApiEnv>,
  { services, core, principal }: Call,
  { chat_id, format }: { chat_id: string; format: ExportFormat },
): Promise<Response> {
  const { authenticator, log, bounds } = services;
  const { signal } = c.req.raw;
  const file = await exportChat(core, { chatId: chat_id, format, signal });
  const etag = etagOf(file.version);
  // The checksum is of these bytes; nobody on the way is to change them.
  c.set("cacheControl", "no-store, no-transform");
  const headers = {
    "Content-Type": file.contentType,
    "Content-Disposition": attachment(file.filename),
    "Content-Security-Policy": contentPolicy,
    ETag: etag,
  };
  if (c.req.method === "HEAD" || !meetsConditions(c, etag)) return c.body(null, 200, headers);
  const leave = await takePlace({ bound: bounds.exports, holder: principal, signal, host: c.env });
  // They need chunks (RFC 9112, section 7.1.2), which need HTTP/1.1.
  const trailers = c.env.incoming?.httpVersion === "1.1";
  const chunks = handOver(file.chunks, {
    confirm: () => confirmCredentials(authenticator, c.req.raw.headers, "chats:read"),
    drop: () => cutConnection(c.env),
  });
  const body = fileBody(chunks, {
    onSent: (sent) => {
      if (trailers) c.env.outgoing?.addTrailers({ "Repr-Digest": digestOf(sent) });
    },
    onBroken: (error) => {
      if (errorTable[toFailure(error).code].status >= 500 && !signal.aborted)
        log.error({ request_id: c.get("requestId"), err: error }, "export broken off");
      return cutConnection(c.env);
    },
    onEnd: leave,
  });
  return c.body(body, 200, { ...headers, ...(trailers && { Trailer: "Repr-Digest" }) });
}

const digestOf = ({ checksum }: SentFile) => `sha-256=:${Buffer.from(checksum, "hex").toString("base64")}:`;
