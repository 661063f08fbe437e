import type { MemoryResults } from "../results.ts";
import { show, table } from "./table.ts";

/** What a server keeps resident. */
export function memorySection(results: MemoryResults): string {
  const { callers, sockets, streams, seconds, requests, pages, start, resident, heap, serverCpu } = results;
  return [
    "## Memory",
    `${show(seconds)} s of ${callers} callers who make, write, list, read and delete chats, ${sockets} sockets, ` +
      `${streams} event streams and ${pages === 0 ? "no" : show(pages)} pages of the dashboard: ${show(requests)} requests, ` +
      `${show(serverCpu, "ms")} of the server's CPU each. Resident at the start: ${show(start, "MiB")}. Then, every second:`,
    table(
      ["MiB", "median", "p99", "most"],
      [
        ["resident", ...[resident.p50, resident.p99, resident.worst].map((value) => show(value))],
        ["of it, heap of JavaScript", ...[heap.p50, heap.p99, heap.worst].map((value) => show(value))],
      ],
    ),
  ].join("\n\n");
}
