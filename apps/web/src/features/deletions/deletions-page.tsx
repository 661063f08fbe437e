"use client";

import type { DeletionRecord } from "@lethe/api/schemas";
import { exportLedger, toLetheError } from "@lethe/client";
import { useLethe } from "@lethe/client/react";
import { keepPreviousData, useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Download, ListChecks, ShieldCheck } from "lucide-react";
import Link from "next/link";
import { RequestId } from "@/components/copy-button.tsx";
import { PageFrame } from "@/components/page-frame.tsx";
import { ListBody, RowSkeletons, ShowOlder } from "@/components/states.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { Button } from "@/components/ui/button.tsx";
import { buttonVariants } from "@/components/ui/controls.tsx";
import { toasts } from "@/components/ui/toasts.ts";
import { useMay } from "@/features/session/own-session.tsx";
import { saveFile } from "@/lib/browser.ts";
import { plural } from "@/lib/format.ts";
import { describeActor, describeWay, StateBadge } from "./describe-deletion.tsx";
import { LedgerFilter, useLedgerFilter } from "./ledger-filter.tsx";

/** The deletion ledger of the tenant, newest first. */
export function DeletionsPage() {
  const { trpc } = useLethe();
  const { asked, change, filter, isFiltered } = useLedgerFilter();
  const list = useInfiniteQuery(
    trpc.deletion.list.infiniteQueryOptions(
      { limit: 50, ...filter },
      {
        getNextPageParam: (page) => page.next_cursor,
        placeholderData: keepPreviousData,
        // A long transcript is erased within seconds; nothing else changes by itself.
        refetchInterval: ({ state: { data } }) =>
          data?.pages.some((page) => page.data.some((deletion) => deletion.state === "pending"))
            ? 2_000
            : false,
      },
    ),
  );
  const mayTrash = useMay("chats:trash");
  const deletions = list.data?.pages.flatMap((page) => page.data) ?? [];

  return (
    <PageFrame
      title="Deletions"
      description="Every chat that was deleted permanently has one line here: when, by whom, through what, and whether its last row is gone. It holds no content. Each line has a receipt that can be checked offline."
      actions={
        <>
          <SaveCsv filter={filter} />
          {mayTrash ? (
            <Link href="/deletions/jobs" className={buttonVariants({ variant: "outline" })}>
              <ListChecks aria-hidden="true" />
              <span className="max-sm:sr-only">Deletion jobs</span>
            </Link>
          ) : null}
          <Link href="/receipts" className={buttonVariants({ variant: "outline" })}>
            <ShieldCheck aria-hidden="true" />
            <span className="max-sm:sr-only">Check a receipt</span>
          </Link>
        </>
      }
    >
      <LedgerFilter asked={asked} onChange={change} lines={deletions} />
      <ListBody
        list={list}
        count={deletions.length}
        pending={<RowSkeletons label="Loading deletions" />}
        failure="The ledger could not be read"
        empty={
          <p className="py-10 text-center text-sm text-soft">
            {isFiltered ? "No deletion matches." : "Nothing has been deleted yet."}
          </p>
        }
      >
        <ul aria-label="Deletions" className="divide-y divide-line rounded-xl border bg-card">
          {deletions.map((deletion) => (
            <DeletionRow key={deletion.id} deletion={deletion} />
          ))}
        </ul>
        <p className="mt-3 text-soft text-xs">
          {plural(deletions.length, "deletion")}
          {list.hasNextPage ? " so far" : ""}
        </p>
      </ListBody>
      <ShowOlder list={list} />
    </PageFrame>
  );
}

/** Saves the lines that are asked for as CSV, all of them. */
function SaveCsv({ filter }: { filter: ReturnType<typeof useLedgerFilter>["filter"] }) {
  const { client } = useLethe();
  const save = useMutation({
    mutationFn: () => exportLedger(client, { filter }),
    onSuccess: ({ blob, filename }) => saveFile(blob, filename),
    onError: (cause) => {
      const error = toLetheError(cause);
      toasts.add({
        id: "ledger-csv",
        type: "error",
        timeout: 0,
        title: "The ledger was not saved",
        description: error.message,
        data: {
          detail: <RequestId id={error.requestId} />,
          actions: [{ label: "Retry", onClick: () => save.mutate() }],
        },
      });
    },
  });
  return (
    <Button disabled={save.isPending} focusableWhenDisabled onClick={() => save.mutate()}>
      <Download aria-hidden="true" />
      {save.isPending ? "Saving…" : "CSV"}
    </Button>
  );
}

/** A line of the ledger. */
function DeletionRow({ deletion }: { deletion: DeletionRecord }) {
  return (
    <li className="relative px-4 py-3 hover:bg-hover">
      <div className="flex items-baseline gap-3">
        <Link
          href={`/deletions/${deletion.id}`}
          className="min-w-0 truncate font-medium font-mono text-[0.8125rem] before:absolute before:inset-0"
        >
          {deletion.chat_id}
        </Link>
        <span className="ml-auto shrink-0 text-soft text-xs">
          <TimeAgo time={deletion.deleted_at} />
        </span>
      </div>
      <p className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-[0.8125rem] text-soft">
        <StateBadge state={deletion.state} />
        <span>{plural(deletion.message_count, "message")}</span>
        <span className="min-w-0 break-words">
          {describeActor(deletion)}, through {describeWay(deletion)}
        </span>
        {deletion.forced ? <span>disconnected others</span> : null}
      </p>
    </li>
  );
}
