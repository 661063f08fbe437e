import { createHash, hkdfSync } from "node:crypto";
import { claimCode, firstTenant, hashPassword, isInvited, limits, verifyPassword } from "@lethe/core";
import { z } from "zod";
import type { Provider, Services } from "../services.ts";

/** A browser's scheme: over https cookies are bound to it. */
export type Scheme = "http" | "https";

/** Under this id better-auth keeps who somebody is at the provider. There is one. */
export const providerId = "oidc";

/** What answers better-auth's paths. Its cookies and its tables are ours. */
export type SignIn = (request: Request) => Promise<Response>;

/** Where better-auth thinks it is. */
export const authPath = "/api/auth";
/** Where the provider sends people back to. */
export const callbackPath = `${authPath}/callback/${providerId}`;
/** The header in which it finds the client's address, and no other. */
const addressHeader = "x-lethe-client-address";
const sessionSeconds = 7 * 24 * 3_600;

/**
 * better-auth over our tables, for browsers of one scheme. It knows passwords, sessions and second factors; who belongs
 * where, and who may do what, it does not (docs/adr/0040-people.md). It is loaded here, when somebody signs in.
 *
 * @param secret signs its cookies and seals second factors
 * @param provider asked when the first of its people comes; null: nobody comes from elsewhere
 */
export async function createSignIn(
  { db, log }: Pick<Services, "db" | "log">,
  { scheme, secret, provider }: { scheme: Scheme; secret: string; provider: Provider | null },
): Promise<SignIn> {
  const [{ betterAuth }, { APIError }, { prismaAdapter }, { twoFactor }] = await Promise.all([
    import("better-auth/minimal"),
    import("better-auth/api"),
    import("better-auth/adapters/prisma"),
    import("better-auth/plugins/two-factor"),
  ]);
  const secure = scheme === "https";
  const auth = betterAuth({
    appName: "Lethe",
    basePath: authPath,
    secret,
    telemetry: { enabled: false },
    // Counted by address and by account, for all processes: see `mountAuth`.
    rateLimit: { enabled: false },
    logger: { level: "warn", log: (level, message) => log.debug({ level }, message) },
    database: prismaAdapter(withHashedTokens(db), { provider: "postgresql" }),
    user: { modelName: "person" },
    account: {
      modelName: "personAccount",
      fields: { userId: "personId" },
      // What a browser is on its way for, it carries along, sealed: asking writes nothing.
      storeStateStrategy: "cookie",
      // An address alone is no proof of being who has an account of it: its person connects the provider, signed in.
      accountLinking: {
        disableImplicitLinking: true,
        allowDifferentEmails: true,
        trustedProviders: [providerId],
      },
    },
    onAPIError: { errorURL: "/sign-in" },
    session: {
      modelName: "personSession",
      fields: { userId: "personId", token: "hash" },
      additionalFields: { tenantId: { type: "string", required: false, input: false } },
      expiresIn: sessionSeconds,
      disableSessionRefresh: true,
      cookieCache: { enabled: false },
    },
    verification: { modelName: "verification", storeIdentifier: "hashed" },
    emailAndPassword: {
      enabled: true,
      // Nobody comes in but by an invitation, the first code or an operator.
      disableSignUp: true,
      minPasswordLength: limits.passwordLength.least,
      maxPasswordLength: limits.passwordLength.most,
      password: { hash: hashPassword, verify: verifyPassword },
    },
    plugins: [
      ...(provider ? [await openIdConnect(provider)] : []),
      twoFactor({
        issuer: "Lethe",
        twoFactorTable: "secondFactor",
        schema: { twoFactor: { fields: { userId: "personId" } } },
      }),
    ],
    databaseHooks: {
      user: {
        create: {
          // Only from a provider: somebody whose address it has proved, and who is invited.
          before: async ({ email, emailVerified, name }) =>
            emailVerified &&
            (await isInvited(db, { email })) && {
              data: { name: name.trim().slice(0, limits.nameLength) || email },
            },
        },
      },
      // Nothing is asked of the provider later, so nothing is kept that could be.
      account: {
        create: { before: async (account) => ({ data: { ...account, ...noTokens } }) },
        update: { before: async (account) => ({ data: { ...account, ...noTokens } }) },
      },
      session: {
        create: {
          before: async (session, context) => {
            const { userId: personId } = session;
            const code = codeOf.safeParse(context).data;
            if (code !== undefined && !(await claimCode(db, { personId, code })))
              throw new APIError("UNAUTHORIZED", { code: "INVALID_CODE", message: "The code was used" });
            return { data: { ...session, tenantId: await firstTenant(db, { personId }) } };
          },
        },
      },
    },
    advanced: {
      database: { generateId: "uuid" },
      // Origins are looked at by `requireSameOrigin`, which knows the proxies in front.
      disableCSRFCheck: true,
      useSecureCookies: false,
      cookiePrefix: secure ? "__Host-lethe" : "lethe",
      cookies: { session_token: { name: secure ? "__Host-lethe_session" : "lethe_session" } },
      defaultCookieAttributes: { secure, sameSite: "lax", httpOnly: true, path: "/" },
      ipAddress: { ipAddressHeaders: [addressHeader] },
    },
  });
  return auth.handler;
}

const noTokens = { accessToken: null, refreshToken: null, idToken: null };

async function openIdConnect({ issuer, clientId, clientSecret, publicUrl }: Provider) {
  const { genericOAuth } = await import("better-auth/plugins/generic-oauth");
  return genericOAuth({
    config: [
      {
        providerId,
        discoveryUrl: `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
        redirectURI: `${publicUrl}${callbackPath}`,
        scopes: ["openid", "email", "profile"],
        pkce: true,
        requireIdTokenVerification: true,
        // Somebody is who they are there: `sub` says it together with the issuer, and with no other. Without a signed token,
        // which better-auth would go on without, they are nobody.
        accountSubject: ({ tokens, profile: { sub } }) =>
          tokens.idToken && typeof sub === "string" && sub !== "" ? `${issuer} ${sub}` : "",
        ...{ clientId, clientSecret },
      },
    ],
  });
}

/** The code of an app for which better-auth is about to make a session: it takes each as often as it comes. */
const codeOf = z
  .object({ path: z.literal("/two-factor/verify-totp"), body: z.object({ code: z.string() }) })
  .transform(({ body }) => body.code);

type Asking = {
  client: { scheme: Scheme; host: string | null | undefined; address: string | null | undefined };
  headers: Headers;
  /** Below `authPath`, with what is asked in the address. */
  path: string;
  /** What is posted; without it is a GET. */
  body?: object;
};

/** A request as better-auth is to see it: what it needs of ours, and nothing else. */
export const toBetterAuth = ({ client, headers, path, body }: Asking): Request =>
  new Request(`${client.scheme}://${client.host}${authPath}${path}`, {
    method: body ? "POST" : "GET",
    headers: {
      "content-type": "application/json",
      "user-agent": (headers.get("user-agent") ?? "").slice(0, 500),
      cookie: headers.get("cookie") ?? "",
      ...(client.address && { [addressHeader]: client.address }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });

/** The database as better-auth sees it: it knows tokens of sessions, and the table has their SHA-256. */
function withHashedTokens(db: Services["db"]) {
  return db.$extends({
    query: {
      personSession: {
        async $allOperations({ args, query }) {
          const tokens = new Map<string, string>();
          hashTokens(args, tokens);
          const found = await query(args);
          putTokensBack(found, tokens);
          return found;
        },
      },
    },
  });
}

/** Puts the hash in the place of each token, and notes which it was of. */
function hashTokens(value: unknown, tokens: Map<string, string>, isToken = false): void {
  if (typeof value !== "object" || value === null || value instanceof Date) return;
  for (const [name, inner] of Object.entries(value)) {
    const isHere = isToken || name === "hash";
    if (isHere && typeof inner === "string") {
      const hash = createHash("sha256").update(inner).digest("hex");
      tokens.set(hash, inner);
      Reflect.set(value, name, hash);
    } else hashTokens(inner, tokens, isHere);
  }
}

/** Of sessions that were asked for by their tokens. What else is found keeps the hash, which opens nothing. */
function putTokensBack(found: unknown, tokens: Map<string, string>): void {
  for (const row of Array.isArray(found) ? found : [found]) {
    if (typeof row !== "object" || row === null) continue;
    const hash: unknown = Reflect.get(row, "hash");
    const token = typeof hash === "string" ? tokens.get(hash) : undefined;
    if (token !== undefined) Reflect.set(row, "hash", token);
  }
}

/**
 * What signs and seals: derived from the operator's own secret, or from what the database was made with. A copy of the
 * database alone is then not enough only in the first case.
 */
export async function readSecret(db: Services["db"], given: string | undefined): Promise<string> {
  const { cursorKey } = await db.feedState.findFirstOrThrow({
    where: { id: 1 },
    select: { cursorKey: true },
  });
  const material = given === undefined ? cursorKey : Buffer.from(given, "utf8");
  return Buffer.from(hkdfSync("sha256", material, cursorKey, "lethe sign-in", 32)).toString("base64url");
}
