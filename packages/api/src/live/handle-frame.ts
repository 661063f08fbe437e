import { createMessage } from "@lethe/core";
import { retryAfter } from "../errors/error-table.ts";
import { toFailure } from "../errors/to-failure.ts";
import type { Services } from "../services.ts";
import { closeCodes, liveLimits } from "./live-limits.ts";
import { parseFrame } from "./parse-frame.ts";
import { dismiss, type Peer, sendFrame } from "./peer.ts";

/** What came in one frame; null for what was binary. */
export type Frame = { text: string | null };

/**
 * Does what a client's frame asks for. The sender hears of its message as everybody on the chat does,
 * through the event feed; it hears of a failure alone, in an `error` frame. Never rejects.
 */
export async function handleFrame(services: Services, peer: Peer, { text }: Frame): Promise<void> {
  try {
    await countFrame(peer);
    if (text === null) sendError(peer, "invalid_request", "Send JSON in a text frame, not a binary one.");
    else await doAsAsked(services, peer, text);
  } catch (error) {
    const failure = toFailure(error);
    if (failure.code === "INTERNAL_SERVER_ERROR" || failure.code === "SERVICE_UNAVAILABLE") {
      services.readiness.note(error);
      services.log.error({ err: error, connection: peer.connectionId }, "A frame could not be handled");
    }
    sendError(peer, failure.reason, failure.message, retryAfter(failure));
  }
}

/**
 * Counts a ping, or a pong that nobody has asked for, and then does `answer`. It does not stand behind the messages
 * of its peer, so that a client does not take a server for dead that is busy with them; and one over the limit is
 * answered too, because a client that only listens has to keep its socket. Never rejects.
 */
export async function handleControl(peer: Peer, answer: () => void = () => {}): Promise<void> {
  if (peer.dismissedAt !== null) return;
  if (peer.controls >= liveLimits.pendingFrames) return dismissForFlood(peer);
  peer.controls += 1;
  await countFrame(peer).catch(() => {});
  peer.controls -= 1;
  if (peer.dismissedAt === null) answer();
}

/** Comes before anything else that is done with a frame. Rejects (rate_limited) for one over the limit. */
async function countFrame(peer: Peer): Promise<void> {
  try {
    await peer.caller.spend();
    peer.refused = 0;
  } catch (error) {
    peer.refused += 1;
    if (peer.refused > liveLimits.refusedFrames) dismissForFlood(peer);
    throw error;
  }
}

/** To answer every frame of a client that does not listen would cost as much as to do what it wants. */
function dismissForFlood(peer: Peer): void {
  dismiss(
    peer,
    closeCodes.policyViolation,
    "Too many frames beyond the rate limit: wait, then connect again",
  );
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
function sendError(peer: Peer, code: string, message: string, seconds?: number): void {
  sendFrame(peer, { type: "error", code, message, ...(seconds !== undefined && { retry_after: seconds }) });
}
