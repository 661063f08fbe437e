import { createSession } from "@lethe/core";
import { requireSameOrigin } from "../auth/origin.ts";
import { readSessionToken, writeSessionCookie } from "../auth/session-cookie.ts";
import { fromZodError } from "../errors/from-zod-error.ts";
import { problemResponse } from "../errors/problem.ts";
import type { ApiApp } from "../http/env.ts";
import { limitBody } from "../http/limit-body.ts";
import { readJson } from "../http/read-json.ts";
import { spendCall } from "../rate/spend-call.ts";
import { createSessionSchema } from "../schemas/index.ts";
import type { Services } from "../services.ts";

const path = "/api/session";
const bodySize = 4_096;

/** Signing browsers in and out: an API key becomes a cookie that no script can read. */
export function mountSession(app: ApiApp, services: Services): void {
  const { db, authenticator } = services;
  app.post(path, limitBody(bodySize), async (c) => {
    const origin = c.req.header("origin");
    // A foreign page must not sign its visitors in as somebody else. Programs send no Origin.
    if (origin !== undefined) requireSameOrigin(c.req.raw.headers);
    const input = createSessionSchema.safeParse(await readJson(c));
    if (!input.success) return problemResponse(fromZodError(input.error), c.get("requestId"));
    const principal = await authenticator.apiKey(input.data.api_key);
    await spendCall(services, principal, (standing) => c.set("standing", standing));
    const { token, expiresAt } = await createSession(db, principal);
    const secure = origin?.startsWith("https:") ?? false;
    return c.body(null, 204, { "Set-Cookie": writeSessionCookie(token, { secure, expires: expiresAt }) });
  });

  app.delete(path, async (c) => {
    const token = readSessionToken(c.req.header("cookie"));
    if (token) {
      requireSameOrigin(c.req.raw.headers);
      await authenticator.deleteSession(token);
    }
    const secure = c.req.header("origin")?.startsWith("https:") ?? false;
    return c.body(null, 204, { "Set-Cookie": writeSessionCookie("", { secure, expires: new Date(0) }) });
  });
}
