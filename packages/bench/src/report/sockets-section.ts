import type { SocketsResults } from "../results.ts";
import { show, table } from "./table.ts";

/** Open sockets, and deletions among them. */
export function socketsSection(results: SocketsResults): string {
  const { sockets, chats, openSeconds, bytesEach, idleCpuPercent } = results;
  const rows = [
    { what: "open a socket, until it is ready", ...results.open },
    { what: "DELETE of a chat with sockets, until 409", ...results.refused },
    { what: "DELETE with force, until 200", ...results.forcedAnswer },
    { what: "DELETE with force, until the last socket has heard of it", ...results.told },
  ];
  return [
    `## ${show(sockets)} sockets on ${show(chats)} chats`,
    `Opened in ${show(openSeconds)} s; ${show(bytesEach / 1_024)} KiB of the server's memory each; ` +
      `${show(idleCpuPercent)} % of a core while all are quiet.`,
    table(
      ["", "p50 ms", "p99 ms", "worst ms"],
      rows.map(({ what, p50, p99, worst }) => [what, ...[p50, p99, worst].map((value) => show(value))]),
    ),
  ].join("\n\n");
}
