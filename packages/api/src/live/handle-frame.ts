import { createMessage } from "@lethe/core";
import { retryAfter } from "../errors/failure.ts";
import { fromZodError, RefusedInput } from "../errors/refused-input.ts";
import { toFailure } from "../errors/to-failure.ts";
import { checkJson } from "../http/json-text.ts";
import { requireStrict } from "../http/strict-names.ts";
import { type ClientFrame, clientFrameSchema } from "../schemas/index.ts";
import type { Services } from "../services.ts";
import { type Connection, closeConnection, sendFrame } from "./connection.ts";
import { closeCodes, liveLimits } from "./live-limits.ts";

/** What came in one frame; null for what was binary. */
export type Frame = { text: string | null };

/**
 * Does what a client's frame asks for. The sender hears of its message as everybody on the chat does,
 * through the event feed; it hears of a failure alone, in an `error` frame. Never rejects.
 */
export async function handleFrame(
  services: Services,
  connection: Connection,
  { text }: Frame,
): Promise<void> {
  try {
    await countFrame(connection);
    if (text === null)
      sendError(connection, "invalid_request", "Send JSON in a text frame, not a binary one.");
    else await doAsAsked(services, connection, text);
  } catch (error) {
    const failure = toFailure(error);
    if (failure.code === "INTERNAL_SERVER_ERROR" || failure.code === "SERVICE_UNAVAILABLE") {
      services.readiness.note(error);
      services.log.error({ err: error, connection: connection.connectionId }, "A frame could not be handled");
    }
    sendError(connection, failure.reason, failure.message, retryAfter(failure));
  }
}

/**
 * Counts a ping, or a pong that nobody has asked for, and then does `answer`. It does not stand behind the messages
 * of its peer, so that a client does not take a server for dead that is busy with them; and one over the limit is
 * answered too, because a client that only listens has to keep its socket. Never rejects.
 */
export async function handleControl(connection: Connection, answer: () => void = () => {}): Promise<void> {
  if (connection.closingSince !== null) return;
  if (connection.controls >= liveLimits.pendingFrames) return closeForFlood(connection);
  connection.controls += 1;
  await countFrame(connection).catch(() => {});
  connection.controls -= 1;
  if (connection.closingSince === null) answer();
}

/** Comes before anything else that is done with a frame. Rejects (rate_limited) for one over the limit. */
async function countFrame(connection: Connection): Promise<void> {
  try {
    await connection.caller.consume();
    connection.refused = 0;
  } catch (error) {
    connection.refused += 1;
    if (connection.refused > liveLimits.refusedFrames) closeForFlood(connection);
    throw error;
  }
}

/** To answer every frame of a client that does not listen would cost as much as to do what it wants. */
function closeForFlood(connection: Connection): void {
  closeConnection(
    connection,
    closeCodes.policyViolation,
    "Too many frames beyond the rate limit: wait, then connect again",
  );
}

async function doAsAsked(services: Services, connection: Connection, text: string): Promise<void> {
  const parsed = parseFrame(text);
  if ("fault" in parsed) return sendError(connection, "invalid_request", parsed.fault);
  if (!connection.caller.mayWrite)
    return sendError(
      connection,
      "missing_scope",
      "You may not write here: it takes the scope chats:write, which your key, token or role lacks.",
    );
  const { author, body } = parsed.frame;
  await createMessage(connection.caller.context, { chatId: connection.chatId, author, body });
  services.feed.wake();
}

/** Tells a peer, and it alone, what was wrong with its frame. Its socket stays open. */
function sendError(connection: Connection, code: string, message: string, seconds?: number): void {
  sendFrame(connection, {
    type: "error",
    code,
    message,
    ...(seconds !== undefined && { retry_after: seconds }),
  });
}

requireStrict(clientFrameSchema, "A frame");

type ParsedFrame = { frame: ClientFrame } | { fault: string };

/** Reads a client's text frame; `fault` says what is wrong with it and what to send instead. */
function parseFrame(text: string): ParsedFrame {
  let json: unknown;
  try {
    checkJson(text, "frame");
    json = JSON.parse(text);
  } catch (error) {
    if (error instanceof RefusedInput) return { fault: error.message };
    return { fault: "The frame is not JSON. Send a JSON object in a text frame." };
  }
  const parsed = clientFrameSchema.safeParse(json);
  if (parsed.success) return { frame: parsed.data };
  return { fault: fromZodError(parsed.error).message };
}
