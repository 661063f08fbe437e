import {
  acceptInvitation,
  endPersonSessions,
  findSignedIn,
  LetheError,
  listPersonSessions,
  readInvitation,
  readPasswordReset,
  resetPassword,
  roleScopes,
  type SignedIn,
  setUp,
  switchTenant,
} from "@lethe/core";
import type { Context, MiddlewareHandler } from "hono";
import { z } from "zod";
import { authenticate, readSessionTokens, senderOf } from "../auth/authenticate.ts";
import { openBySecret } from "../auth/open-by-secret.ts";
import { requireSameOrigin } from "../auth/origin.ts";
import { RefusedInput } from "../errors/refused-input.ts";
import type { ApiApp, ApiEnv } from "../http/env.ts";
import { refuseConditions } from "../http/preconditions.ts";
import { readInput } from "../http/read-body.ts";
import { requireStrict, strictQuery, withoutBody } from "../http/strict-names.ts";
import { timeText } from "../present.ts";
import { consumeCall } from "../rate/consume-call.ts";
import {
  acceptInvitationSchema,
  forgottenSchema,
  type openInvitationSchema,
  type openPasswordResetSchema,
  type ownSessionListSchema,
  readInvitationSchema,
  readPasswordResetSchema,
  resetPasswordSchema,
  setUpSchema,
  switchTenantSchema,
} from "../schemas/index.ts";
import type { Services } from "../services.ts";
import { mailPasswordReset } from "./letters.ts";

const bodySize = 4_096;

/**
 * What people ask about themselves, whichever tenant they look at: who they are, their sessions, the tenants that they
 * belong to, an invitation, a new password. It is no operation of a tenant and takes no scope: it is theirs by their cookie, or by the
 * secret that somebody gave them. Only pages of this host change anything.
 */
export function mountPeople(app: ApiApp, services: Services): void {
  const { db, authenticator } = services;
  const sameOrigin: MiddlewareHandler<ApiEnv> = async (c, next) => {
    requireSameOrigin(services, c.req.raw.headers, c.env);
    refuseConditions(c);
    await next();
  };
  const person = async (c: Context<ApiEnv>): Promise<SignedIn & { cookie: string }> => {
    const [cookie] = readSessionTokens(c.req.header("cookie"));
    if (cookie === undefined) throw new LetheError("UNAUTHORIZED", "missing_credentials", "Sign in first");
    const signedIn = await findSignedIn(db, { cookie });
    await consumeCall(services, { holderId: signedIn.personId, role: "viewer" }, (status) =>
      c.set("rateLimitStatus", status),
    );
    return { ...signedIn, cookie };
  };
  const read = <Schema extends z.ZodType>(c: Context<ApiEnv>, schema: Schema) =>
    readInput(c, schema, bodySize);
  const counted = <Opened>(c: Context<ApiEnv>, secret: string, open: () => Promise<Opened>) =>
    openBySecret(c, services, { secret, open });
  for (const schema of [
    ...[switchTenantSchema, readInvitationSchema, acceptInvitationSchema, setUpSchema],
    ...[readPasswordResetSchema, resetPasswordSchema, forgottenSchema],
  ])
    requireStrict(schema, "An input of people");

  app.get("/api/session", strictQuery([]), async (c) => {
    const [cookie] = readSessionTokens(c.req.header("cookie"));
    if (cookie === undefined) throw new LetheError("UNAUTHORIZED", "missing_credentials", "Sign in first");
    const signedIn = await findSignedIn(db, { cookie }).catch(() => null);
    if (signedIn !== null) return c.json(presentSignedIn(signedIn));
    const sender = senderOf(services, c.req.raw.headers, c.env);
    const { kind, name, tenantId, scopes } = await authenticate(authenticator, c.req.raw.headers, sender);
    const { name: tenant } = await db.tenant.findFirstOrThrow({
      where: { tenantId },
      select: { name: true },
    });
    return c.json({ kind, name, tenant: { id: tenantId, name: tenant, role: null }, scopes });
  });

  app.put("/api/session/tenant", strictQuery([]), sameOrigin, async (c) => {
    const { sessionId, personId, cookie } = await person(c);
    const { tenant_id: tenantId } = await read(c, switchTenantSchema);
    await switchTenant(db, { sessionId, personId, tenantId });
    authenticator.renewSession(cookie);
    return c.body(null, 204);
  });

  app.get("/api/sessions", strictQuery([]), async (c) => {
    const { personId, sessionId } = await person(c);
    const sessions = await listPersonSessions(db, { personId });
    return c.json<z.input<typeof ownSessionListSchema>>({
      data: sessions.map(({ id, createdAt, lastUsedAt, expiresAt, ipAddress, userAgent }) => ({
        id,
        current: id === sessionId,
        created_at: timeText(createdAt),
        last_used_at: timeText(lastUsedAt),
        expires_at: timeText(expiresAt),
        address: ipAddress,
        user_agent: userAgent,
      })),
    });
  });

  // Everywhere: all that there are, this one among them.
  app.delete("/api/sessions", strictQuery([]), withoutBody, sameOrigin, async (c) => {
    const { personId, cookie } = await person(c);
    await endPersonSessions(db, { personId });
    await authenticator.deleteSession(cookie);
    return c.body(null, 204);
  });

  app.delete("/api/sessions/:id", strictQuery([]), withoutBody, sameOrigin, async (c) => {
    const { personId } = await person(c);
    const id = z.guid().safeParse(c.req.param("id"));
    if (!id.success) throw new LetheError("NOT_FOUND", "not_found", "You have no such session");
    await endPersonSessions(db, { personId, id: id.data.toLowerCase() });
    return c.body(null, 204);
  });

  app.post("/api/invitation/read", strictQuery([]), sameOrigin, async (c) => {
    const { token } = await read(c, readInvitationSchema);
    const invitation = await counted(c, token, () => readInvitation(db, { token }));
    const { tenantName, email, role, hasAccount } = invitation;
    return c.json<z.input<typeof openInvitationSchema>>({
      tenant_name: tenantName,
      email,
      role,
      has_account: hasAccount,
    });
  });

  app.post("/api/invitation/accept", strictQuery([]), sameOrigin, async (c) => {
    const { token, name, password } = await read(c, acceptInvitationSchema);
    if (name !== undefined && password !== undefined) {
      const by = { name, password };
      const { tenantId } = await counted(c, token, () => acceptInvitation(db, { token, by }));
      return c.json({ tenant_id: tenantId }, 201);
    }
    if (name !== undefined || password !== undefined)
      throw new RefusedInput([{ field: "body", message: "Give name and password together, or neither" }]);
    const { personId, sessionId, cookie } = await person(c);
    const { tenantId } = await counted(c, token, () => acceptInvitation(db, { token, by: { personId } }));
    await switchTenant(db, { sessionId, personId, tenantId });
    authenticator.renewSession(cookie);
    return c.json({ tenant_id: tenantId }, 201);
  });

  // Says the same of every address, as soon as it was asked; what it takes to send a letter is not seen.
  app.post("/api/password/forgotten", strictQuery([]), sameOrigin, async (c) => {
    const { email } = await read(c, forgottenSchema);
    const { mailer } = services;
    if (mailer === null)
      throw new LetheError(
        "NOT_FOUND",
        "not_found",
        "This Lethe sends no mail. Ask whoever runs it for a link",
      );
    const sender = senderOf(services, c.req.raw.headers, c.env);
    // It counts as a guess: nobody asks for addresses without end.
    await authenticator.attempt({ text: email, name: `forgotten ${email}`, sender }, async () => null);
    void mailPasswordReset(services, mailer, { email });
    return c.body(null, 202);
  });

  app.post("/api/password/read", strictQuery([]), sameOrigin, async (c) => {
    const { token } = await read(c, readPasswordResetSchema);
    const { email, name } = await counted(c, token, () => readPasswordReset(db, { token }));
    return c.json<z.input<typeof openPasswordResetSchema>>({ email, name });
  });

  app.post("/api/password/reset", strictQuery([]), sameOrigin, async (c) => {
    const { token, password } = await read(c, resetPasswordSchema);
    await counted(c, token, async () => {
      await resetPassword(db, { token, password });
      return true;
    });
    for (const cookie of readSessionTokens(c.req.header("cookie"))) authenticator.renewSession(cookie);
    return c.body(null, 204);
  });

  app.post("/api/set-up", strictQuery([]), sameOrigin, async (c) => {
    const { code, tenant_name: tenantName, ...person } = await read(c, setUpSchema);
    const { tenantId } = await counted(c, code, () => setUp(db, { code, tenantName, ...person }));
    return c.json({ tenant_id: tenantId }, 201);
  });
}

function presentSignedIn({ name, email, hasSecondFactor, tenantId, memberships, sessionId }: SignedIn) {
  const tenant = memberships.find((one) => one.tenantId === tenantId);
  const present = (one: SignedIn["memberships"][number]) => ({
    id: one.tenantId,
    name: one.name,
    role: one.role,
    second_factor_required: one.lacksSecondFactor,
  });
  return {
    kind: "person",
    id: sessionId,
    name,
    email,
    second_factor: hasSecondFactor,
    tenant: tenant ? present(tenant) : null,
    scopes: tenant && !tenant.lacksSecondFactor ? roleScopes[tenant.role] : [],
    tenants: memberships.map(present),
  };
}
