"use client";

import type { DeletionRecord, DeletionWithReceipts } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { type ReceiptVerdict, verifyReceipt } from "@lethe/client/receipts";
import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { CopyButton } from "@/components/copy-button.tsx";
import { Fact, PageFrame, Section } from "@/components/page-frame.tsx";
import { ErrorNotice } from "@/components/states.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Skeleton } from "@/components/ui/controls.tsx";
import { useReceiptKeys, Verdict } from "@/features/receipts/verdict.tsx";
import { saveFile } from "@/lib/browser.ts";
import { formatTime, plural } from "@/lib/format.ts";
import { describeActor, describeWay, StateBadge } from "./describe-deletion.tsx";

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

function Identifier({ value, label }: { value: string; label: string }) {
  return (
    <span className="flex items-start gap-1">
      <code className="min-w-0 break-all font-mono text-[0.8125rem] leading-6">{value}</code>
      <CopyButton text={value} label={label} className="size-6! [&_svg]:size-3.5!" />
    </span>
  );
}

type ReceiptCardProps = { title: string; about: string; receipt: string; fileName: string };

/** A receipt to keep: copied, downloaded, or checked on the spot. */
function ReceiptCard({ title, about, receipt, fileName }: ReceiptCardProps) {
  const keys = useReceiptKeys();
  const [verdict, setVerdict] = useState<ReceiptVerdict | null>(null);
  return (
    <section aria-label={title} className="rounded-xl border bg-card p-4 text-sm">
      <h3 className="font-medium">{title}</h3>
      <p className="mt-1 text-pretty text-soft">{about}</p>
      <p className="mt-3 flex items-start gap-1 rounded-lg bg-shore p-3">
        <code className="line-clamp-3 min-w-0 break-all font-mono text-xs leading-5">{receipt}</code>
        <CopyButton
          text={receipt}
          label={`Copy ${title.toLowerCase()}`}
          className="size-6! [&_svg]:size-3.5!"
        />
      </p>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button size="sm" onClick={() => saveFile(new Blob([`${receipt}\n`]), fileName)}>
          <Download aria-hidden="true" />
          Download
        </Button>
        <Button
          size="sm"
          disabled={!keys.data}
          onClick={async () => {
            if (keys.data) setVerdict(await verifyReceipt(receipt, keys.data));
          }}
        >
          Check signature
        </Button>
      </div>
      <div role="status" className="mt-3 empty:hidden">
        {verdict ? <Verdict verdict={verdict} /> : null}
      </div>
    </section>
  );
}
