import type { Plan } from "../plan.ts";
import type { Pool } from "../results.ts";
import { type HandWritten, startHandWritten } from "../rig/hand-written.ts";
import type { Rig } from "../rig/rig.ts";
import type { Credentials } from "../seed/credentials.ts";
import { measureDeletes } from "./measure-deletes.ts";

/** Tries a hand-written server with pools of several sizes and answers which is its best. */
export async function tunePool(
  rig: Rig,
  { delete: plan }: Plan,
  name: HandWritten,
  credentials: Credentials,
): Promise<Pool> {
  const tried: Record<string, number> = {};
  const [only, ...more] = plan.pools;
  if (only !== undefined && more.length === 0) return { size: only, tried };
  for (const size of plan.pools) {
    const server = await startHandWritten(rig, name, credentials, size);
    const { callers, deletes } = plan.tuning;
    const measure = () =>
      measureDeletes(rig, server, { callers, deletes, slice: deletes, messages: plan.messages });
    try {
      await measure();
      tried[size] = (await measure()).throughput ?? 0;
      rig.say(`${name} with a pool of ${size}: ${Math.round(tried[size])}/s`);
    } finally {
      await server.stop();
    }
  }
  const [best] = plan.pools.toSorted((a, b) => (tried[b] ?? 0) - (tried[a] ?? 0));
  return { size: best ?? 10, tried };
}
