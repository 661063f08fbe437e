import { randomBytes } from "node:crypto";
import { type Claim, type Context, claimKey, createApiKey } from "../src/index.ts";

/** A key that nobody has used, with the fingerprint of a request. */
export async function newKey(ctx: Context) {
  const { id } = await createApiKey(ctx.db, { tenantId: ctx.tenantId, name: "retries" });
  const bytes = () => new Uint8Array(randomBytes(32));
  return { tenantId: ctx.tenantId, apiKeyId: id, keyHash: bytes(), fingerprint: bytes() };
}

/** The context of the attempt that a claim allows. */
export function attemptOf(ctx: Context, claim: Claim): Context {
  if (claim.state !== "claimed") throw new Error(`The key was ${claim.state}`);
  return { ...ctx, once: claim.once };
}

/** The same caller, working under a new key. */
export async function underAKey(ctx: Context): Promise<Context> {
  return attemptOf(ctx, await claimKey(ctx.db, await newKey(ctx)));
}
