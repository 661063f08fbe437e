"use client";

import type { Chat, Connections } from "@lethe/api/schemas";
import { ownConnectionCount, useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { useOwnSession } from "@/features/session/own-session.tsx";
import { formatNumber } from "@/lib/format.ts";

/** As many are named; of more there is the number. */
const named = 3;

/** What stands behind the name of a person or a key where it must be nobody else's. */
const address = / \((?:[^()\s]+@[^()\s]+|lethe_[^()\s]+)\)$/;

const elsewhere = "you in another place";

/** Who else is in the chat now, while somebody is. */
export function OthersHere({ chat }: { chat: Chat }) {
  const lethe = useLethe();
  const { actorId } = useOwnSession();
  const own = ownConnectionCount(chat.id);
  const others = chat.active_connections - own;
  const { data } = useQuery(
    lethe.trpc.chat.connections.queryOptions(
      { chat_id: chat.id },
      { enabled: others > 0, staleTime: 0, refetchInterval: 5_000 },
    ),
  );
  if (others <= 0) return null;
  const names = data ? namesOf(data, actorId, own) : [];
  const isOne = names.length === 1 && names[0] !== elsewhere;
  return (
    <>
      <span aria-hidden="true">·</span>
      <span className="min-w-0" title={names.length > named ? names.join(", ") : undefined}>
        {names.length > 0
          ? `${listOf(names)} ${isOne ? "is" : "are"} here`
          : others === 1
            ? "1 other is here"
            : `${formatNumber(others)} others are here`}
      </span>
    </>
  );
}

/** Everybody once, whatever they have open; this tab's own connections are not somebody else. */
function namesOf({ data }: Connections, actorId: string, own: number): string[] {
  const others = data.filter(({ actor }) => actor?.id !== actorId);
  const isElsewhere = data.length - others.length > own;
  const names = others.map(({ actor }) => actor?.name?.replace(address, "") ?? "somebody");
  return [...new Set(names), ...(isElsewhere ? [elsewhere] : [])];
}

function listOf(names: readonly string[]): string {
  const rest = names.length - named + 1;
  const shown = rest > 1 ? [...names.slice(0, named - 1), `${rest} others`] : names;
  const last = shown.at(-1) ?? "";
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} and ${last}`;
}
