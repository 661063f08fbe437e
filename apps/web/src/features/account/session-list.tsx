"use client";

import type { OwnSession } from "@lethe/api/schemas";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ListBody, RowSkeletons } from "@/components/states.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Failure } from "@/features/session/form-parts.tsx";
import { ask, type SessionFailure, signOut, tell } from "@/features/session/session-request.ts";
import { keepFocus } from "@/lib/keep-focus.ts";
import { describeBrowser } from "./describe-browser.ts";

const queryKey = ["own sessions"];

/** The browsers in which one is signed in, and the ways to end that. */
export function SessionList() {
  const queryClient = useQueryClient();
  const [failure, setFailure] = useState<SessionFailure | null>(null);
  const query = useQuery({ queryKey, queryFn: readSessions, staleTime: 0 });

  async function end(id: string) {
    const refused = await tell(`/api/sessions/${id}`, { method: "DELETE" });
    setFailure(refused);
    await queryClient.invalidateQueries({ queryKey });
    keepFocus();
  }

  const sessions = query.data ?? [];
  return (
    <ListBody
      list={query}
      count={sessions.length}
      pending={<RowSkeletons label="Loading your sessions" rows={2} />}
      failure="Your sessions could not be read"
      empty={null}
    >
      <ul aria-label="Your sessions" className="divide-y divide-line rounded-xl border bg-card">
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} onEnd={() => void end(session.id)} />
        ))}
      </ul>
      <Failure failure={failure} />
      <Button className="mt-3" onClick={async () => setFailure(await signOut(true))}>
        Sign out everywhere
      </Button>
      <p className="mt-1.5 text-pretty text-soft text-xs">
        Ends all of them within two seconds, this one too, with what they have open.
      </p>
    </ListBody>
  );
}

async function readSessions(): Promise<OwnSession[]> {
  const { data, failure } = await ask("/api/sessions", {}, (schemas) => schemas.ownSessionListSchema);
  if (data) return data.data;
  const { LetheClientError } = await import("@lethe/client");
  const { message, reason, requestId } = failure;
  const code =
    reason === "invalid_credentials" || reason === "missing_credentials" ? "UNAUTHORIZED" : "NETWORK";
  throw new LetheClientError(message, {
    ...{ code, reason, requestId },
    ...{ activeConnections: undefined, retryAfter: undefined },
  });
}

function SessionRow({ session, onEnd }: { session: OwnSession; onEnd: () => void }) {
  const browser = describeBrowser(session.user_agent);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium text-[0.9375rem]">
          {browser}
          {session.current ? <span className="ml-2 font-normal text-live text-xs">this browser</span> : null}
        </p>
        <p className="text-[0.8125rem] text-soft">
          Signed in <TimeAgo time={session.created_at} />
          {session.address ? ` from ${session.address}` : ""}
        </p>
      </div>
      {session.current ? null : (
        <Button size="sm" aria-label={`Sign out ${browser}`} onClick={onEnd}>
          Sign out
        </Button>
      )}
    </li>
  );
}
