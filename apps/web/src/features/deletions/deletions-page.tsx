"use client";

import { useLethe } from "@lethe/client/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ListChecks, ShieldCheck } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { ErrorNotice } from "@/components/error-notice.tsx";
import { PageFrame } from "@/components/page-frame.tsx";
import { Button, buttonVariants } from "@/components/ui/button.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { plural } from "@/lib/plural.ts";
import { DeletionRow } from "./deletion-row.tsx";
import { StateFilter, type StateOfFilter } from "./state-filter.tsx";

/** The deletion ledger of the tenant, newest first. */
export function DeletionsPage() {
  const { trpc } = useLethe();
  const [state, setState] = useState<StateOfFilter>("all");
  const list = useInfiniteQuery(
    trpc.deletion.list.infiniteQueryOptions(state === "all" ? { limit: 50 } : { limit: 50, state }, {
      getNextPageParam: (page) => page.next_cursor,
      // A long transcript is erased within seconds; nothing else changes by itself.
      refetchInterval: ({ state: { data } }) =>
        data?.pages.some((page) => page.data.some((deletion) => deletion.state === "pending"))
          ? 2_000
          : false,
    }),
  );
  const deletions = list.data?.pages.flatMap((page) => page.data) ?? [];

  function body() {
    if (list.isPending) return <LedgerSkeleton />;
    if (list.isError && deletions.length === 0)
      return (
        <ErrorNotice title="The ledger could not be read" error={list.error} onRetry={() => list.refetch()} />
      );
    if (deletions.length === 0)
      return (
        <p className="py-10 text-center text-sm text-soft">
          {state === "pending" ? "Nothing is being erased now." : "Nothing has been deleted yet."}
        </p>
      );
    return (
      <>
        <ul aria-label="Deletions" className="divide-y divide-line rounded-xl border bg-card">
          {deletions.map((deletion) => (
            <DeletionRow key={deletion.id} deletion={deletion} />
          ))}
        </ul>
        <p className="mt-3 text-soft text-xs">
          {plural(deletions.length, "deletion")}
          {list.hasNextPage ? " so far" : ""}
        </p>
      </>
    );
  }

  return (
    <PageFrame
      title="Deletions"
      description="Every chat that was deleted for good has one line here: when, by whom, through what, and whether its last row is gone. It holds no content. Each line has a receipt that can be checked offline."
      actions={
        <>
          <Link href="/deletions/jobs" className={buttonVariants({ variant: "outline" })}>
            <ListChecks aria-hidden="true" />
            <span className="max-sm:sr-only">Deletion jobs</span>
          </Link>
          <Link href="/receipts" className={buttonVariants({ variant: "outline" })}>
            <ShieldCheck aria-hidden="true" />
            <span className="max-sm:sr-only">Check a receipt</span>
          </Link>
        </>
      }
    >
      <StateFilter value={state} onChange={setState} />
      {body()}
      {list.hasNextPage ? (
        <Button className="mt-4" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {list.isFetchingNextPage ? "Loading…" : "Show older"}
        </Button>
      ) : null}
    </PageFrame>
  );
}

function LedgerSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading deletions"
      className="divide-y divide-line rounded-xl border bg-card"
    >
      {["a", "b", "c", "d"].map((row) => (
        <div key={row} className="px-4 py-3.5">
          <Skeleton className="h-3.5 w-2/5" />
          <Skeleton className="mt-2.5 h-3 w-3/5" />
        </div>
      ))}
    </div>
  );
}
