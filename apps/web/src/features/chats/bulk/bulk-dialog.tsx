"use client";

import type { ExportFormat } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { Lock, Radio } from "lucide-react";
import { type ReactNode, type RefObject, useState } from "react";
import { ErrorNotice } from "@/components/states.tsx";
import { isConfirmed, TypedConfirmation } from "@/components/typed-confirmation.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Checkbox } from "@/components/ui/controls.tsx";
import { AlertDialogDescription, AlertDialogTitle, QuestionDialog } from "@/components/ui/dialog.tsx";
import { useMay } from "@/features/session/own-session.tsx";
import { formatNumber, plural } from "@/lib/format.ts";
import { KeepCopy, useCopyFirst } from "../delete/keep-copy.tsx";
import { exportSetToFile } from "./export-set.ts";
import { type Target, type TargetFacts, useTargetFacts } from "./target.ts";

type Confirmed = {
  target: Target;
  /** How many chats the target had when it was confirmed. */
  total: number;
  force: boolean;
  /** Only what was exported after this time, and is still what was exported. */
  exportedAfter?: string;
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
  const [format, setFormat] = useState<ExportFormat>("json");
  const { client } = useLethe();
  const mayRead = useMay("chats:read");
  const count = facts ? deletable(facts, force) : undefined;
  const isReady = count !== undefined && count > 0 && isConfirmed(count, typed);
  const copy = useCopyFirst(
    (options) => exportSetToFile(client, target, options),
    ({ asOf }) => {
      if (facts) onConfirm({ target, total: facts.total, force, exportedAfter: asOf });
    },
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (facts && isReady && !copy.isRunning) onConfirm({ target, total: facts.total, force });
      }}
    >
      <AlertDialogTitle>
        {count === undefined ? "Delete these chats permanently?" : titleOf(count)}
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
      {count && mayRead ? (
        <KeepCopy format={format} onFormat={setFormat} copy={copy} isReady={isReady}>
          Saves a ZIP archive, checks it, and deletes only what is in it.
        </KeepCopy>
      ) : null}
      {count ? <TypedConfirmation count={count} value={typed} onChange={setTyped} /> : null}
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <Button
          ref={cancelRef}
          onClick={() => {
            copy.stop();
            onCancel();
          }}
        >
          Cancel
        </Button>
        <Button type="submit" variant="danger" disabled={!isReady || copy.isRunning}>
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
  return count === 0
    ? "None of these chats can be deleted now"
    : `Delete ${plural(count, "chat")} permanently?`;
}

type BulkFactsProps = {
  facts: TargetFacts;
  target: Target;
  force: boolean;
  onForce: (force: boolean) => void;
};

/** What goes and what stays, in numbers. */
function BulkFacts({ facts, target, force, onForce }: BulkFactsProps) {
  const { total, messages, live, held } = facts;
  return (
    <>
      <p>
        {whatGoes(target, total)}
        {messages === undefined ? "" : `, with ${plural(messages, "message")}`}. What is deleted cannot be
        brought back.
      </p>
      {facts.complete ? null : (
        <p className="mt-2">There was no time to count all of them. Those that were counted are deleted.</p>
      )}
      {held > 0 ? (
        <Notice icon={<Lock aria-hidden="true" />}>
          <strong className="font-semibold">{plural(held, "chat")}</strong>{" "}
          {held === 1 ? "is on hold and stays." : "are on hold and stay."}
          <Titles titles={facts.heldTitles} count={held} />
        </Notice>
      ) : null}
      {live > 0 ? (
        <Notice icon={<Radio aria-hidden="true" />}>
          <strong className="font-semibold">{plural(live, "chat")}</strong> {live === 1 ? "has" : "have"} live
          connections{force ? "." : live === 1 ? " and stays." : " and stay."}
          <Titles titles={facts.liveTitles} count={live} />
          {/* biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control */}
          <label className="-ml-1.5 mt-1.5 flex min-h-8 cursor-pointer items-center gap-1.5">
            <Checkbox checked={force} onChange={(event) => onForce(event.target.checked)} />
            Disconnect and delete {live === 1 ? "it" : "them"} too
          </label>
        </Notice>
      ) : null}
    </>
  );
}

/** Chats that are named; of the others it is said how many there are. */
const mostTitles = 5;

function Titles({ titles, count }: { titles: readonly string[]; count: number }) {
  const shown = titles.filter((title) => title !== "").slice(0, mostTitles);
  if (shown.length === 0) return null;
  return (
    <ul className="mt-1.5 text-[0.8125rem]">
      {shown.map((title, index) => (
        <li key={index} className="truncate">
          {title}
        </li>
      ))}
      {count > shown.length ? (
        <li className="text-soft">and {formatNumber(count - shown.length)} more</li>
      ) : null}
    </ul>
  );
}

function whatGoes(target: Target, total: number): string {
  const chats = plural(total, "chat");
  if (target.kind === "trash") return `${chats} ${total === 1 ? "lies" : "lie"} in the Trash`;
  if (target.kind === "some") return `You have selected ${chats}`;
  const isFiltered = Object.keys(target.criteria).length > 0;
  if (!target.search) return isFiltered ? `${chats} met the filters` : `These are all ${chats}`;
  return `${chats} matched “${target.search}”${isFiltered ? " and met the filters" : ""}`;
}

function Notice({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <div className="mt-3 flex gap-2.5 rounded-lg bg-mist px-3 py-2.5 text-pretty text-ink text-sm [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-river">
      {icon}
      <div className="min-w-0">{children}</div>
    </div>
  );
}
