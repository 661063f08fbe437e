import { findDemoKey } from "@lethe/core/demo/find-demo-key";
import { listGateways } from "@lethe/core/gateway/lease";
import type { Database } from "@lethe/db";
import { type Environment, isLoopback } from "@lethe/environment";
import { type Check, info, ok, warning } from "./check.ts";

/** Who holds live connections, and who did. */
export async function checkGateways(db: Database): Promise<Check[]> {
  const gateways = await listGateways(db);
  if (gateways.length === 0) return [info("gateways", "No process holds live connections.")];
  return gateways.map(({ id, host, state, connections, startedAt }) => {
    const who = `${host}, since ${startedAt.toISOString()}, ${connections} connections (${id})`;
    if (state === "alive") return ok("gateways", `Alive: ${who}.`);
    if (state === "lapsed")
      return info(
        "gateways",
        `Lapsed, so it blocks no deletion: ${who}.`,
        "Nothing to do: it is cleaned up.",
      );
    return info(
      "gateways",
      `Silent. It blocks deletions until a server has watched it for 12 seconds: ${who}.`,
      "Nothing to do while a server runs.",
    );
  });
}

/** Whether a key that everybody knows opens this database to the network. */
export async function checkDemoKey(db: Database, { host }: Environment): Promise<Check> {
  const key = await findDemoKey(db);
  if (!key) return ok("demo key", "Not in this database.");
  const detail = "The public demo key works in this database";
  if (isLoopback(host)) return info("demo key", `${detail}, on this machine alone.`);
  return warning(
    "demo key",
    `${detail}, and ${host} can be reached from outside.`,
    `Revoke it: pnpm lethe key revoke --tenant ${key.tenantId} --key ${key.id}`,
  );
}
