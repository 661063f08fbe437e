import type { Receipt, ReceiptVerdict } from "@lethe/receipts";

const actors: Record<string, string> = {
  api_key: "a holder of an API key",
  session: "somebody signed in to the dashboard",
  operator: "an operator",
  system: "Lethe itself",
};

/** What a verdict means, in words, a sentence a line. */
export function describeVerdict(verdict: ReceiptVerdict): string {
  if (!verdict.valid) return `NOT VALID  ${verdict.message}.`;
  const { receipt, kid } = verdict;
  return [
    `VALID  The holder of the key ${kid} states:`,
    `  The chat ${receipt.chat_id} of tenant ${receipt.tenant_id} was deleted at ${receipt.deleted_at},`,
    `  with ${receipt.message_count} ${receipt.message_count === 1 ? "message" : "messages"}, by ${describeActor(receipt)} (deletion ${receipt.deletion_id}).`,
    `  ${describeErasure(receipt)}`,
    ...(receipt.export_checksum === null
      ? []
      : [`  An export of exactly what was deleted has the SHA-256 ${receipt.export_checksum}.`]),
  ].join("\n");
}

function describeActor({ actor_kind, via, forced }: Receipt): string {
  const forcibly = forced ? ", closing live connections" : "";
  return `${actors[actor_kind] ?? actor_kind} through ${via}${forcibly}`;
}

const describeErasure = ({ erased_at, final }: Receipt) =>
  final
    ? `The last of its rows was gone from the database at ${erased_at}.`
    : "When this was issued, its rows were still being erased; the final receipt says when they were gone.";
