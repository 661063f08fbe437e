import type { Sample, TenantResults } from "../results.ts";
import { show, table } from "./table.ts";

const names = {
  list: "list, first page",
  pages: "list, page after page",
  get: "get",
  send: "send a message",
};

/** Reading and writing in tenants of different sizes. */
export function tenantSection({ rows }: TenantResults): string {
  const sizes = [...new Set(rows.map(({ chats }) => chats))];
  const operations = [...new Set(rows.map(({ operation }) => operation))];
  const head = ["", ...sizes.flatMap((chats) => [`${show(chats)} chats: p50 ms`, "p99 ms"])];
  const lines = operations.map((operation) => [
    names[operation],
    ...sizes.flatMap((chats) =>
      figures(rows.find((row) => row.operation === operation && row.chats === chats)?.median),
    ),
  ]);
  return `## Large tenants\n\n${table(head, lines)}`;
}

function figures(sample: Sample | undefined): string[] {
  if (!sample) return ["–", "–"];
  return sample.invalid === null ? [show(sample.p50), show(sample.p99)] : [`invalid: ${sample.invalid}`, "–"];
}
