"use client";

import { useLethe } from "@lethe/client/react";
import { useMutation, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { type RefObject, useId, useState } from "react";
import { Section } from "@/components/page-frame.tsx";
import { ErrorNotice, FormError } from "@/components/states.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Input, Skeleton } from "@/components/ui/controls.tsx";
import { AlertDialogDescription, AlertDialogTitle, QuestionDialog } from "@/components/ui/dialog.tsx";
import { clearNotes } from "@/features/chats/notes.ts";
import { changeSession } from "@/features/session/own-session.tsx";
import { plural } from "@/lib/format.ts";

/** Where an owner ends all of it, after a question that wants the name. */
export function DeleteTenantSection({ name }: { name: string }) {
  const [asked, setAsked] = useState<string | null>(null);
  return (
    <Section
      title="Delete the tenant"
      description="All chats, people, keys, settings and the ledger, for good. What is left is a signed receipt. Export what you want to keep first."
    >
      <Button variant="danger" onClick={() => setAsked(name)}>
        Delete the tenant…
      </Button>
      <QuestionDialog asked={asked} onCancel={() => setAsked(null)}>
        {(shown) => (
          <LeavingQuestion name={shown.asked} cancelRef={shown.cancelRef} onCancel={() => setAsked(null)} />
        )}
      </QuestionDialog>
    </Section>
  );
}

type LeavingQuestionProps = {
  name: string;
  cancelRef: RefObject<HTMLButtonElement | null>;
  onCancel: () => void;
};

function LeavingQuestion({ name, cancelRef, onCancel }: LeavingQuestionProps) {
  const { trpc } = useLethe();
  const id = useId();
  const [typed, setTyped] = useState("");
  const [keeps, setKeeps] = useState(false);
  // What is there and what is in the way, by the server that is going to do it; each time that somebody asks.
  const preview = useQuery(
    trpc.deletionJob.preview.queryOptions(
      { filter: { state: "any", created_after: "1970-01-01T00:00:00Z" } },
      { staleTime: 0, gcTime: 0 },
    ),
  );
  const leave = useMutation(
    trpc.tenant.delete.mutationOptions({
      onSuccess: ({ path }) => {
        clearNotes();
        // The page that follows needs no session.
        window.location.assign(path ?? "/sign-in");
      },
    }),
  );
  // The session ends with it, maybe before the answer is here: nothing else may lead away from the page that follows.
  const deleteTenant = () =>
    changeSession(() => {
      const left = leave.mutateAsync({ confirm: typed.trim(), keep_ledger: keeps });
      return left.then(
        () => null,
        (error: unknown) => ({ error }),
      );
    });
  const held = preview.data?.blockers.on_hold ?? 0;
  const isReady = preview.data !== undefined && held === 0 && typed.trim() === name && !leave.isPending;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) void deleteTenant();
      }}
    >
      <AlertDialogTitle>Delete {name}?</AlertDialogTitle>
      <AlertDialogDescription>
        Everybody is signed out within two seconds, and API keys stop. Accounts that belong to no other tenant
        go too. Nobody can bring any of it back.
      </AlertDialogDescription>
      <div className="mt-4">
        {preview.isPending ? <Skeleton className="h-16 w-full" /> : null}
        {preview.isError ? (
          <ErrorNotice
            title="The chats could not be counted"
            error={preview.error}
            onRetry={() => void preview.refetch()}
          />
        ) : null}
        {preview.data ? (
          <div className="rounded-lg border bg-shore p-3 text-sm">
            <p className="font-medium">
              {plural(preview.data.matched, "chat")}
              {preview.data.complete ? "" : " or more"}, the Trash with it
            </p>
            <p className="mt-1 text-soft">
              The ledger goes too.{" "}
              <Link href="/deletions" className="underline underline-offset-2">
                Save it as CSV
              </Link>{" "}
              first, if it is to be kept.
            </p>
            {held > 0 ? <Held count={held} chats={preview.data.blocked.on_hold} /> : null}
          </div>
        ) : null}
      </div>
      {held === 0 ? (
        <div className="mt-4">
          <label htmlFor={id} className="block font-medium text-sm">
            Type <span className="break-words rounded bg-mist px-1.5 py-0.5 font-mono">{name}</span> to
            confirm
          </label>
          <Input
            id={id}
            autoComplete="off"
            className="mt-1.5"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <label className="mt-3 flex items-start gap-2 text-sm">
            <input
              type="checkbox"
              className="mt-1"
              checked={keeps}
              onChange={(event) => setKeeps(event.target.checked)}
            />
            Keep the ledger until I have saved it, a day at most
          </label>
        </div>
      ) : null}
      <FormError error={leave.error} />
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <Button ref={cancelRef} onClick={onCancel}>
          Cancel
        </Button>
        <Button breaks type="submit" variant="danger" disabled={!isReady}>
          {leave.isPending ? "Deleting…" : "Delete the tenant"}
        </Button>
      </div>
    </form>
  );
}

/** What has to be released first, with the way there. */
function Held({ count, chats }: { count: number; chats: { id: string; title: string | null }[] }) {
  return (
    <>
      <p className="mt-1 text-soft">
        {plural(count, "chat")} on hold {count === 1 ? "is" : "are"} in the way. Release{" "}
        {count === 1 ? "it" : "them"} first.
      </p>
      <ul aria-label="On hold" className="mt-2 flex flex-col gap-1">
        {chats.map(({ id, title }) => (
          <li key={id} className="truncate">
            <Link href={`/chats/${id}`} className="underline underline-offset-2">
              {title ?? id}
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
