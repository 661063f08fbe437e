"use client";

import type { DeletionRecord } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { ReceiptText } from "lucide-react";
import Link from "next/link";
import { CopyButton } from "@/components/copy-button.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { buttonVariants } from "@/components/ui/controls.tsx";
import { describeWay } from "@/features/deletions/describe-deletion.tsx";
import { useOwnSession } from "@/features/session/own-session.tsx";
import { describeTrasher } from "../trash/trashed-bar.tsx";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What the ledger says of a chat: undefined while it is asked, null if it was never deleted. */
function useLedgerLine(chatId: string): DeletionRecord | null | undefined {
  const { trpc } = useLethe();
  const isId = uuid.test(chatId);
  const { data, isPending } = useQuery({
    ...trpc.deletion.list.queryOptions(isId ? { chat_id: chatId, limit: 1 } : {}),
    enabled: isId,
    retry: false,
  });
  return isId && isPending ? undefined : (data?.data[0] ?? null);
}

type GoneProps = {
  chatId: string;
  /** When this page was told of the deletion; null: it finds no chat. */
  deletedAt: string | null;
  unsent: string;
};

/** A chat that was deleted, here or elsewhere, or that never was. The ledger knows, after a reload too. */
export function Gone({ chatId, deletedAt, unsent }: GoneProps) {
  const line = useLedgerLine(chatId);
  const { actorId } = useOwnSession();
  const at = line?.deleted_at ?? deletedAt;
  return (
    <section
      aria-labelledby="gone"
      className="flex flex-1 flex-col items-center justify-center gap-5 p-6 text-center"
    >
      <FadingRiver />
      <div className="max-w-sm">
        <h1 id="gone" className="font-semibold text-xl tracking-tight">
          {at ? "This chat was deleted" : "This chat is gone"}
        </h1>
        <p className="mt-2 min-h-12 text-pretty text-soft">
          {at ? (
            <>
              It was deleted <TimeAgo time={at} />
              {line
                ? ` by ${describeTrasher({ trashed_by: line.actor }, actorId)}, through ${describeWay(line)}`
                : null}
              .{" "}
              {line?.state === "pending"
                ? "Nothing of it can be reached; its last messages are being erased."
                : "Its messages are erased and cannot be brought back."}
            </>
          ) : line === null ? (
            "It was deleted, or there never was a chat at this address."
          ) : null}
        </p>
      </div>
      {unsent.trim() ? (
        <div className="w-full max-w-sm rounded-xl border bg-card p-3 text-left">
          <p className="flex items-center justify-between font-medium text-sm">
            What you had not sent yet
            <CopyButton text={unsent} label="Copy unsent message" />
          </p>
          <p className="max-h-40 overflow-y-auto whitespace-pre-wrap break-words text-sm text-soft">
            {unsent}
          </p>
        </div>
      ) : null}
      <div className="flex flex-wrap justify-center gap-2">
        {line ? (
          <Link href={`/deletions/${line.id}`} className={buttonVariants({ variant: "outline" })}>
            <ReceiptText aria-hidden="true" />
            Receipt
          </Link>
        ) : null}
        <Link href="/chats" className={buttonVariants({ variant: "outline" })}>
          All chats
        </Link>
      </div>
    </section>
  );
}

/** Shown while this tab deletes or trashes the chat. A fast server answers before it appears. */
export function Forgetting({ toTrash }: { toTrash: boolean }) {
  return (
    <section className="flex flex-1 flex-col items-center justify-center gap-4 p-6 text-center">
      <div className="animate-late">
        <FadingRiver />
        <h1 className="mt-4 font-medium text-soft">
          {toTrash ? "Moving the chat to the Trash…" : "Deleting the chat…"}
        </h1>
      </div>
    </section>
  );
}

function FadingRiver() {
  return (
    <svg viewBox="0 0 120 64" fill="none" aria-hidden="true" className="mx-auto h-16 w-30 text-river">
      <g stroke="currentColor" strokeWidth="3" strokeLinecap="round">
        <path d="M6 14c12-9 24-9 36 0s24 9 36 0 24-9 36 0" />
        <path d="M6 34c12-9 24-9 36 0s24 9 36 0" opacity=".5" />
        <path d="M6 54c12-9 24-9 34-2" opacity=".2" />
      </g>
    </svg>
  );
}
