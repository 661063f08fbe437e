"use client";

import { type ReceiptVerdict, verifyReceipt } from "@lethe/client/receipts";
import { Download } from "lucide-react";
import { useState } from "react";
import { CopyButton } from "@/components/copy-button.tsx";
import { Button } from "@/components/ui/button.tsx";
import { useReceiptKeys } from "@/features/receipts/use-receipt-keys.ts";
import { Verdict } from "@/features/receipts/verdict.tsx";
import { saveFile } from "@/lib/save-file.ts";

type ReceiptCardProps = { title: string; about: string; receipt: string; fileName: string };

/** A receipt to keep: copied, downloaded, or checked on the spot. */
export function ReceiptCard({ title, about, receipt, fileName }: ReceiptCardProps) {
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
          className="size-6 [&_svg]:size-3.5"
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
