"use client";

import { type RefObject, useState } from "react";
import { ErrorNotice } from "@/components/error-notice.tsx";
import { QuestionDialog } from "@/components/question-dialog.tsx";
import { AlertDialogDescription, AlertDialogTitle } from "@/components/ui/alert-dialog.tsx";
import { Button } from "@/components/ui/button.tsx";
import { plural } from "@/lib/plural.ts";
import { BulkFacts } from "./bulk-facts.tsx";
import { isTyped, typedFrom } from "./is-typed.ts";
import { TypedConfirmation } from "./typed-confirmation.tsx";
import { type Target, type TargetFacts, useTargetFacts } from "./use-target-facts.ts";

export type Confirmed = {
  target: Target;
  /** How many chats the target had when it was confirmed. */
  total: number;
  force: boolean;
};

type BulkDialogProps = {
  /** What to ask about; null closes the dialog. */
  target: Target | null;
  onCancel: () => void;
  onConfirm: (confirmed: Confirmed) => void;
};

/** Asks before many chats are deleted for good: how many there are, and which of them will stay. */
export function BulkDialog({ target, onCancel, onConfirm }: BulkDialogProps) {
  return (
    <QuestionDialog asked={target} onCancel={onCancel}>
      {({ asked, cancelRef, confirm }) => (
        <Question
          target={asked}
          cancelRef={cancelRef}
          onCancel={onCancel}
          onConfirm={(answer) => confirm(() => onConfirm(answer))}
        />
      )}
    </QuestionDialog>
  );
}

type QuestionProps = Omit<BulkDialogProps, "target"> & {
  target: Target;
  cancelRef: RefObject<HTMLButtonElement | null>;
};

function Question({ target, cancelRef, onCancel, onConfirm }: QuestionProps) {
  const { data: facts, error, refetch } = useTargetFacts(target);
  const [force, setForce] = useState(false);
  const [typed, setTyped] = useState("");
  const count = facts ? deletable(facts, force) : undefined;
  const mustType = count !== undefined && count >= typedFrom;
  const isReady = count !== undefined && count > 0 && (!mustType || isTyped(typed, count));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (facts && isReady) onConfirm({ target, total: facts.total, force });
      }}
    >
      <AlertDialogTitle>
        {count === undefined ? "Delete these chats for good?" : titleOf(count)}
      </AlertDialogTitle>
      <AlertDialogDescription render={<div />}>
        {facts ? (
          <BulkFacts facts={facts} target={target} force={force} onForce={setForce} />
        ) : error ? (
          <ErrorNotice title="The chats could not be counted" error={error} onRetry={() => void refetch()} />
        ) : (
          <p>Counting them, and looking for live connections and holds…</p>
        )}
      </AlertDialogDescription>
      {mustType ? <TypedConfirmation count={count} value={typed} onChange={setTyped} /> : null}
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <Button ref={cancelRef} onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" variant="danger" disabled={!isReady}>
          {count ? `Delete ${plural(count, "chat")}` : "Delete"}
        </Button>
      </div>
    </form>
  );
}

function deletable({ total, live, held }: TargetFacts, force: boolean): number {
  return Math.max(0, total - held - (force ? 0 : live));
}

function titleOf(count: number): string {
  return count === 0 ? "None of these chats can be deleted now" : `Delete ${plural(count, "chat")} for good?`;
}
