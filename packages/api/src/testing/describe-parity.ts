import type { Context } from "@lethe/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bulkCases } from "./bulk-cases.ts";
import type { Entrance, ParityCase } from "./caller.ts";
import { chatCases } from "./chat-cases.ts";
import { credentialCases } from "./credential-cases.ts";
import { deleteCases } from "./delete-cases.ts";
import { deletionCases } from "./deletion-cases.ts";
import { deletionJobCases } from "./deletion-job-cases.ts";
import { exportCases } from "./export-cases.ts";
import { holdCases, settingsCases } from "./hold-cases.ts";
import { malformedCases } from "./malformed-cases.ts";
import { messageCases } from "./message-cases.ts";
import { moveJobCases } from "./move-job-cases.ts";
import { receiptCases } from "./receipt-cases.ts";
import { trashCases } from "./trash-cases.ts";
import { webhookCases } from "./webhook-cases.ts";
import { webhookRefusalCases } from "./webhook-refusal-cases.ts";
import { createWorld, type World } from "./world.ts";

/** A running server and the database behind it. */
type ParityServer = { baseUrl: string; db: Context["db"]; stop(): Promise<void> };

/**
 * Defines a test for every parity case, or for each of these `cases`. Each calls through all entrances of one server and holds them to
 * the same outcome: status, code, headers of a failure, and what the database says afterwards.
 */
export function describeParity(
  name: string,
  start: () => Promise<ParityServer>,
  entrances: readonly Entrance[],
  cases = parityCases,
): void {
  describe(`parity over ${name}`, () => {
    let server: ParityServer;
    let world: World;
    beforeAll(async () => {
      server = await start();
      world = await createWorld(server.db);
    });
    afterAll(() => server.stop());

    it.each(cases)("$name: $status", async ({ given, status, code }) => {
      for (const entrance of entrances) {
        const caller = entrance(server.baseUrl);
        const { operation, input, apiKey, verify } = await given(world);
        const outcome = await caller.call(operation, input, apiKey);
        expect(outcome, caller.name).toMatchObject({ status, ...(code && { body: { code } }) });
        if (status >= 400) {
          expect(outcome.body.request_id, caller.name).toBe(outcome.requestId);
          expect(outcome.body.message, caller.name).toBe(outcome.body.detail);
          expect(outcome.retryAfter, caller.name).toBe(outcome.body.retry_after?.toString() ?? null);
        }
        await verify?.(outcome);
      }
    });
  });
}

/** What REST and tRPC must do alike, through whatever server. */
export const parityCases: ParityCase[] = [
  ...chatCases,
  ...messageCases,
  ...deleteCases,
  ...deletionCases,
  ...receiptCases,
  ...trashCases,
  ...holdCases,
  ...settingsCases,
  ...webhookCases,
  ...webhookRefusalCases,
  ...bulkCases,
  ...deletionJobCases,
  ...moveJobCases,
  ...exportCases,
  ...credentialCases,
  ...malformedCases,
];
