import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { Webhook } from "standardwebhooks";
import { faultOfUrl, type WebhookPolicy } from "./check-webhook-url.ts";
import { lookupPublic, NameRefused } from "./lookup-public.ts";
import type { WebhookPayload } from "./webhook.ts";

/** What of an answer's body is read so that the connection ends in good order: bytes, and milliseconds. */
const readAtMost = { size: 64 * 1_024, ms: 1_000 };

export type SendWebhook = {
  url: string;
  /** The `webhook-id`: the same for every attempt. */
  id: string;
  payload: WebhookPayload;
  /** Each signs; the receiver needs to know one of them. */
  secrets: readonly string[];
  policy: WebhookPolicy;
  timeoutMs: number;
  /** Aborted when the process stops. */
  signal: AbortSignal;
};

/** How an attempt ended. `cut_off`: the process stops, and nobody knows whether it arrived. */
export type SendOutcome =
  | { result: "delivered"; status: number }
  | { result: "failed"; status: number | null; error: string }
  | { result: "cut_off" };

/**
 * Sends a webhook once, signed (Standard Webhooks), and says how that went. Never throws. Any 2xx is a
 * success; a redirect is not followed, because it could lead anywhere.
 */
export async function sendWebhook(send: SendWebhook): Promise<SendOutcome> {
  const { url, policy, timeoutMs, signal } = send;
  const fault = faultOfUrl(url, policy);
  if (fault !== null) return { result: "failed", status: null, error: fault };
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const status = await post(send, AbortSignal.any([timeout, signal]));
    if (status >= 200 && status < 300) return { result: "delivered", status };
    const note = status >= 300 && status < 400 ? "; redirects are not followed" : "";
    return { result: "failed", status, error: `It answered ${status}${note}` };
  } catch (error) {
    if (signal.aborted) return { result: "cut_off" };
    if (timeout.aborted)
      return { result: "failed", status: null, error: `No answer within ${timeoutMs / 1_000} seconds` };
    return { result: "failed", status: null, error: wordsFor(error) };
  }
}

/** Answers the status. The body is nobody's business, and could say anything. */
function post(
  { url: text, id, payload, secrets, policy }: SendWebhook,
  signal: AbortSignal,
): Promise<number> {
  const url = new URL(text);
  const body = JSON.stringify(payload);
  const at = new Date();
  const request = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sending = request(
      url,
      {
        method: "POST",
        // A connection of its own, to an address that was judged for it.
        agent: false,
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
      },
      (answer) => {
        const status = answer.statusCode ?? 0;
        // The attempt lasts until the connection is done with, so that none are left behind.
        sending.off("error", reject);
        sending.on("error", () => resolve(status));
        answer.on("close", () => resolve(status));
        readALittle(answer);
      },
    );
    sending.on("error", reject);
    sending.end(body);
  });
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

const words: Record<string, string> = {
  ECONNREFUSED: "The connection was refused",
  ECONNRESET: "The connection was cut off",
  EHOSTUNREACH: "The host cannot be reached",
  ENETUNREACH: "The host cannot be reached",
  ENOTFOUND: "The host name is not known",
  EAI_AGAIN: "The host name could not be looked up",
};

/** Our own words: what a receiver or its certificate says is not quoted. */
function wordsFor(error: unknown): string {
  if (error instanceof NameRefused) return error.message;
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  return words[code] ?? `The connection failed (${code.slice(0, 60)})`;
}
