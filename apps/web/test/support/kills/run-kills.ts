import { setTimeout as sleep } from "node:timers/promises";
import { createApiKey, createTenant } from "@lethe/core";
import { openArena, type Setup, type Target } from "./arena.ts";
import { createAsking } from "./ask-deletions.ts";
import { closeBooks, countPending } from "./close-books.ts";
import { judgeChats } from "./judge-chats.ts";
import { seedChats, type TrackedChat } from "./seed-chats.ts";
import { persist, until } from "./until.ts";

export type KillFigures = {
  setup: Setup;
  kills: Record<Target, number>;
  /** Kills while deletions were under way, and while rows of deleted chats were still to be erased. */
  amid: { deletions: number; erasure: number };
  chats: number;
  messages: number;
  /** What deletions were answered: a status, `broken`, or `unsent` where no server was there. */
  answers: Record<string, number>;
  /** Chats whose deletion was asked for and not acknowledged: what became of them. */
  unacknowledged: { whole: number; gone: number };
  /** Erasures pending at each kill; null where the database was away. */
  pending: (number | null)[];
  /** Starts of a server that failed because the database was away just then. */
  failedStarts: number;
  /** From the last kill until the last row of the last deleted chat was gone; seconds. */
  erasedAfter: number;
  seconds: number;
  violations: string[];
};

export type RunKills = {
  setup: Setup;
  kills: number;
  /** Chats that are made for each kill. */
  size: number;
  /** How long erasure may take after the last kill; milliseconds. */
  erasedWithinMs: number;
  /** Told after each kill. */
  onKill?: (kill: number, target: Target) => void;
};

const servingWithinMs = 180_000;
/** Deletions of a round are asked for at once, or over this time; milliseconds. */
const spreads = [0, 300];

/**
 * Kills (-9) servers, the postmaster and single processes of PostgreSQL at random moments while chats are
 * deleted and erased, looks after each kill whether a chat is half gone, and closes the books at the end.
 */
export async function runKills({
  setup,
  kills,
  size,
  erasedWithinMs,
  onKill,
}: RunKills): Promise<KillFigures> {
  const began = performance.now();
  const arena = await openArena(setup);
  try {
    const { db, servers } = arena;
    const { tenantId } = await createTenant(db, { name: "Kills" });
    const { apiKey } = await createApiKey(db, { tenantId, name: "Kills" });
    const stock = await seedChats(db, tenantId, { rounds: kills, size });
    const asking = createAsking(servers, apiKey);
    const killed: Record<Target, number> = { server: 0, worker: 0, postmaster: 0, backend: 0 };
    const amid = { deletions: 0, erasure: 0 };
    const pending: (number | null)[] = [];
    const violations: string[] = [];
    const asked: Promise<void>[] = [];
    const serving = () =>
      until("a server serves", servingWithinMs, async () => {
        const ready = await Promise.all(servers.map((server) => isReady(server.url())));
        return ready.includes(true);
      });

    let before: TrackedChat[] = [];
    for (const [round, chats] of stock.entries()) {
      // Now and then the next kill comes while all is still recovering from the last.
      if (Math.random() < 0.85) await serving();
      const spread = spreads[Math.floor(Math.random() * spreads.length)] ?? 0;
      // A tenth is never asked for, and must never be gone.
      for (const chat of chats.slice(0, Math.ceil(size * 0.9))) {
        asked.push(sleep(Math.random() * spread).then(() => asking.ask(chat)));
      }
      await sleep(Math.random() * (spread + 150));
      const target = targetOf(setup, round);
      const waiting = await countPending(db).catch(() => null);
      let open = asking.open();
      await until(`a ${target} can be killed`, servingWithinMs, () => {
        open = asking.open();
        return arena.kill(target);
      });
      killed[target] += 1;
      pending.push(waiting);
      if (open > 0) amid.deletions += 1;
      if (waiting !== null && waiting > 0) amid.erasure += 1;
      const recent = [...before, ...chats];
      violations.push(...(await persist(() => judgeChats(db, tenantId, recent))).violations);
      before = chats;
      onKill?.(round + 1, target);
    }

    const all = stock.flat();
    const end = await closeBooks({ arena, tenantId, apiKey, asked, chats: all, erasedWithinMs });
    return {
      setup,
      kills: killed,
      amid,
      chats: all.length,
      messages: all.reduce((sum, { messages }) => sum + messages, 0),
      answers: Object.fromEntries([...asking.answers].toSorted()),
      unacknowledged: end.unacknowledged,
      pending,
      failedStarts: servers.reduce((sum, server) => sum + server.failedStarts(), 0),
      erasedAfter: end.erasedAfter,
      seconds: (performance.now() - began) / 1_000,
      violations: [
        ...violations,
        ...[...asking.answers.keys()]
          .filter((answer) => !["200", "503", "broken", "unsent"].includes(answer))
          .map((answer) => `a deletion was answered with ${answer}`),
        ...end.violations,
        ...servers.flatMap((server) => server.surprises()).map((said) => `a server ended by itself: ${said}`),
      ],
    };
  } finally {
    await arena.close();
  }
}

/** Each target as often as the others, in an order that shifts from turn to turn. */
function targetOf(setup: Setup, round: number): Target {
  const targets: Target[] = ["server", "backend", "postmaster"];
  if (setup === "embedded") targets.push("worker");
  const turn = Math.floor(round / targets.length);
  return targets[(round + turn) % targets.length] ?? "server";
}

/** Whether a server says that it and its database can serve. */
async function isReady(url: string | undefined): Promise<boolean> {
  if (url === undefined) return false;
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
  return answer?.ok ?? false;
}
