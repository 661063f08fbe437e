import { createMessage } from "@lethe/core";
import { retryAfter } from "../errors/error-table.ts";
import { toFailure } from "../errors/to-failure.ts";
import type { Services } from "../services.ts";
import { parseFrame } from "./parse-frame.ts";
import { type Peer, sendFrame } from "./peer.ts";

/**
 * Does what a client's frame asks for. The sender hears of its message as everybody on the chat does,
 * through the event feed; it hears of a failure alone, in an `error` frame. Never rejects.
 */
export async function handleFrame(services: Services, peer: Peer, text: string): Promise<void> {
  try {
    await peer.caller.spend();
    await doAsAsked(services, peer, text);
  } catch (error) {
    const failure = toFailure(error);
    if (failure.code === "INTERNAL_SERVER_ERROR" || failure.code === "SERVICE_UNAVAILABLE") {
      services.readiness.note(error);
      services.log.error({ err: error, connection: peer.connectionId }, "A frame could not be handled");
    }
    sendError(peer, failure.reason, failure.message, retryAfter(failure));
  }
}

async function doAsAsked(services: Services, peer: Peer, text: string): Promise<void> {
  const parsed = parseFrame(text);
  if ("fault" in parsed) return sendError(peer, "invalid_request", parsed.fault);
  if (!peer.caller.mayWrite)
    return sendError(peer, "missing_scope", "This API key may not write: it lacks the scope chats:write.");
  const { author, body } = parsed.frame;
  await createMessage(peer.caller.context, { chatId: peer.chatId, author, body });
  services.feed.wake();
}

/** Tells a peer, and it alone, what was wrong with its frame. Its socket stays open. */
export function sendError(peer: Peer, code: string, message: string, seconds?: number): void {
  sendFrame(peer, { type: "error", code, message, ...(seconds !== undefined && { retry_after: seconds }) });
}
