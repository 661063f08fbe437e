import { LetheError } from "@lethe/core";
import type { Context } from "hono";
import type { ApiEnv } from "../http/env.ts";
import type { Services } from "../services.ts";
import { senderOf } from "./authenticate.ts";

/** How a link, a code or a token is refused that opens nothing. */
const wrongSecret = new Set([
  "invitation_not_found",
  "password_reset_not_found",
  "departure_not_found",
  "invalid_credentials",
]);

/**
 * What a secret opens that somebody was given: it is no more to be guessed than a key is, so wrong ones are counted.
 *
 * @param open looks it up
 * @throws what `open` throws, or TOO_MANY_REQUESTS (too_many_wrong_keys)
 */
export async function openBySecret<Opened>(
  c: Context<ApiEnv>,
  services: Pick<Services, "authenticator" | "trustProxy">,
  { secret, open }: { secret: string; open: () => Promise<Opened> },
): Promise<Opened> {
  let refusal: unknown;
  const sender = senderOf(services, c.req.raw.headers, c.env);
  const opened = await services.authenticator.attempt({ text: secret, name: secret, sender }, () =>
    open().catch((error: unknown) => {
      if (!(error instanceof LetheError) || !wrongSecret.has(error.reason)) throw error;
      refusal = error;
      return null;
    }),
  );
  if (opened === null) throw refusal;
  return opened;
}
