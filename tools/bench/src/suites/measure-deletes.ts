import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { request } from "undici";
import { figure, toSample } from "../load/quantile.ts";
import { joinLoads, type LoadJob, type LoadResult } from "../load/run-load.ts";
import type { DeleteSample } from "../results.ts";
import { cpuSeconds, peakBytes, resetPeak } from "../rig/program.ts";
import type { Rig, System } from "../rig/rig.ts";
import { seedableTotal } from "../seed/lethe.ts";

/**
 * Makes sure that servers answer the first request of a load alike: the same names and kinds of values, in lists of the
 * same length, and texts of about the same length.
 */
export async function requireAlike(jobs: LoadJob[]): Promise<void> {
  const answers = await Promise.all(
    jobs.map(async ({ origin, method, headers, body, paths: [path = ""] }) => {
      const answer = await request(`${origin}${path}`, {
        method,
        headers,
        ...(body !== undefined && { body }),
      });
      return { path, status: answer.statusCode, text: await answer.body.text() };
    }),
  );
  const [first, ...others] = answers;
  for (const other of others) {
    if (first === undefined) return;
    const same =
      other.status === first.status &&
      isDeepStrictEqual(shapeOf(JSON.parse(first.text)), shapeOf(JSON.parse(other.text))) &&
      Math.abs(other.text.length - first.text.length) <= first.text.length / 50;
    if (!same)
      throw new Error(
        `${first.path} is answered in two ways: ${first.status} ${first.text}\n${other.status} ${other.text}`,
      );
  }
}

function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (value === null || typeof value !== "object") return value === null ? null : typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shapeOf(part)]));
}

type Measurement = {
  callers: number;
  /** Chats that are deleted, and how many of them at a time stand beside those that stay. */
  deletes: number;
  slice: number;
  /** Messages of each. */
  messages: number;
};

/** What is under way after the last answer, such as telling listeners, belongs to the deletes too; milliseconds. */
const afterglow = 100;

/**
 * Deletes chats from the tables as they are, which so stay about as large: slice after slice is added, which counts for
 * nothing, and deleted. Statistics are those that autovacuum leaves, of a while ago. Checks in the database that what was
 * answered is what happened: neither a chat nor a message more or less.
 */
export async function measureDeletes(
  rig: Rig,
  system: System,
  { callers, deletes, slice, messages }: Measurement,
): Promise<DeleteSample> {
  const { database, pid } = system;
  const count = async () => ({
    chats: await database.number("SELECT count(*) FROM chat"),
    messages: await database.number("SELECT count(*) FROM message"),
  });
  const before = await count();
  let seeded = 0;
  const used = { server: 0, postgres: 0 };
  const deleteSlice = async (chats: number): Promise<LoadResult> => {
    const label = `d${rig.serial()}-`;
    const total = seedableTotal(chats);
    await system.seed({ label, chats: total, messages });
    seeded += total;
    await database.run("CHECKPOINT");
    const begun = { server: pid === null ? 0 : cpuSeconds(pid), postgres: cpuSeconds(rig.postgres.pid) };
    const result = await system.drive({ label, total, callers });
    await sleep(afterglow);
    if (pid !== null) used.server += cpuSeconds(pid) - begun.server;
    used.postgres += cpuSeconds(rig.postgres.pid) - begun.postgres;
    return result;
  };

  await database.settle();
  // Statistics have just changed, so that every connection plans anew, once.
  const first = await deleteSlice(2 * callers);
  used.server = 0;
  used.postgres = 0;
  if (pid !== null) resetPeak(pid);
  const results: LoadResult[] = [];
  for (let done = 0; done < deletes; done += slice)
    results.push(await deleteSlice(Math.min(slice, deletes - done)));

  const result = joinLoads(results);
  const sample = toSample(result);
  const deleted = result.statuses[200] ?? 0;
  const expected = seeded - deleted - (first.statuses[200] ?? 0);
  const after = await count();
  const lost =
    after.chats - before.chats !== expected || after.messages - before.messages !== expected * messages;
  const told = `${expected} chats are to be left, but ${after.chats - before.chats} chats and ${after.messages - before.messages} messages are`;
  return {
    ...sample,
    invalid: sample.invalid ?? (lost ? told : null),
    serverCpu: pid === null ? null : figure((used.server / deleted) * 1_000),
    postgresCpu: figure((used.postgres / deleted) * 1_000),
    callersCpu: figure((result.cpuSeconds / deleted) * 1_000),
    peakMib: pid === null ? null : peakBytes(pid) / 1024 ** 2,
  };
}
