import { claimKey, LetheError } from "@lethe/core";
import type { Context } from "hono";
import { answerError } from "../http/answer-unrouted.ts";
import type { ApiEnv } from "../http/env.ts";
import { readBody, restBodySize } from "../http/read-body.ts";
import type { Call } from "../operations/admit.ts";
import { secretsOf } from "./secrets.ts";
import { replayResponse, storeResponse } from "./stored-response.ts";

const repeatable = new Set(["POST", "DELETE"]);

/** The `Idempotency-Key` of a request that may have one, else undefined. */
export function idempotencyKeyOf(c: Context<ApiEnv>): string | undefined {
  return repeatable.has(c.req.method) ? c.req.header("idempotency-key") : undefined;
}

/**
 * Lets a request under an idempotency key through once, and answers its repetitions as it was answered.
 *
 * @param call of a caller who is let in
 * @param header the key, as it was sent
 * @param answer does it, in the context in which it is done once
 * @throws BAD_REQUEST for a malformed key, UNPROCESSABLE_CONTENT (idempotency_key_reused) for another
 *   request under the same key, CONFLICT (idempotency_key_in_use) while the first is being worked on
 */
export async function runOnce(
  c: Context<ApiEnv>,
  { services, core, principal, mayRead, apiKey }: Omit<Call, "condition">,
  header: string,
  answer: (once: Call["core"]) => Promise<Response>,
): Promise<Response> {
  const { db, log } = services;
  const requestId = c.get("requestId");
  // REST takes keys alone, and what stands for one: of a token its seed.
  const secrets = secretsOf(apiKey ?? principal.token?.seed ?? "");
  const keyHash = secrets.hashKey(readIdempotencyKey(header));
  const body = await readBody(c, restBodySize);
  const { search } = new URL(c.req.url);
  const [ifMatch = "", ifNoneMatch] = [c.req.header("if-match"), c.req.header("if-none-match")];
  // What is not there is no part, so that keys of a version that did not look for it stay good.
  const parts = [c.req.method, c.req.path, search, ifMatch, body];
  const fingerprint = secrets.fingerprint(ifNoneMatch === undefined ? parts : [...parts, ifNoneMatch]);
  const { tenantId, id: apiKeyId } = principal;
  const claim = await claimKey(db, { tenantId, apiKeyId, keyHash, fingerprint });
  if (claim.state === "answered") return replayResponse(core, claim, { secrets, requestId, body, mayRead });

  const once = { ...core, once: claim.once };
  const response = await answer(once).catch((error: unknown) => answerError(c, services, error));
  await storeResponse(once, secrets, response).catch((err: unknown) =>
    log.warn({ request_id: requestId, err }, "An answer could not be kept for its repetitions"),
  );
  return response;
}

const longest = 255;
/** A string of RFC 9651, section 3.3.3: printable ASCII in double quotes, in which \ escapes \ and ". */
const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
/** What many clients send instead: the bare key. */
const bare = /^[\x21\x23-\x2b\x2d-\x7e]+$/;

/**
 * The key in an `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header), quoted or bare, which
 * are the same key.
 *
 * @throws BAD_REQUEST for a header that is no such key
 */
export function readIdempotencyKey(header: string): string {
  const value = header.trim();
  const key = quoted.exec(value)?.[1]?.replaceAll(/\\(["\\])/g, "$1") ?? (bare.test(value) ? value : "");
  if (key.length >= 1 && key.length <= longest) return key;
  throw new LetheError(
    "BAD_REQUEST",
    "invalid_request",
    `Idempotency-Key must be one key of 1 to ${longest} printable ASCII characters, in double quotes or without; send a new UUID for every new request`,
  );
}
