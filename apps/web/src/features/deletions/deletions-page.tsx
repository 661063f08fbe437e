"use client";

import { useLethe } from "@lethe/client/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ListChecks, ShieldCheck } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { ListBody } from "@/components/list-body.tsx";
import { PageFrame } from "@/components/page-frame.tsx";
import { RowSkeletons } from "@/components/row-skeletons.tsx";
import { ShowOlder } from "@/components/show-older.tsx";
import { buttonVariants } from "@/components/ui/button.tsx";
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
      <ListBody
        list={list}
        count={deletions.length}
        pending={<RowSkeletons label="Loading deletions" />}
        failure="The ledger could not be read"
        empty={
          <p className="py-10 text-center text-sm text-soft">
            {state === "pending" ? "Nothing is being erased now." : "Nothing has been deleted yet."}
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
