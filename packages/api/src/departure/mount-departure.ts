import { type Departure, findDeparture, LetheError } from "@lethe/core";
import type { Context } from "hono";
import type { z } from "zod";
import { senderOf } from "../auth/authenticate.ts";
import { answerJson } from "../http/answer-json.ts";
import type { ApiApp, ApiEnv } from "../http/env.ts";
import { conditionalRead } from "../http/preconditions.ts";
import { strictQuery, withoutBody } from "../http/strict-names.ts";
import { timeText } from "../present.ts";
import type { departureSchema } from "../schemas/index.ts";
import type { Services } from "../services.ts";

const path = "/api/v1/departure";
const bearer = /^Bearer +(\S+)$/i;

/**
 * What whoever had a tenant deleted may still ask: they have neither a key nor an account any more. The token that they were
 * told comes as `Authorization: Bearer`, which proxies do not write down, as they do paths.
 */
export function mountDeparture(app: ApiApp, services: Services): void {
  app.get(path, strictQuery([]), withoutBody, conditionalRead, async (c) =>
    answerJson(c, present(await open(c, services))),
  );
}

/**
 * The departure that a request may see. A token is no more to be guessed than a key is: wrong ones are counted.
 *
 * @throws UNAUTHORIZED (missing_credentials), NOT_FOUND (departure_not_found) or TOO_MANY_REQUESTS (too_many_wrong_keys)
 */
async function open(c: Context<ApiEnv>, services: Services): Promise<Departure> {
  const token = bearer.exec(c.req.header("authorization") ?? "")?.[1];
  if (token === undefined)
    throw new LetheError(
      "UNAUTHORIZED",
      "missing_credentials",
      "Send the token that DELETE /api/v1/tenant has answered as Authorization: Bearer",
    );
  let refusal: unknown;
  const sender = senderOf(services, c.req.raw.headers, c.env);
  const found = await services.authenticator.attempt({ text: token, name: token, sender }, () =>
    findDeparture(services.db, { token }).catch((error: unknown) => {
      if (!(error instanceof LetheError) || error.reason !== "departure_not_found") throw error;
      refusal = error;
      return null;
    }),
  );
  if (found === null) throw refusal;
  return found;
}

function present(departure: Departure): z.input<typeof departureSchema> {
  const { tenantId, state, startedAt, leftAt, job, held, receipt } = departure;
  return {
    ...{ tenant_id: tenantId, state, started_at: timeText(startedAt), left_at: leftAt && timeText(leftAt) },
    ...{ chats: job, held, receipt },
  };
}
