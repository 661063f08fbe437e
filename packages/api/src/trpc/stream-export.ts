import { type ChatFile, type Context, exportChat, type Principal } from "@lethe/core";
import { confirmCredentials } from "../auth/confirm-credentials.ts";
import { takePlace } from "../exports/begin-export.ts";
import { handOver } from "../exports/hand-over.ts";
import { cutConnection } from "../http/host.ts";
import type { ExportFormat, ExportFrame } from "../schemas/index.ts";
import type { TrpcContext } from "./context.ts";
import { toTrpcError } from "./error-data.ts";

type StreamExport = { chat_id: string; format: ExportFormat; signal: AbortSignal | undefined };

/** An export as frames. Throws what `exportChat` and `takePlace` throw; what breaks it off later comes in the stream. */
export async function streamExport(
  ctx: TrpcContext & { core: Context; principal: Principal },
  { chat_id, format, signal }: StreamExport,
): Promise<AsyncGenerator<ExportFrame, void, undefined>> {
  const { services, principal: holder, host } = ctx;
  const file = await exportChat(ctx.core, { chatId: chat_id, format, signal });
  const leave = await takePlace({ bound: services.bounds.exports, holder, signal, host });
  return framesOf(ctx, file, leave);
}

async function* framesOf(
  { services, headers, host }: TrpcContext,
  file: ChatFile,
  leave: () => void,
): AsyncGenerator<ExportFrame, void, undefined> {
  const { exportId: export_id, filename, contentType: content_type, version } = file;
  const chunks = handOver(file.chunks, {
    confirm: () => confirmCredentials(services.authenticator, headers, "chats:read"),
    drop: () => cutConnection(host),
  });
  try {
    yield { type: "start", export_id, filename, content_type, version };
    for (;;) {
      const next = await chunks.next();
      if (next.done) return yield { type: "end", ...next.value };
      yield { type: "chunk", text: next.value };
    }
  } catch (error) {
    throw toTrpcError(error);
  } finally {
    leave();
  }
}
