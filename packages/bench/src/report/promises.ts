import { quantile } from "../load/quantile.ts";
import type { Results } from "../results.ts";
import type { SystemName } from "../rig/system.ts";
import { ratio, showRatio, table } from "./table.ts";

type Held = { what: string; value: number | null; bar: number; atLeast: boolean };

/** The ratios that Lethe promises, and what this run found. */
export function showPromises(results: Results): string {
  const held = [...deleting(results), ...sizes(results), ...tenants(results), ...searches(results)];
  if (held.length === 0) return "";
  const rows = held.map(({ what, value, bar, atLeast }) => {
    const kept =
      value === null ? "not measured" : (atLeast ? value >= bar : value <= bar) ? "kept" : "**not kept**";
    return [what, showRatio(value), `${atLeast ? "at least" : "at most"} ${bar} ×`, kept];
  });
  const parts = ["## What Lethe promises", table(["ratio", "measured", "promise", ""], rows)];
  const { cores } = results.machine;
  if (results.delete && cores < promisedCores) parts.push(tooFewCores(cores));
  return parts.join("\n\n");
}

/** The promises are for machines with at least as many, of which the load takes one and the server another. */
const promisedCores = 4;

const tooFewCores = (cores: number): string =>
  `These promises are meant for ${promisedCores} cores or more. Here load, server and PostgreSQL share ${cores}, so that ` +
  "a server which spares PostgreSQL gains little by it until there are many callers. " +
  "[Where the time of a deletion goes](adr/0021-where-the-time-goes.md) says what is left and why.";

function deleting({ delete: found }: Results): Held[] {
  if (!found) return [];
  const at = (system: SystemName, callers: number) =>
    found.rows.find((row) => row.system === system && row.callers === callers)?.median;
  return [
    {
      what: "64 callers: deletes a second, to the hand-written server's",
      value: ratio(at("lethe", 64)?.throughput, at("fastify", 64)?.throughput),
      bar: 1.5,
      atLeast: true,
    },
    {
      what: "64 callers: deletes a second, to pgbench's",
      value: ratio(at("lethe", 64)?.throughput, at("pgbench", 64)?.throughput),
      bar: 0.8,
      atLeast: true,
    },
    {
      what: "64 callers: server CPU a delete, to the hand-written server's",
      value: ratio(at("lethe", 64)?.serverCpu, at("fastify", 64)?.serverCpu),
      bar: 1,
      atLeast: false,
    },
    {
      what: "1 caller: p50, to the hand-written server's",
      value: ratio(at("lethe", 1)?.p50, at("fastify", 1)?.p50),
      bar: 1.25,
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
      what: `p99 of DELETE for ${longest?.messages} messages, to that for ${shortest?.messages}`,
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

function tenants({ tenant, plan }: Results): Held[] {
  const [small, large] = [Math.min(...plan.tenant.chats), Math.max(...plan.tenant.chats)];
  const at = (operation: string, chats: number) =>
    tenant?.rows.find((row) => row.operation === operation && row.chats === chats)?.median.p50;
  return (tenant ? ["list", "get", "send"] : []).map((operation) => ({
    what: `p50 of ${operation} in a tenant of ${large} chats, to one of ${small}`,
    value: ratio(at(operation, large), at(operation, small)),
    bar: 1.5,
    atLeast: false,
  }));
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
