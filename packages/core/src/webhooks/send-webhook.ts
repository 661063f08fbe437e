import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { Webhook } from "standardwebhooks";
import type { WebhookPayload } from "./webhook.ts";
import { lookupPublic, NameRefused, validateUrl, type WebhookPolicy } from "./webhook-url.ts";

/** What of an answer's body is read so that the connection ends in good order: bytes, and milliseconds. */
const readAtMost = { size: 64 * 1_024, ms: 1_000 };
/** The longest time that a receiver may ask for with Retry-After; milliseconds. */
const longestRetryAfterMs = 24 * 60 * 60 * 1_000;

/** Connections to receivers, which are kept open for a while to be used again. */
export type Connections = { http: HttpAgent; https: HttpsAgent; close(): void };

export function createConnections(): Connections {
  // Milliseconds that a connection is kept which nothing is sent over, and so many of them to one host.
  const options = { keepAlive: true, timeout: 5_000, maxFreeSockets: 64 };
  const [http, https] = [new HttpAgent(options), new HttpsAgent(options)];
  return {
    http,
    https,
    close: () => {
      http.destroy();
      https.destroy();
    },
  };
}

export type SendWebhook = {
  url: string;
  /** The `webhook-id`: the same for every attempt. */
  id: string;
  payload: WebhookPayload;
  /** Each signs; the receiver needs to know one of them. */
  secrets: readonly string[];
  policy: WebhookPolicy;
  timeoutMs: number;
  /** The time of the database, with which it is signed: receivers refuse what is minutes off. */
  clock: () => Date;
  /** Aborted when the process stops. */
  signal: AbortSignal;
  /** Where the connection comes from; default: one of its own. */
  connections?: Connections;
};

/** How an attempt ended. `cut_off`: the process stops, and nobody knows whether it arrived. */
export type SendOutcome =
  | { result: "delivered"; status: number }
  | {
      result: "failed";
      status: number | null;
      error: string;
      /** The receiver has asked for so much time. */
      retryAfterMs?: number;
    }
  | { result: "cut_off" };

/**
 * Sends a webhook once, signed (Standard Webhooks), and says how that went. Never throws. Any 2xx is a
 * success; a redirect is not followed, because it could lead anywhere.
 */
export async function sendWebhook(send: SendWebhook): Promise<SendOutcome> {
  const { url, policy, timeoutMs, signal } = send;
  const fault = validateUrl(url, policy);
  if (fault !== null) return { result: "failed", status: null, error: fault };
  try {
    const { status, retryAfterMs } = await post(send);
    if (status >= 200 && status < 300) return { result: "delivered", status };
    const note = status >= 300 && status < 400 ? "; redirects are not followed" : "";
    return {
      result: "failed",
      status,
      error: `It answered ${status}${note}`,
      ...(retryAfterMs && { retryAfterMs }),
    };
  } catch (error) {
    if (signal.aborted) return { result: "cut_off" };
    if (error instanceof TimedOut)
      return { result: "failed", status: null, error: `No answer within ${timeoutMs / 1_000} seconds` };
    return { result: "failed", status: null, error: errorMessage(error) };
  }
}

class TimedOut extends Error {
  override readonly name = "TimedOut";
}

type Answer = { status: number; retryAfterMs: number | undefined };

/** Answers what matters of the answer. The body is nobody's business, and could say anything. */
async function post(send: SendWebhook): Promise<Answer> {
  const end = performance.now() + send.timeoutMs;
  const { answer, reused } = request(send, send.timeoutMs);
  try {
    return await answer;
  } catch (error) {
    // The receiver has closed a connection that was kept open, just when it was used again.
    if (!reused() || error instanceof TimedOut || send.signal.aborted) throw error;
    const { connections: _, ...alone } = send;
    return request(alone, Math.max(end - performance.now(), 1)).answer;
  }
}

function request(
  { url: text, id, payload, secrets, policy, clock, signal, connections }: SendWebhook,
  ms: number,
) {
  const url = new URL(text);
  const body = JSON.stringify(payload);
  const at = clock();
  const secure = url.protocol === "https:";
  const sending = (secure ? httpsRequest : httpRequest)(url, {
    method: "POST",
    agent: connections === undefined ? false : secure ? connections.https : connections.http,
    // Each connection that is opened goes to an address that was judged for it; one that is used again has done.
    ...(!policy.allowPrivate && { lookup: lookupPublic }),
    signal,
    headers: {
      "Content-Type": "application/json",
      "Content-Length": Buffer.byteLength(body),
      "User-Agent": "Lethe-Webhooks",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
      "webhook-signature": secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(" "),
    },
  });
  let answered = false;
  const answer = new Promise<Answer>((resolve, reject) => {
    const timer = setTimeout(() => sending.destroy(new TimedOut()), ms);
    sending.on("close", () => clearTimeout(timer));
    sending.on("error", reject);
    sending.on("response", (response) => {
      answered = true;
      sending.off("error", reject);
      const told = { status: response.statusCode ?? 0, retryAfterMs: retryAfter(response, clock) };
      // The attempt lasts until the connection is done with, so that none are left behind.
      sending.on("error", () => resolve(told));
      response.on("close", () => resolve(told));
      readALittle(response);
    });
  });
  sending.end(body);
  return { answer, reused: () => sending.reusedSocket && !answered };
}

/** The time that a receiver asks for (RFC 9110, section 10.2.3), in seconds or as a date. */
function retryAfter({ headers }: IncomingMessage, clock: () => Date): number | undefined {
  const text = headers["retry-after"] ?? "";
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - clock().getTime();
  return ms > 0 ? Math.min(ms, longestRetryAfterMs) : undefined;
}

function readALittle(answer: IncomingMessage): void {
  let size = 0;
  const timer = setTimeout(() => answer.destroy(), readAtMost.ms);
  answer.on("close", () => clearTimeout(timer));
  answer.on("error", () => {});
  answer.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > readAtMost.size) answer.destroy();
  });
}

const messages: Record<string, string> = {
  ECONNREFUSED: "The connection was refused",
  ECONNRESET: "The connection was cut off",
  EHOSTUNREACH: "The host cannot be reached",
  ENETUNREACH: "The host cannot be reached",
  ENOTFOUND: "The host name is not known",
  EAI_AGAIN: "The host name could not be looked up",
};

/** Our own words: what a receiver or its certificate says is not quoted. */
function errorMessage(error: unknown): string {
  if (error instanceof NameRefused) return error.message;
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  return messages[code] ?? `The connection failed (${code.slice(0, 60)})`;
}
