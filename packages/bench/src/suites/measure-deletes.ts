import { setTimeout as sleep } from "node:timers/promises";
import type { DeleteSample } from "../results.ts";
import type { Rig } from "../rig/rig.ts";
import type { System } from "../rig/system.ts";
import { cpuSeconds, peakBytes, resetPeak } from "../rig/usage.ts";
import { seedableTotal } from "../seed/ids.ts";
import { figure, toSample } from "./sample.ts";

type Measurement = { callers: number; seconds: number; messages: number; chats: number };

/** What is under way after the last answer, such as telling listeners, belongs to the deletes too. */
const afterglow = 500;

/**
 * Seeds fresh chats, deletes them for some seconds, and checks in the database that what was answered is
 * what happened: neither a chat nor a message more or less.
 */
export async function measureDeletes(
  rig: Rig,
  system: System,
  { callers, seconds, messages, chats }: Measurement,
): Promise<DeleteSample> {
  const { database, pid } = system;
  const label = `d${rig.serial()}-`;
  const total = seedableTotal(chats);
  await system.clear();
  await system.seed({ label, chats: total, messages });
  await database.settle();

  if (pid !== null) resetPeak(pid);
  const before = { server: pid === null ? 0 : cpuSeconds(pid), postgres: cpuSeconds(rig.postgres.pid) };
  const result = await system.drive({ label, total, callers, seconds });
  await sleep(afterglow);
  const server = pid === null ? null : cpuSeconds(pid) - before.server;
  const postgres = cpuSeconds(rig.postgres.pid) - before.postgres;

  const sample = toSample(result);
  const deleted = result.statuses[200] ?? 0;
  const left = await database.number("SELECT count(*) FROM chat");
  const rows = await database.number("SELECT count(*) FROM message");
  const lost = left !== total - deleted || rows !== left * messages;
  return {
    ...sample,
    invalid:
      sample.invalid ??
      (lost ? `${deleted} of ${total} deleted, but ${left} chats and ${rows} messages left` : null),
    serverCpu: server === null ? null : figure((server / deleted) * 1_000),
    postgresCpu: figure((postgres / deleted) * 1_000),
    peakMib: pid === null ? null : peakBytes(pid) / 1024 ** 2,
  };
}
