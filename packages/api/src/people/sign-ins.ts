import type { Authenticator } from "@lethe/core";
import type { Context } from "hono";
import { readSessionTokens, writeSessionCookie } from "../auth/authenticate.ts";
import type { ApiEnv } from "../http/env.ts";
import type { Provider, Services } from "../services.ts";
import { createSignIn, readSecret, type Scheme, type SignIn } from "./better-auth.ts";

/**
 * better-auth, made when somebody first signs in: for each scheme, and once more for who comes by a provider of
 * identities, so that one that does not answer keeps nobody from signing in by password.
 */
export type SignIns = (scheme: Scheme, provider?: Provider) => Promise<SignIn>;

export function createSignIns(services: Services): SignIns {
  const made = new Map<string, Promise<SignIn>>();
  return (scheme, provider) => {
    const name = provider ? `${scheme} provider` : scheme;
    const known = made.get(name);
    if (known !== undefined) return known;
    const making = readSecret(services.db, services.signIn.secret).then((secret) =>
      createSignIn(services, { scheme, secret, provider: provider ?? null }),
    );
    made.set(name, making);
    // What was away is asked again by the next.
    making.catch(() => made.delete(name));
    return making;
  };
}

/**
 * Gives a browser the cookies that better-auth has set. Whoever signs in anew, as themselves or as somebody else, leaves no
 * session behind that nobody sees.
 */
export async function takeCookies(
  c: Context<ApiEnv>,
  { answer, authenticator, scheme }: { answer: Response; authenticator: Authenticator; scheme: Scheme },
): Promise<void> {
  const [now] = answer.headers.getSetCookie().flatMap(sessionSetBy);
  for (const before of readSessionTokens(c.req.header("cookie")))
    await (now === undefined || now === before
      ? authenticator.renewSession(before)
      : authenticator.deleteSession(before));
  for (const set of answer.headers.getSetCookie()) c.header("Set-Cookie", set, { append: true });
  // Over https the bound cookie takes the place of a plain one.
  const [, plain] = scheme === "https" ? writeSessionCookie("", { secure: true, maxAge: 0 }) : [];
  if (plain !== undefined && now !== undefined) c.header("Set-Cookie", plain, { append: true });
}

/** The session that a `Set-Cookie` gives a browser. */
const sessionSetBy = (set: string): string[] => readSessionTokens(set.split(";", 1)[0]);
