import { disconnectProvider, findSignedIn, isPasswordOf, LetheError, type SignedIn } from "@lethe/core";
import type { Context } from "hono";
import type { z } from "zod";
import { readSessionTokens, senderOf } from "../auth/authenticate.ts";
import { requireSameOrigin } from "../auth/origin.ts";
import { clientOf } from "../http/client.ts";
import type { ApiApp, ApiEnv } from "../http/env.ts";
import { refuseConditions } from "../http/preconditions.ts";
import { readInput } from "../http/read-body.ts";
import { requireStrict, strictQuery } from "../http/strict-names.ts";
import {
  beginProviderSchema,
  confirmPasswordSchema,
  connectProviderSchema,
  ownPageSchema,
  providerBegunSchema,
} from "../schemas/index.ts";
import type { Provider, Services } from "../services.ts";
import { authPath, callbackPath, providerId, toBetterAuth } from "./better-auth.ts";
import { type SignIns, takeCookies } from "./sign-ins.ts";

const bodySize = 4_096;
/** A provider that has not answered by then is away; milliseconds. */
const patienceMs = 15_000;
const ownPath = /^\/(?!\/)[\w/-]{0,200}$/;

/**
 * Signing in by a provider of identities (OpenID Connect Core 1.0, with PKCE and a nonce), where an operator has set one.
 * A page asks where to go, goes there, and comes back to `callbackPath`. A person connects and disconnects the provider while
 * they are signed in, with their password, since it opens their account from then on; who has no account is let in where they
 * are invited, by the address that the provider has proved.
 */
export function mountProvider(app: ApiApp, services: Services, signIns: SignIns): void {
  const { provider } = services.signIn;
  if (provider === undefined) return;
  const post = <In extends z.ZodType>(
    path: `/provider/${string}`,
    input: In,
    answer: (c: Context<ApiEnv>, given: z.output<In>) => Promise<object>,
  ) => {
    requireStrict(input, `The body of ${path}`);
    app.post(`${authPath}${path}`, strictQuery([]), async (c) => {
      requireSameOrigin(services, c.req.raw.headers, c.env);
      const given = await readInput(c, input, bodySize);
      refuseConditions(c);
      return c.json(await answer(c, given));
    });
  };
  const leave = async (c: Context<ApiEnv>, path: string, next: string, refusedAt: string) => {
    requireAtHome(provider, c.req.header("origin"));
    const pages = { callbackURL: next, errorCallbackURL: refusedAt };
    const body = { provider: providerId, disableRedirect: true, ...pages };
    const answer = await ask(c, { services, signIns, provider, path, body });
    if (!answer.ok) throw away(provider);
    return providerBegunSchema.parse(await answer.json());
  };

  post("/provider/sign-in", beginProviderSchema, (c, { next }) =>
    leave(c, "/sign-in/social", next, "/sign-in"),
  );
  post("/provider/connect", connectProviderSchema, async (c, { next, password }) => {
    await requireOwnPassword(services, c, password);
    return leave(c, "/link-social", next, next);
  });
  post("/provider/disconnect", confirmPasswordSchema, async (c, { password }) => {
    await disconnectProvider(services.db, await requireOwnPassword(services, c, password));
    return {};
  });

  // What else a provider adds to the address is not ours to refuse (RFC 6749, 4.1.2).
  app.get(callbackPath, async (c) => {
    const { search } = new URL(c.req.url);
    const answer = await ask(c, { services, signIns, provider, path: `/callback/${providerId}${search}` });
    return c.redirect(landingOf(answer.headers.get("location")), 303);
  });
}

type Asking = { services: Services; signIns: SignIns; provider: Provider; path: string; body?: object };

/** Asks better-auth, which may ask the provider, and gives the browser the cookies that it sets. */
async function ask(c: Context<ApiEnv>, { services, signIns, provider, path, body }: Asking) {
  const { headers } = c.req.raw;
  const client = clientOf(services, headers, c.env.incoming?.socket);
  const request = toBetterAuth({ client, headers, path, ...(body && { body }) });
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(away(provider)), patienceMs);
  const answering = signIns(client.scheme, provider).then((signIn) => signIn(request));
  answering.catch(() => undefined);
  const answer = await Promise.race([answering, late]).finally(() => clearTimeout(timer));
  await takeCookies(c, { answer, authenticator: services.authenticator, scheme: client.scheme });
  return answer;
}

/** A page of ours, with the word for what went wrong where something did, and nothing that came from elsewhere. */
function landingOf(location: string | null): string {
  const url = URL.parse(location ?? "/sign-in", "http://here");
  const path = url && ownPath.test(url.pathname) ? url.pathname : "/sign-in";
  const error = url?.searchParams.get("error");
  if (error) return `${path}?refused=${/^\w{1,60}$/.test(error) ? error : "unknown"}`;
  const { data: page = path } = ownPageSchema.safeParse(`${path}${url?.search ?? ""}`);
  return page;
}

/** The provider sends people back to one address: what they began at another, their browser would not know there. */
function requireAtHome({ name, publicUrl }: Provider, origin = ""): void {
  if (URL.parse(origin)?.origin === new URL(publicUrl).origin) return;
  throw new LetheError(
    "BAD_REQUEST",
    "invalid_request",
    `${name} leads back to ${publicUrl}. Open Lethe at that address to go on with it`,
  );
}

/** Who is signed in, once they have said their password again. A wrong one counts, as at the sign-in. */
async function requireOwnPassword(
  services: Services,
  c: Context<ApiEnv>,
  password: string,
): Promise<SignedIn> {
  const [cookie] = readSessionTokens(c.req.header("cookie"));
  if (cookie === undefined) throw new LetheError("UNAUTHORIZED", "missing_credentials", "Sign in first");
  const { db, authenticator } = services;
  const person = await findSignedIn(db, { cookie });
  const sender = senderOf(services, c.req.raw.headers, c.env);
  const isRight = await authenticator.attempt({ text: password, name: person.email, sender }, async () =>
    (await isPasswordOf(db, { personId: person.personId, password })) ? true : null,
  );
  if (isRight === null) throw new LetheError("UNAUTHORIZED", "invalid_credentials", "The password is wrong");
  return person;
}

const away = ({ name }: Provider) =>
  new LetheError("SERVICE_UNAVAILABLE", "unavailable", `${name} does not answer. Try again in a moment`, {
    retryAfter: 5,
  });
