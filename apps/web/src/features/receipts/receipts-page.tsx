"use client";

import {
  findReceipts,
  type ReceiptVerdict,
  type TenantReceiptVerdict,
  typeOfReceipt,
  verifyReceipt,
  verifyTenantReceipt,
} from "@lethe/client/receipts";
import { type ChangeEvent, type FormEvent, useId, useRef, useState } from "react";
import { PageFrame } from "@/components/page-frame.tsx";
import { ErrorNotice } from "@/components/states.tsx";
import { Button } from "@/components/ui/button.tsx";
import { cn, fieldClasses } from "@/components/ui/controls.tsx";
import { useTypedEarly } from "@/lib/browser.ts";
import { formatNumber } from "@/lib/format.ts";
import { useReceiptKeys, Verdict } from "./verdict.tsx";

/** A file larger than this holds no receipts that anybody wants to see at once; bytes. */
const largestFile = 1_000_000;
/** Receipts that one check takes; the command line takes any number. */
const most = 100;

type Checked = { receipt: string; verdict: ReceiptVerdict | TenantReceiptVerdict };

const toLedger = { href: "/deletions", label: "Back to all deletions" } as const;

/** Checks receipts in the browser: nothing of what is pasted leaves it. */
export function ReceiptsPage() {
  const keys = useReceiptKeys();
  const [text, setText] = useState("");
  const [checked, setChecked] = useState<Checked[] | null>(null);
  const [left, setLeft] = useState(0);
  const ids = { text: useId(), file: useId() };
  const field = useRef<HTMLTextAreaElement>(null);
  useTypedEarly(field, setText);

  async function check(event: FormEvent) {
    event.preventDefault();
    const known = keys.data;
    if (!known) return;
    const receipts = findReceipts(text);
    const asked = receipts.length > 0 ? receipts : [text];
    setLeft(Math.max(0, asked.length - most));
    setChecked(
      await Promise.all(
        asked.slice(0, most).map(async (receipt) => {
          const verify = typeOfReceipt(receipt) === "tenant" ? verifyTenantReceipt : verifyReceipt;
          return { receipt, verdict: await verify(receipt, known) };
        }),
      ),
    );
  }

  async function readFile(event: ChangeEvent<HTMLInputElement>) {
    const file = event.target.files?.[0];
    if (file) setText(await file.slice(0, largestFile).text());
  }

  return (
    <PageFrame
      title="Check a receipt"
      back={toLedger}
      description="A receipt is signed by the Lethe that deleted the chat, or all of a tenant. It is checked here, in your browser, against the public keys of this server; what you paste is sent nowhere."
    >
      {keys.isError ? (
        <ErrorNotice
          title="The public keys could not be read"
          error={keys.error}
          onRetry={() => void keys.refetch()}
        />
      ) : null}
      <form onSubmit={(event) => void check(event)} className="flex flex-col gap-4">
        <div>
          <label htmlFor={ids.text} className="font-medium text-sm">
            Receipt
          </label>
          <textarea
            ref={field}
            id={ids.text}
            className={cn(fieldClasses, "mt-1.5 min-h-40 py-2 font-mono text-[0.8125rem]!")}
            value={text}
            spellCheck={false}
            placeholder="eyJ… as an answer has it, or the whole answer"
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" variant="primary" disabled={text.trim() === "" || !keys.data}>
            Check
          </Button>
          <label htmlFor={ids.file} className="text-sm text-soft">
            or a file
          </label>
          <input
            id={ids.file}
            type="file"
            className="min-h-8 max-w-full text-sm text-soft file:mr-3 file:min-h-8 file:cursor-pointer file:rounded-lg file:border file:border-edge file:border-solid file:bg-card file:px-2.5 file:text-[0.8125rem] file:text-ink hover:file:bg-hover"
            onChange={(event) => void readFile(event)}
          />
        </div>
      </form>
      <div role="status" className="mt-6 flex flex-col gap-3">
        {checked?.map(({ receipt, verdict }) => (
          <Verdict key={receipt} verdict={verdict} />
        ))}
        {left > 0 ? (
          <p className="text-sm text-soft">
            {formatNumber(left)} more were not checked. <code>lethe receipt verify</code> takes any number.
          </p>
        ) : null}
      </div>
    </PageFrame>
  );
}
