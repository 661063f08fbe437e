import { setTimeout as sleep } from "node:timers/promises";
import { createApiKey, createTenant } from "@lethe/core";
import type { Database } from "@lethe/db";
import { z } from "zod";
import { createCaller } from "../caller.ts";
import { type Arena, openArena, type Setup } from "../kills/arena.ts";
import { persist, until } from "../kills/until.ts";
import { type BookedChat, liveAsCaller } from "./caller-life.ts";

export type OutageFigures = {
  setup: Setup;
  restarts: Record<"fast" | "immediate", number>;
  terminations: number;
  chats: number;
  /** Changes that were acknowledged. */
  acknowledged: { chats: number; messages: number; deletions: number };
  /** How often each call was answered in each way. */
  answers: Record<string, Record<string, number>>;
  /** From when PostgreSQL took connections until each server took a change; milliseconds, one for each restart and server. */
  onAgainAfter: number[];
  seconds: number;
  violations: string[];
};

export type RunOutages = {
  setup: Setup;
  callers: number;
  restarts: number;
  terminations: number;
  /** Told after each restart. */
  onRestart?: (restart: number) => void;
};

const servingWithinMs = 180_000;

/**
 * Has callers write, read and delete by every entrance while PostgreSQL is restarted (`-m fast` and `-m
 * immediate` in turns) and sessions are ended, and says what of it must not be: a server that ends, an answer
 * of 500, a connection without an answer, an acknowledged change that is not there in the end.
 */
export async function runOutages(run: RunOutages): Promise<OutageFigures> {
  const { setup, callers, restarts, terminations, onRestart } = run;
  const began = performance.now();
  const arena = await openArena(setup);
  try {
    const { db, servers } = arena;
    const { tenantId } = await createTenant(db, { name: "Outages" });
    const { apiKey } = await createApiKey(db, { tenantId, name: "Outages" });
    const urls = servers.flatMap((server) => server.url() ?? []);
    const anyUrl = () => urls[Math.floor(Math.random() * urls.length)] ?? "";
    const chats: BookedChat[] = [];
    const answers: OutageFigures["answers"] = {};
    const violations: string[] = [];
    let over = false;
    const life = {
      url: anyUrl,
      apiKey,
      onChat: (chat: BookedChat) => void chats.push(chat),
      onAnswer: (what: string, answer: string) => {
        answers[what] ??= {};
        answers[what][answer] = (answers[what][answer] ?? 0) + 1;
      },
      onViolation: (what: string) => void violations.push(what),
    };
    const lives = Array.from({ length: callers }, () =>
      liveAsCaller(life, () => over).catch((error: unknown) => violations.push(`a caller failed: ${error}`)),
    );

    const probes = await Promise.all(urls.map((url) => createCaller(url, apiKey).createChat()));
    const onAgainAfter: number[] = [];
    const done = { fast: 0, immediate: 0 };
    let terminated = 0;
    for (let turn = 0; turn < restarts; turn += 1) {
      for (; terminated < (terminations * (turn + 1)) / restarts; ) {
        if (await arena.terminate().catch(() => false)) terminated += 1;
        await sleep(Math.random() * 100);
      }
      const mode = turn % 2 === 0 ? "fast" : "immediate";
      await arena.restart(mode);
      const since = performance.now();
      done[mode] += 1;
      await Promise.all(
        urls.map(async (url, index) => {
          await untilItWrites(url, apiKey, probes[index] ?? "");
          onAgainAfter.push(performance.now() - since);
        }),
      );
      onRestart?.(turn + 1);
      await sleep(100 + Math.random() * 300);
    }
    over = true;
    await Promise.all(lives);
    violations.push(...(await persist(() => compare(db, tenantId, chats))));
    return {
      setup,
      restarts: done,
      terminations: terminated,
      chats: chats.length,
      acknowledged: {
        chats: chats.filter(({ exists }) => exists === "yes").length,
        messages: chats.reduce((sum, { said }) => sum + said.size, 0),
        deletions: chats.filter(({ deletionId }) => deletionId !== null).length,
      },
      answers,
      onAgainAfter,
      seconds: (performance.now() - began) / 1_000,
      violations: [...violations, ...surprisesOf(arena)],
    };
  } finally {
    await arena.close();
  }
}

function surprisesOf({ servers }: Arena): string[] {
  const ended = servers.flatMap((server) => server.surprises());
  return ended.map((said) => `a server ended by itself: ${said}`);
}

/** Waits until a server makes a change. Its own outages are judged by the callers, not here. */
async function untilItWrites(url: string, apiKey: string, chatId: string): Promise<void> {
  const caller = createCaller(url, apiKey);
  await until(`${url} takes changes`, servingWithinMs, async () => {
    const answer = await caller.send("PATCH", `/chats/${chatId}`, { title: `${performance.now()}` });
    await answer.arrayBuffer();
    return answer.ok;
  });
}

const rowsSchema = z.array(
  z.object({
    id: z.string(),
    title: z.string().nullable(),
    bodies: z.array(z.string()),
    deletion_id: z.string().nullable(),
  }),
);

/** What was acknowledged and is not there, and what is there and cannot be. */
async function compare(db: Database, tenantId: string, chats: readonly BookedChat[]): Promise<string[]> {
  const rows = rowsSchema.parse(
    await db.$queryRaw`
      SELECT asked.id, chat.title, deletion.id AS deletion_id, ARRAY(
        SELECT body FROM message WHERE message.tenant_id = ${tenantId}::uuid AND message.chat_id = asked.id
      ) AS bodies
      FROM unnest(${chats.map(({ id }) => id)}::uuid[]) AS asked(id)
      LEFT JOIN chat ON chat.tenant_id = ${tenantId}::uuid AND chat.id = asked.id
      LEFT JOIN deletion ON deletion.tenant_id = ${tenantId}::uuid AND deletion.chat_id = asked.id`,
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return chats.flatMap((chat) => {
    const row = byId.get(chat.id);
    const lost = row === undefined ? "not looked at" : faultOf(chat, row);
    return lost === undefined ? [] : [`${lost}: ${JSON.stringify({ row, ...chat, said: [...chat.said] })}`];
  });
}

function faultOf(chat: BookedChat, row: z.infer<typeof rowsSchema>[number]): string | undefined {
  if (chat.exists === "yes" && row.title === null) return "gone";
  if (chat.exists === "no" && row.title !== null) return "there although its deletion was acknowledged";
  if (chat.deletionId !== null && row.deletion_id !== chat.deletionId) return "not in the ledger";
  if (row.title === null) return row.bodies.length > 0 ? "messages are left" : undefined;
  if (!chat.titles.has(row.title)) return "under another title";
  const missing = [...chat.said].filter((body) => !row.bodies.includes(body));
  return missing.length > 0 ? `without ${missing.length} acknowledged messages` : undefined;
}
