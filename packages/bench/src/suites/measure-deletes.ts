import { setTimeout as sleep } from "node:timers/promises";
import { figure, toSample } from "../load/quantile.ts";
import { joinLoads, type LoadResult } from "../load/run-load.ts";
import type { DeleteSample } from "../results.ts";
import { cpuSeconds, peakBytes, resetPeak } from "../rig/program.ts";
import type { Rig, System } from "../rig/rig.ts";
import { seedableTotal } from "../seed/ids.ts";

export type Measurement = {
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
    peakMib: pid === null ? null : peakBytes(pid) / 1024 ** 2,
  };
}
