import { createSession, demoTenantId, hasPeople, LetheError, type Principal } from "@lethe/core";
import type { Context } from "hono";
import { readSessionTokens, senderOf, writeSessionCookie } from "../auth/authenticate.ts";
import { requireSameOrigin } from "../auth/origin.ts";
import { clientOf } from "../http/client.ts";
import type { ApiApp, ApiEnv } from "../http/env.ts";
import { refuseConditions } from "../http/preconditions.ts";
import { readInput } from "../http/read-body.ts";
import { requireStrict, strictQuery, withoutBody } from "../http/strict-names.ts";
import { consumeCall } from "../rate/consume-call.ts";
import { createSessionSchema } from "../schemas/index.ts";
import type { Services } from "../services.ts";

const path = "/api/session";
const bodySize = 4_096;

/** Throws FORBIDDEN (key_sign_in_off) where API keys are for programs alone. The demo's opens the demo always. */
async function requireKeySignIn({ db, signIn, demo }: Services, principal: Principal): Promise<void> {
  if (signIn.byKey === "on" || (demo && principal.tenantId === demoTenantId)) return;
  if (signIn.byKey === "until_people" && !(await hasPeople(db))) return;
  throw new LetheError(
    "FORBIDDEN",
    "key_sign_in_off",
    "API keys are for programs here: sign in with your own account. An operator may allow it by LETHE_KEY_SIGN_IN=on",
  );
}

/** Signing browsers in and out: an API key becomes a cookie that no script can read. */
export function mountSession(app: ApiApp, services: Services): void {
  const { db, authenticator } = services;
  requireStrict(createSessionSchema, "The body of a sign-in");
  app.post(path, strictQuery([]), async (c) => {
    // A foreign page must not sign its visitors in as somebody else. Programs send no Origin.
    if (c.req.header("origin") !== undefined) requireSameOrigin(services, c.req.raw.headers, c.env);
    const input = await readInput(c, createSessionSchema, bodySize);
    const principal = await authenticator.apiKey(input.api_key, senderOf(services, c.req.raw.headers, c.env));
    await consumeCall(services, principal, (rateLimitStatus) => c.set("rateLimitStatus", rateLimitStatus));
    await requireKeySignIn(services, principal);
    refuseConditions(c);
    const { token, ttlMs } = await createSession(db, principal);
    return withCookie(c, token, Math.floor(ttlMs / 1_000));
  });

  app.delete(path, strictQuery([]), withoutBody, async (c) => {
    const tokens = readSessionTokens(c.req.header("cookie"));
    if (tokens.length > 0) requireSameOrigin(services, c.req.raw.headers, c.env);
    const sender = senderOf(services, c.req.raw.headers, c.env);
    refuseConditions(c);
    for (const token of tokens) await authenticator.deleteSession(token, sender);
    return withCookie(c, "", 0);
  });

  function withCookie(c: Context<ApiEnv>, token: string, maxAge: number) {
    const secure = clientOf(services, c.req.raw.headers, c.env.incoming?.socket).scheme === "https";
    for (const cookie of writeSessionCookie(token, { secure, maxAge }))
      c.header("Set-Cookie", cookie, { append: true });
    return c.body(null, 204);
  }
}
