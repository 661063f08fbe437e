"use client";

import type { LedgerPreview, Settings } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { limits } from "@lethe/core/limits";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { type FormEvent, useState } from "react";
import { FormError } from "@/components/states.tsx";
import { Button } from "@/components/ui/button.tsx";
import { plural } from "@/lib/format.ts";
import { DaysField, parseDays, useUpdateSettings } from "./days-field.tsx";
import { type AskedDays, DaysQuestion, RuleQuestion } from "./rule-question.tsx";

const { least: min, most: max } = limits.ledgerRetentionDays;
const saved = "Saved how long the ledger is kept";

/** How long lines of the ledger are kept. Fewer days remove some at once, so they are asked about first. */
export function LedgerForm({ settings }: { settings: Settings }) {
  const [typed, setTyped] = useState<string | null>(null);
  const [asked, setAsked] = useState<number | null>(null);
  const update = useUpdateSettings(saved);
  const current = settings.ledger_retention_days;
  const text = typed ?? String(current ?? "");
  const days = parseDays(text, { min, max });
  const problem =
    days === undefined && text.trim() !== "" ? `A whole number from ${min} to ${max}` : undefined;
  const isShorter = days !== undefined && (current === null || days < current);
  const save = (kept: number | null) =>
    update.mutate({ ledger_retention_days: kept }, { onSuccess: () => setTyped(null) });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (days === undefined || update.isPending) return;
    if (isShorter) setAsked(days);
    else save(days);
  }

  return (
    <form onSubmit={submit} className="flex flex-col items-start gap-3 rounded-xl border bg-card p-4">
      <DaysField
        label="Keep lines of the ledger for"
        value={text}
        onChange={setTyped}
        problem={problem}
        hint={
          current === null
            ? "The ledger is kept for ever."
            : `Lines older than ${current} days are removed, once they were exported.`
        }
      />
      <FormError error={update.error} />
      <div className="flex flex-wrap gap-2">
        <Button
          type="submit"
          focusableWhenDisabled
          disabled={days === undefined || days === current || update.isPending}
        >
          {isShorter ? "See what it would remove…" : "Save ledger setting"}
        </Button>
        {current === null ? null : (
          <Button variant="ghost" disabled={update.isPending} onClick={() => save(null)}>
            Keep it for ever
          </Button>
        )}
      </div>
      <DaysQuestion
        asked={asked}
        of={LedgerQuestion}
        onCancel={() => setAsked(null)}
        onDone={() => {
          setAsked(null);
          setTyped(null);
        }}
      />
    </form>
  );
}

/** Says what of the ledger would go now and what once it was exported, and sets the days. */
function LedgerQuestion({ days, cancelRef, onCancel, onDone }: AskedDays) {
  const { trpc } = useLethe();
  const preview = useQuery(
    trpc.settings.previewLedger.queryOptions({ ledger_retention_days: days }, { staleTime: 0, gcTime: 0 }),
  );
  const update = useUpdateSettings(saved);
  return (
    <RuleQuestion
      title={`Keep lines of the ledger for only ${plural(days, "day")}?`}
      description="Older ones are removed for good, once they lie in an export that was sent completely. Receipts that people hold stay valid; they cannot be had anew. The chats’ ids are never used again."
      preview={preview}
      noun="line"
      countOf={({ exported }) => exported}
      summary={LedgerSummary}
      action="Save"
      update={update}
      cancelRef={cancelRef}
      onCancel={onCancel}
      onConfirm={() => update.mutate({ ledger_retention_days: days }, { onSuccess: onDone })}
    />
  );
}

function LedgerSummary({ preview: { matched, exported, complete } }: { preview: LedgerPreview }) {
  const others = matched - exported;
  return (
    <div className="rounded-lg border bg-shore p-3 text-sm">
      <p className="font-medium">
        {matched === 0
          ? "No line is older now."
          : `${plural(matched, "line")}${complete ? "" : " or more"} older`}
      </p>
      {exported > 0 ? <p className="mt-1">{plural(exported, "line")} exported: removed now.</p> : null}
      {others > 0 ? (
        <p className="mt-1 text-soft">
          {plural(others, "line")} not exported yet: kept until{" "}
          <Link href="/deletions" className="underline underline-offset-2">
            the ledger
          </Link>{" "}
          is exported after this.
        </p>
      ) : null}
    </div>
  );
}
