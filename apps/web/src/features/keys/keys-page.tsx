"use client";

import type { ApiKey } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Section } from "@/components/page-frame.tsx";
import { ListBody, NothingHere, RowSkeletons } from "@/components/states.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { Button } from "@/components/ui/button.tsx";
import { cn } from "@/components/ui/controls.tsx";
import { NotYours } from "@/features/session/not-yours.tsx";
import { useMay, useOwnSession } from "@/features/session/own-session.tsx";
import { SettingsFrame } from "@/features/settings/settings-frame.tsx";
import { formatDay, formatTime } from "@/lib/format.ts";
import { NewKeyDialog } from "./new-key-dialog.tsx";
import { RevokeDialog } from "./revoke-dialog.tsx";

/** The keys by which programs come in. */
export function KeysPage() {
  const mayDecide = useMay("keys:write");
  return (
    <SettingsFrame>
      {mayDecide ? <Keys /> : <NotYours what="Owners make and revoke API keys." />}
    </SettingsFrame>
  );
}

function Keys() {
  const { trpc } = useLethe();
  const query = useQuery(trpc.apiKey.list.queryOptions());
  const [isNew, setIsNew] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const keys = query.data?.data ?? [];
  const { scopes: held } = useOwnSession();
  /** Nobody takes what they do not have themselves. */
  const mayRevoke = ({ scopes }: ApiKey) => scopes.every((scope) => held.some((own) => own === scope));
  const isOver = (key: ApiKey) => key.revoked_at !== null || key.expired;
  const living = keys.filter((key) => !isOver(key));
  const over = keys.filter(isOver);
  return (
    <>
      <Section
        title="API keys"
        description="Programs send them in the header X-API-Key. Give each program its own, with what it needs and no more."
        actions={
          <Button variant="primary" onClick={() => setIsNew(true)}>
            <Plus aria-hidden="true" />
            New key
          </Button>
        }
      >
        <ListBody
          list={query}
          count={living.length}
          pending={<RowSkeletons label="Loading the API keys" rows={2} />}
          failure="The API keys could not be read"
          empty={<NothingHere>No key opens anything.</NothingHere>}
        >
          <ul aria-label="API keys" className="divide-y divide-line rounded-xl border bg-card">
            {living.map((key) => (
              <KeyRow
                key={key.id}
                apiKey={key}
                onRevoke={mayRevoke(key) ? () => setRevoking(key) : undefined}
              />
            ))}
          </ul>
        </ListBody>
      </Section>
      {over.length > 0 ? (
        <Section title="Revoked and expired">
          <ul
            aria-label="Revoked and expired API keys"
            className="divide-y divide-line rounded-xl border bg-card"
          >
            {over.map((key) => (
              <KeyRow key={key.id} apiKey={key} isOver />
            ))}
          </ul>
        </Section>
      ) : null}
      <NewKeyDialog open={isNew} onClose={() => setIsNew(false)} />
      <RevokeDialog apiKey={revoking} onClose={() => setRevoking(null)} />
    </>
  );
}

type KeyRowProps = { apiKey: ApiKey; isOver?: boolean; onRevoke?: (() => void) | undefined };

/** A key: what it is called, what it may do, and what became of it. */
function KeyRow({ apiKey, isOver = false, onRevoke }: KeyRowProps) {
  const { name, prefix, scopes, created_at, created_by, expires_at, expired, revoked_at, last_used_at } =
    apiKey;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className={cn("min-w-0 break-words font-medium text-[0.9375rem]", isOver && "text-soft")}>
            {name}
          </span>
          <code className="font-mono text-soft text-xs">{prefix}…</code>
        </p>
        <p className="mt-0.5 text-pretty text-[0.8125rem] text-soft" suppressHydrationWarning>
          {last_used_at ? (
            <>
              Used <TimeAgo time={last_used_at} />
            </>
          ) : (
            "Never used"
          )}
          {" · "}
          {revoked_at
            ? `revoked ${formatTime(revoked_at)}`
            : expires_at
              ? `${expired ? "expired" : "until"} ${formatTime(expires_at)}`
              : "does not expire"}
          {" · "}made {formatDay(created_at)} by {created_by?.name ?? "an operator"}
        </p>
        <ul aria-label={`What ${name} may do`} className="mt-1.5 flex flex-wrap gap-1">
          {scopes.map((scope) => (
            <li key={scope} className="rounded-full bg-mist px-2 py-0.5 font-mono text-river text-xs">
              {scope}
            </li>
          ))}
        </ul>
      </div>
      {onRevoke ? (
        <Button size="sm" aria-label={`Revoke ${name}`} onClick={onRevoke} variant="outline-danger">
          Revoke…
        </Button>
      ) : null}
    </li>
  );
}
