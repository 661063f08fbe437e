"use client";

import type { DeletionRecord, DeletionWithReceipts } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { CopyButton } from "@/components/copy-button.tsx";
import { ErrorNotice } from "@/components/error-notice.tsx";
import { PageFrame } from "@/components/page-frame.tsx";
import { Section } from "@/components/section.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { formatTime } from "@/lib/format-time.ts";
import { plural } from "@/lib/plural.ts";
import { describeActor, describeWay } from "./describe-actor.ts";
import { ReceiptCard } from "./receipt-card.tsx";
import { StateBadge } from "./state-badge.tsx";

const toLedger = { href: "/deletions", label: "Back to all deletions" } as const;

/** One line of the ledger. */
export function DeletionPage({ deletionId }: { deletionId: string }) {
  const { trpc } = useLethe();
  const query = useQuery(
    trpc.deletion.byId.queryOptions(
      { deletion_id: deletionId },
      { refetchInterval: ({ state }) => (state.data?.state === "pending" ? 1_000 : false) },
    ),
  );
  return (
    <PageFrame title="Deletion" back={toLedger}>
      {query.isPending ? <Skeleton className="h-48 w-full" /> : null}
      {query.isError && !query.data ? (
        <ErrorNotice
          title="The deletion could not be read"
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : null}
      {query.data ? (
        <>
          <Facts deletion={query.data} />
          <Receipts deletion={query.data} />
        </>
      ) : null}
    </PageFrame>
  );
}

function Receipts({ deletion }: { deletion: DeletionWithReceipts }) {
  const { id, receipt, final_receipt } = deletion;
  return (
    <div className="mt-8">
      <Section
        title="Receipts"
        description="Signed by this server, and worth keeping: they can be checked without it. They hold ids, times and counts, and no content."
      >
        <div className="flex flex-col gap-4">
          {final_receipt ? (
            <ReceiptCard
              title="Final receipt"
              about="The chat was deleted and every row of it is gone."
              receipt={final_receipt}
              fileName={`lethe-receipt-${id}-final.jws`}
            />
          ) : null}
          {receipt && receipt !== final_receipt ? (
            <ReceiptCard
              title="First receipt"
              about="The chat was deleted: from then on nothing of it could be reached."
              receipt={receipt}
              fileName={`lethe-receipt-${id}.jws`}
            />
          ) : null}
          {receipt || final_receipt ? null : (
            <p className="text-sm text-soft">Receipts cannot be signed at the moment. They are not lost.</p>
          )}
        </div>
      </Section>
    </div>
  );
}

function Facts({ deletion }: { deletion: DeletionRecord }) {
  return (
    <dl className="divide-y divide-line rounded-xl border bg-card">
      <Fact name="State">
        <StateBadge state={deletion.state} />
      </Fact>
      <Fact name="Chat">
        <Identifier value={deletion.chat_id} label="Copy chat id" />
      </Fact>
      <Fact name="Deletion">
        <Identifier value={deletion.id} label="Copy deletion id" />
      </Fact>
      <Fact name="Deleted">{formatTime(deletion.deleted_at)}</Fact>
      <Fact name="Last row erased">
        {deletion.erased_at ? formatTime(deletion.erased_at) : "Not yet; it goes on by itself"}
      </Fact>
      <Fact name="Size">{plural(deletion.message_count, "message")}</Fact>
      <Fact name="By">
        {describeActor(deletion)}, through {describeWay(deletion)}
        {deletion.forced ? "; live connections were closed" : ""}
      </Fact>
      <Fact name="Export">
        {deletion.export_checksum ? (
          <Identifier value={deletion.export_checksum} label="Copy the checksum of the export" />
        ) : (
          "None of exactly what was deleted"
        )}
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-4 gap-y-1 px-4 py-3 text-sm sm:grid-cols-[9rem_minmax(0,1fr)]">
      <dt className="text-soft">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}

function Identifier({ value, label }: { value: string; label: string }) {
  return (
    <span className="flex items-start gap-1">
      <code className="min-w-0 break-all font-mono text-[0.8125rem] leading-6">{value}</code>
      <CopyButton text={value} label={label} className="size-6 [&_svg]:size-3.5" />
    </span>
  );
}
