import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "undici";
import type { Server } from "../rig/system.ts";

/** Milliseconds until DELETE was answered, and from then until the last row was gone. */
export type OneDelete = { status: string; answered: number; erased: number };

const patience = 600_000;
const pollInterval = 10;

/** Deletes single chats over a connection that stays open. */
export function openDeleter(server: Server): {
  remove: (id: string) => Promise<OneDelete>;
  close: () => Promise<void>;
} {
  const client = new Client(server.origin, { headersTimeout: patience, bodyTimeout: patience });
  const remove = async (id: string): Promise<OneDelete> => {
    const begun = performance.now();
    const { statusCode, body } = await client.request({
      method: "DELETE",
      path: server.chatPath(id),
      headers: server.headers,
    });
    await body.dump();
    const answered = performance.now() - begun;
    if (statusCode === 200) await untilErased(server, id);
    return { status: `${statusCode}`, answered, erased: performance.now() - begun - answered };
  };
  return { remove, close: () => client.close() };
}

/** Waits until the ledger says that nothing is left; a system without a ledger has erased when it answers. */
async function untilErased(server: Server, id: string): Promise<void> {
  if (server.name !== "lethe") return;
  const until = performance.now() + patience;
  while (performance.now() < until) {
    const rows = await server.database.run(
      "SELECT 1 FROM deletion WHERE chat_id = $1 AND erased_at IS NOT NULL",
      [id],
    );
    if (rows.length > 0) return;
    await sleep(pollInterval);
  }
  throw new Error(`The chat ${id} was not erased within ${patience / 1_000} s`);
}
