import { expect } from "vitest";
import { type Context, readDeparture, startLeaving } from "../src/index.ts";
import { createLeaver } from "../src/leaving/leaving-tasks.ts";
import { silentLog } from "./long-chat.ts";

export const operator = { kind: "operator", id: "tenant delete", via: "cli" } as const;

type OfTenant = Pick<Context, "db" | "tenantId">;

export const nameOf = async ({ db, tenantId }: OfTenant) =>
  (await db.tenant.findFirstOrThrow({ where: { tenantId } })).name;

/** Has a tenant begin to leave. */
export const leave = async ({ db, tenantId }: OfTenant) =>
  startLeaving(db, { tenantId, confirm: await nameOf({ db, tenantId }), actor: operator });

export const stateOf = async ({ db, tenantId }: OfTenant) => (await readDeparture(db, { tenantId }))?.state;

/** Waits until others have had it leave. */
export const left = (ctx: OfTenant) =>
  expect.poll(() => stateOf(ctx), { interval: 100, timeout: 60_000 }).toBe("left");

/** Has it leave where no server runs: whoever leaves does all of it. */
export async function goOn(ctx: OfTenant) {
  const { db, tenantId } = ctx;
  const advance = createLeaver({ db, log: silentLog, signal: new AbortController().signal });
  const next = async () => {
    await advance(tenantId);
    return stateOf(ctx);
  };
  await expect.poll(next, { interval: 50, timeout: 60_000 }).toBe("left");
}
