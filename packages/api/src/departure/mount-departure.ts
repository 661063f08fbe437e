import { type Departure, findDeparture, LetheError, letLedgerGo, readLeftLedger } from "@lethe/core";
import { provenTenantId } from "@lethe/core/credentials/principal";
import type { Context } from "hono";
import type { z } from "zod";
import { openBySecret } from "../auth/open-by-secret.ts";
import { sendFile } from "../exports/send-export.ts";
import { answerJson } from "../http/answer-json.ts";
import type { ApiApp, ApiEnv } from "../http/env.ts";
import { conditionalRead, refuseConditions } from "../http/preconditions.ts";
import { readInput } from "../http/read-body.ts";
import { requireStrict, strictQuery, withoutBody } from "../http/strict-names.ts";
import { timeText } from "../present.ts";
import { type departureSchema, updateDepartureSchema } from "../schemas/index.ts";
import type { Services } from "../services.ts";

const path = "/api/v1/departure";
const bodySize = 4_096;
const bearer = /^Bearer +(\S+)$/i;

/**
 * What whoever had a tenant deleted may still ask: they have neither a key nor an account any more. The token that they were
 * told comes as `Authorization: Bearer`, which proxies do not write down, as they do paths.
 */
export function mountDeparture(app: ApiApp, services: Services): void {
  requireStrict(updateDepartureSchema, "An input of departures");
  app.get(path, strictQuery([]), withoutBody, conditionalRead, async (c) =>
    answerJson(c, present(await open(c, services))),
  );

  app.patch(path, strictQuery([]), async (c) => {
    const departure = await open(c, services);
    refuseConditions(c);
    const { ledger_kept: sha256 } = await readInput(c, updateDepartureSchema, bodySize);
    await letLedgerGo(services.db, { tenantId: departure.tenantId, sha256 });
    return answerJson(c, present({ ...departure, ledgerUntil: null }));
  });

  app.get(`${path}/ledger`, strictQuery([]), withoutBody, conditionalRead, async (c) => {
    const departure = await open(c, services);
    const { tenantId } = departure;
    const confirm = async () => void readLeftLedger(services.db, await open(c, services));
    const file = {
      filename: `lethe-ledger-${tenantId}.ndjson`,
      contentType: "application/x-ndjson",
      chunks: readLeftLedger(services.db, departure),
    };
    const holder = { tenantId: provenTenantId.parse(tenantId), holderId: "departure" };
    return sendFile(c, { services, holder, confirm }, file);
  });
}

/**
 * The departure that a request may see.
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
  return openBySecret(c, services, { secret: token, open: () => findDeparture(services.db, { token }) });
}

function present(departure: Departure): z.input<typeof departureSchema> {
  const { tenantId, state, startedAt, leftAt, job, held, receipt, ledgerUntil: until } = departure;
  const { ledgerDigest: sha256 } = departure;
  return {
    ...{ tenant_id: tenantId, state, started_at: timeText(startedAt), left_at: leftAt && timeText(leftAt) },
    ...{ chats: job, held },
    ledger: until && sha256 !== null ? { sha256, until: timeText(until) } : null,
    receipt,
  };
}
