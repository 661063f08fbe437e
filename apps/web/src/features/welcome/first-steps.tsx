"use client";

import { useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useId, useSyncExternalStore } from "react";
import { CopyButton } from "@/components/copy-button.tsx";
import { Button } from "@/components/ui/button.tsx";
import { buttonVariants } from "@/components/ui/controls.tsx";
import { useMay, useOwnSession } from "@/features/session/own-session.tsx";
import { useStoredValue } from "@/lib/browser.ts";
import { useChatList, useTrashList } from "../chats/list/list-view.ts";

/**
 * Whether a tenant is new: it has no chats, none in the Trash, and none that was deleted. Whoever has seen the first steps
 * and put them away does not see them again in this browser.
 */
function useIsNew(): boolean {
  const { trpc } = useLethe();
  const { tenant, isDemo } = useOwnSession();
  const [seen] = useSeen(tenant.id);
  const list = useChatList();
  const trash = useTrashList();
  const isEmpty = list.isSuccess && list.chats.length === 0 && trash.isSuccess && trash.chats.length === 0;
  const isAsked = isEmpty && !isDemo && !seen;
  const ledger = useQuery({
    ...trpc.deletion.list.queryOptions({ limit: 1 }),
    enabled: isAsked,
    retry: false,
  });
  return isAsked && ledger.data?.data.length === 0;
}

function useSeen(tenantId: string): [boolean, () => void] {
  const [value, setValue] = useStoredValue(`lethe-first-steps-${tenantId}`, "");
  return [value === "seen", () => setValue("seen")];
}

const never = () => () => undefined;

/** What a new tenant needs: a key, and a first chat through the API. Nothing where that is not what comes next. */
export function FirstSteps() {
  const headingId = useId();
  const isNew = useIsNew();
  const { tenant } = useOwnSession();
  const mayMakeKeys = useMay("keys:write");
  const mayWrite = useMay("chats:write");
  const [, putAway] = useSeen(tenant.id);
  const origin = useSyncExternalStore(
    never,
    () => window.location.origin,
    () => "",
  );
  if (!isNew || !mayWrite) return null;
  const command = [
    `curl -X POST "${origin}/api/v1/chats"`,
    '  -H "X-API-Key: YOUR-KEY" -H "Content-Type: application/json"',
    `  -d '{"title":"My first chat"}'`,
  ].join(" \\\n");
  return (
    <section aria-labelledby={headingId} className="w-full max-w-xl text-left">
      <h2 id={headingId} className="font-semibold text-lg text-ink tracking-tight">
        First steps
      </h2>
      <ol className="mt-3 flex flex-col gap-3">
        <li className="rounded-xl border bg-card p-4">
          <h3 className="font-medium text-ink text-sm">1. An API key for your program</h3>
          <p className="mt-1 text-pretty text-sm text-soft">
            {mayMakeKeys
              ? "It says which program calls, and what it may do. It is shown once."
              : "Owners make them: ask one for a key that may write."}
          </p>
          {mayMakeKeys ? (
            <Link
              href="/settings/keys"
              className={buttonVariants({ variant: "outline", size: "sm", className: "mt-3" })}
            >
              Make a key
            </Link>
          ) : null}
        </li>
        <li className="rounded-xl border bg-card p-4">
          <h3 className="font-medium text-ink text-sm">2. A first chat</h3>
          <p className="mt-1 text-pretty text-sm text-soft">It shows up in the list by itself.</p>
          <div className="mt-3 flex items-start gap-1 rounded-lg bg-shore py-1 pr-1 pl-3">
            <pre className="min-w-0 flex-1 whitespace-pre-wrap break-all py-1.5 font-mono text-ink text-xs leading-5">
              <code>{command}</code>
            </pre>
            <CopyButton text={command} label="Copy command" />
          </div>
        </li>
      </ol>
      <Button size="sm" variant="ghost" className="mt-2" onClick={putAway}>
        Put this away
      </Button>
    </section>
  );
}
