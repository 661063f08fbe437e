import type { Plan } from "../plan.ts";
import type { DeleteResults } from "../results.ts";
import { startFastify } from "../rig/fastify.ts";
import type { Rig } from "../rig/rig.ts";
import type { Credentials } from "../seed/credentials.ts";
import { measureDeletes } from "./measure-deletes.ts";

/** Chats for each second and caller that no system gets through. */
const generous = 12_000;

/** Tries the hand-written server with pools of several sizes and answers which is its best. */
export async function tunePool(
  rig: Rig,
  { delete: plan }: Plan,
  credentials: Credentials,
): Promise<DeleteResults["pool"]> {
  const tried: Record<string, number> = {};
  for (const size of plan.pools) {
    const server = await startFastify(rig, credentials, size);
    const measure = (seconds: number) =>
      measureDeletes(rig, server, {
        callers: plan.tuneCallers,
        seconds,
        messages: plan.messages,
        chats: generous * seconds,
      });
    try {
      await measure(plan.warmUpSeconds);
      tried[size] = (await measure(plan.warmUpSeconds)).throughput ?? 0;
      rig.say(`fastify with a pool of ${size}: ${Math.round(tried[size])}/s`);
    } finally {
      await server.stop();
    }
  }
  const [best] = plan.pools.toSorted((a, b) => (tried[b] ?? 0) - (tried[a] ?? 0));
  return { size: best ?? 10, tried };
}
