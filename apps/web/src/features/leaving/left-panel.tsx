"use client";

import type { Departure } from "@lethe/api/schemas";
import { useEffect, useState } from "react";
import { CopyButton } from "@/components/copy-button.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Skeleton } from "@/components/ui/controls.tsx";
import { Failure } from "@/features/session/form-parts.tsx";
import { ask, type SessionFailure, tell } from "@/features/session/session-request.ts";
import { saveFile } from "@/lib/browser.ts";
import { formatNumber, formatTime, plural } from "@/lib/format.ts";

/** How often it is asked for while the tenant is under way; milliseconds. */
const pauseMs = 1_000;
/** How long a ledger may take to arrive; milliseconds. */
const longestMs = 3_600_000;

/** The steps in their order, as people have them. */
const steps = [
  { state: "closing", label: "Keys, sessions and sockets end" },
  { state: "deleting", label: "Chats are deleted, each with its line in the ledger" },
  { state: "telling", label: "Webhooks are told, for an hour at most" },
  { state: "removing", label: "All the rest is removed" },
] as const;

/** Follows a tenant until it has left, then shows the receipt. */
export function LeftPanel() {
  const { departure, failure } = useDeparture();
  if (departure === null)
    return failure ? <Failure failure={failure} /> : <Skeleton className="h-40 w-full" />;
  const current = steps.findIndex(({ state }) => state === departure.state);
  return (
    <>
      <ol aria-label="Steps" className="flex flex-col gap-3 text-sm">
        {steps.map(({ state, label }, index) => (
          <li key={state} aria-current={index === current ? "step" : undefined} className="text-pretty">
            <span className={index === current ? "font-medium" : "text-soft"}>{label}</span>
            <span className="text-soft">
              {departure.state === "left" || index < current ? ": done" : index === current ? " …" : ""}
            </span>
          </li>
        ))}
      </ol>
      <p aria-live="polite" className="mt-4 text-pretty text-sm">
        {words(departure)}
      </p>
      <Failure failure={failure} />
      {departure.ledger ? <Ledger tenantId={departure.tenant_id} ledger={departure.ledger} /> : null}
      {departure.receipt ? <Receipt tenantId={departure.tenant_id} receipt={departure.receipt} /> : null}
    </>
  );
}

function words({ state, chats, held, ledger }: Departure): string {
  if (held.length > 0) return `On hold, and in the way: ${held.join(", ")}. Ask whoever runs this Lethe.`;
  if (state === "left") return "It has left. Nothing of it is in the database but this receipt.";
  if (ledger) return "It waits for you to save the ledger.";
  if (state === "deleting" && chats?.matched)
    return `${formatNumber(chats.deleted)} of ${plural(chats.matched, "chat")} are deleted.`;
  return "You may close this page; it goes on by itself.";
}

type LedgerProps = { tenantId: string; ledger: NonNullable<Departure["ledger"]> };

/** The complete ledger, to be saved before it goes. A page cannot see whether a file was saved: so whoever has it says so. */
function Ledger({ tenantId, ledger }: LedgerProps) {
  const [failure, setFailure] = useState<SessionFailure | null>(null);
  const [isSaved, setIsSaved] = useState(false);
  async function save() {
    try {
      const answer = await fetch("/api/v1/departure/ledger", {
        headers: { authorization: `Bearer ${tokenOfPage()}` },
        signal: AbortSignal.timeout(longestMs),
      });
      if (!answer.ok) throw new Error(`${answer.status}`);
      saveFile(await answer.blob(), `lethe-ledger-${tenantId}.ndjson`);
      setFailure(null);
      setIsSaved(true);
    } catch {
      setFailure({ message: "The ledger did not arrive whole. Try again." });
    }
  }
  const letGo = async () =>
    setFailure(
      await tell("/api/v1/departure", {
        method: "PATCH",
        token: tokenOfPage(),
        body: { ledger_kept: ledger.sha256 },
      }),
    );
  return (
    <div className="mt-4 text-sm">
      <p className="text-pretty">
        The ledger is complete. Save it before it goes, at {formatTime(ledger.until)} at the latest.
      </p>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button onClick={() => void save()}>Save the ledger</Button>
        <Button disabled={!isSaved} onClick={() => void letGo()}>
          I have it: go on
        </Button>
      </div>
      <Failure failure={failure} />
    </div>
  );
}

/** The secret behind the #. */
const tokenOfPage = () => window.location.hash.slice(1);

function Receipt({ tenantId, receipt }: { tenantId: string; receipt: string }) {
  return (
    <div className="mt-4">
      <div className="flex items-center gap-2">
        <code className="min-w-0 flex-1 truncate rounded bg-mist px-2 py-1 font-mono text-xs">{receipt}</code>
        <CopyButton text={receipt} label="Copy receipt" />
      </div>
      <Button
        className="mt-3"
        onClick={() =>
          saveFile(new Blob([`${receipt}\n`], { type: "text/plain" }), `lethe-tenant-${tenantId}.jws`)
        }
      >
        Save receipt
      </Button>
    </div>
  );
}

/** The departure that the secret behind the # opens, asked for again until it has ended. */
function useDeparture(): { departure: Departure | null; failure: SessionFailure | null } {
  const [departure, setDeparture] = useState<Departure | null>(null);
  const [failure, setFailure] = useState<SessionFailure | null>(null);
  useEffect(() => {
    const token = tokenOfPage();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    async function look() {
      const answer = await ask("/api/v1/departure", { token }, (all) => all.departureSchema);
      if (isOver) return;
      setFailure(answer.failure ?? null);
      if (answer.data) setDeparture(answer.data);
      // A server that is away for a moment is asked again; a link that opens nothing is not.
      const hasEnded = answer.data?.state === "left" || answer.failure?.reason === "departure_not_found";
      if (!hasEnded) timer = setTimeout(() => void look(), pauseMs);
    }
    void look();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, []);
  return { departure, failure };
}
