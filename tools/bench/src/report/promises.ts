import { median, quantile } from "../load/quantile.ts";
import type { Results, ResultsFile } from "../results.ts";
import { postgresNames } from "../rig/postgres.ts";
import type { SystemName } from "../rig/rig.ts";
import { ratio, show, showRatio, table } from "./table.ts";

type Held = { what: string; value: number | null; bar: number; atLeast: boolean; unit?: "a second" | "MiB" };

/** What Lethe promises, and what was found on each PostgreSQL. */
export function showPromises(file: ResultsFile): string {
  const found = postgresNames.flatMap((name) => {
    const results = file[name];
    return results ? [{ name, held: heldIn(results) }] : [];
  });
  const whats = new Map(found.flatMap(({ held }) => held.map((one) => [one.what, one])));
  if (whats.size === 0) return "";
  const rows = [...whats.values()].map((promise) => {
    const own = found.map(({ held }) => held.find(({ what }) => what === promise.what));
    const kept = own.flatMap((one) => (one ? [isKept(one)] : []));
    const { atLeast, bar, unit } = promise;
    return [
      promise.what,
      ...own.map((one) => (one ? showValue(one.value, one.unit) : "")),
      `${atLeast ? "at least" : "at most"} ${unit ? show(bar, unit) : `${bar} ×`}`,
      kept.includes(false) ? "**not kept**" : kept.includes(true) ? "kept" : "not measured",
    ];
  });
  const heads = found.map(({ name }) => (name === "embedded" ? "embedded PostgreSQL" : `PostgreSQL ${name}`));
  const parts = ["## What Lethe promises", table(["", ...heads, "promise", ""], rows)];
  if (rows.some((row) => row.at(-1) === "**not kept**")) parts.push(whyNot);
  return parts.join("\n\n");
}

const whyNot =
  "What is not kept, what was tried and where the floor is stands in " +
  "[Where the time of a deletion goes](adr/0021-where-the-time-goes.md).";

const showValue = (value: number | null, unit: Held["unit"]) =>
  value === null ? "–" : unit ? show(value) : showRatio(value);

function isKept({ value, bar, atLeast }: Held): boolean | null {
  if (value === null) return null;
  return atLeast ? value >= bar : value <= bar;
}

const heldIn = (results: Results): Held[] => [
  ...tables(results),
  ...deleting(results),
  ...reading(results),
  ...working(results),
  ...sizes(results),
  ...tenants(results),
  ...searches(results),
  ...memories(results),
];

function tables({ delete: found }: Results): Held[] {
  if (!found) return [];
  const lone = found.rows.filter(({ system, callers }) => system === "lethe" && callers === 1);
  const sizes = lone.map(({ chats }) => chats);
  const times = lone.flatMap(({ median: { p50 } }) => p50 ?? []);
  if (times.length < 2) return [];
  return [
    {
      what: `Lone DELETE, p50: the slowest of tables of ${show(Math.min(...sizes))} to ${show(Math.max(...sizes))} chats, to the fastest`,
      value: times.length < lone.length ? null : ratio(Math.max(...times), Math.min(...times)),
      bar: 1.3,
      atLeast: false,
    },
  ];
}

/** At least so many times as many deletes a second as another system, by callers. */
const faster: Record<"peer" | "fastify", [callers: number, bar: number][]> = {
  peer: [
    [1, 0.9],
    [16, 1.7],
    [64, 2.2],
    [256, 2.5],
  ],
  fastify: [
    [64, 1.3],
    [256, 1.8],
  ],
};
const rivals = {
  peer: "to a hand-written server's with the same promises",
  fastify: "to a hand-written server's with fewer promises",
};

function deleting({ delete: found }: Results): Held[] {
  if (!found) return [];
  const at = (system: SystemName, callers: number) =>
    found.rows.find((row) => row.system === system && row.callers === callers && row.chats === found.compared)
      ?.median;
  const rates = (["peer", "fastify"] as const).flatMap((rival) =>
    faster[rival].map(([callers, bar]) => ({
      what: `Deletes a second, ${people(callers)}, ${rivals[rival]}`,
      value: ratio(at("lethe", callers)?.throughput, at(rival, callers)?.throughput),
      bar,
      atLeast: true,
    })),
  );
  const latencies = faster.peer
    .filter(([callers]) => callers > 1)
    .map(([callers]) => ({
      what: `DELETE, p99, ${people(callers)}, ${rivals.peer}`,
      value: ratio(at("lethe", callers)?.p99, at("peer", callers)?.p99),
      bar: 1,
      atLeast: false,
    }));
  return [...rates.slice(0, faster.peer.length), ...latencies, ...rates.slice(faster.peer.length)];
}

const people = (callers: number) => (callers === 1 ? "1 caller" : `${callers} callers`);

function reading({ reads }: Results): Held[] {
  if (!reads) return [];
  const names = { list: `list of ${reads.pageSize}`, get: "get", send: "send" };
  return (["list", "get", "send"] as const).map((operation) => {
    const [ours, theirs] = (["lethe", "peer"] as const).map(
      (system) => reads.rows.find((row) => row.system === system && row.operation === operation)?.median,
    );
    return {
      what: `${names[operation]} a second, ${people(reads.callers)}, ${rivals.peer}`,
      value: ratio(ours?.throughput, theirs?.throughput),
      bar: 0.75,
      atLeast: true,
    };
  });
}

function working({ job }: Results): Held[] {
  if (!job) return [];
  return [
    {
      what: `A deletion job: chats of ${job.messages} messages`,
      value: job.alone.length > 0 ? median(job.alone) : null,
      bar: 2_000,
      atLeast: true,
      unit: "a second",
    },
    {
      what: "p99 of another tenant's DELETE while a job runs, to that alone",
      value: ratio(job.deletes.beside.p99, job.deletes.alone.p99),
      bar: 2,
      atLeast: false,
    },
  ];
}

function sizes({ size }: Results): Held[] {
  if (!size) return [];
  const lengths = size.rows
    .filter(({ system }) => system === "lethe")
    .toSorted((a, b) => a.messages - b.messages);
  const [shortest, longest] = [lengths.at(0), lengths.at(-1)];
  const p99 = (row: typeof shortest) =>
    row && row.answered.length > 0 ? quantile(row.answered, 0.99) : null;
  const disturbance = size.disturbance.find(({ system }) => system === "lethe");
  return [
    {
      what: `p99 of DELETE for ${show(longest?.messages)} messages, to that for ${show(shortest?.messages)}`,
      value: ratio(p99(longest), p99(shortest)),
      bar: 2,
      atLeast: false,
    },
    {
      what: "p99 of other deletes while a large transcript is erased, to the undisturbed p99",
      value: disturbance?.disturbed.invalid
        ? null
        : ratio(disturbance?.disturbed.p99, disturbance?.undisturbed.p99),
      bar: 2,
      atLeast: false,
    },
  ];
}

function tenants({ tenant }: Results): Held[] {
  if (!tenant) return [];
  const chats = tenant.rows.map((row) => row.chats);
  const [small, large] = [Math.min(...chats), Math.max(...chats)];
  const at = (operation: string, size: number) =>
    tenant.rows.find((row) => row.operation === operation && row.chats === size)?.median.p50;
  return ["list", "get", "send"].map((operation) => ({
    what: `p50 of ${operation} in a tenant of ${show(large)} chats, to one of ${show(small)}`,
    value: ratio(at(operation, large), at(operation, small)),
    bar: 1.5,
    atLeast: false,
  }));
}

function memories({ memory }: Results): Held[] {
  if (!memory || memory.pages === 0) return [];
  return [
    {
      what: `Resident memory of a server with pages, the most in ${show(memory.seconds)} s of mixed load`,
      value: memory.resident.worst,
      bar: 300,
      atLeast: false,
      unit: "MiB",
    },
  ];
}

function searches({ search }: Results): Held[] {
  if (!search) return [];
  return [
    {
      what: `p99 of get while another tenant searches in ${search.searching} calls at once, to that alone`,
      value: search.meanwhile.invalid ? null : ratio(search.meanwhile.p99, search.alone.p99),
      bar: 2,
      atLeast: false,
    },
  ];
}
