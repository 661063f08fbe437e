import {
  type Receipt,
  type ReceiptVerdict,
  readReceiptKeys,
  type TenantReceipt,
  type TenantReceiptVerdict,
} from "@lethe/client/receipts";
import { useQuery } from "@tanstack/react-query";
import { ShieldAlert, ShieldCheck } from "lucide-react";
import { formatTime, plural } from "@/lib/format.ts";

const timeoutMs = 10_000;

/** The public keys of the Lethe that serves this page. */
export function useReceiptKeys() {
  return useQuery({
    queryKey: ["receipt-keys"],
    queryFn: async ({ signal }) => {
      const answer = await fetch("/.well-known/jwks.json", {
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      if (!answer.ok) throw new Error(`The keys could not be read: ${answer.status}`);
      return readReceiptKeys(await answer.json());
    },
  });
}

/** What the check of a receipt came to, in words. */
export function Verdict({ verdict }: { verdict: ReceiptVerdict | TenantReceiptVerdict }) {
  if (!verdict.valid)
    return (
      <div className="flex gap-3 rounded-xl border border-danger/40 bg-blush p-4 text-sm">
        <ShieldAlert aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-danger" />
        <div>
          <p className="font-medium text-danger">This proves nothing</p>
          <p className="mt-1 text-pretty">{verdict.message}.</p>
        </div>
      </div>
    );
  const { receipt, kid } = verdict;
  return (
    <div className="flex gap-3 rounded-xl border bg-card p-4 text-sm">
      <ShieldCheck aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-live" />
      <div className="min-w-0">
        <p className="font-medium">{meaningOf(receipt)}</p>
        <dl className="mt-2 grid gap-x-4 gap-y-1 sm:grid-cols-[max-content_minmax(0,1fr)]">
          {"left_at" in receipt ? <TenantLines receipt={receipt} /> : <ChatLines receipt={receipt} />}
          <Line name="Signed with key" value={kid} />
        </dl>
      </div>
    </div>
  );
}

function meaningOf(receipt: Receipt | TenantReceipt): string {
  if ("left_at" in receipt) return "Genuine: a tenant has left, with all that it had";
  return receipt.final
    ? "Genuine: deleted, and every row erased"
    : "Genuine: deleted, rows still being erased then";
}

function ChatLines({ receipt }: { receipt: Receipt }) {
  return (
    <>
      <Line name="Chat" value={receipt.chat_id} />
      <Line name="Deleted" value={formatTime(receipt.deleted_at)} />
      {receipt.erased_at ? <Line name="Erased" value={formatTime(receipt.erased_at)} /> : null}
      <Line name="Size" value={plural(receipt.message_count, "message")} />
      {receipt.export_checksum ? <Line name="Export (SHA-256)" value={receipt.export_checksum} /> : null}
    </>
  );
}

function TenantLines({ receipt }: { receipt: TenantReceipt }) {
  return (
    <>
      <Line name="Tenant" value={receipt.tenant_id} />
      <Line name="Left" value={formatTime(receipt.left_at)} />
      <Line name="Deleted" value={plural(receipt.chat_count, "chat")} />
      <Line name="Size" value={plural(receipt.message_count, "message")} />
      <Line name="Ledger (SHA-256)" value={receipt.ledger_digest} />
    </>
  );
}

function Line({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt className="text-soft">{name}</dt>
      <dd className="break-all">{value}</dd>
    </>
  );
}
