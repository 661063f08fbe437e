"use client";

import type { DeletionRecord } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ListChecks, ShieldCheck } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { PageFrame } from "@/components/page-frame.tsx";
import { ListBody, RowSkeletons, ShowOlder } from "@/components/states.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { buttonVariants, cn } from "@/components/ui/controls.tsx";
import { plural } from "@/lib/format.ts";
import { describeActor, describeWay, StateBadge } from "./describe-deletion.tsx";

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

const options = [
  { value: "all", label: "All" },
  { value: "pending", label: "Being erased" },
  { value: "erased", label: "Erased" },
] as const;

type StateOfFilter = (typeof options)[number]["value"];

/** Which lines of the ledger to show. */
function StateFilter(props: { value: StateOfFilter; onChange: (value: StateOfFilter) => void }) {
  return (
    <fieldset className="mb-4 flex flex-wrap gap-1.5">
      <legend className="sr-only">Which deletions</legend>
      {options.map(({ value, label }) => (
        <label
          key={value}
          className={cn(
            "flex min-h-8 cursor-pointer items-center rounded-full border px-3 text-[0.8125rem] has-focus-visible:outline-2 has-focus-visible:outline-river has-focus-visible:outline-offset-2",
            props.value === value
              ? "border-river bg-mist font-medium text-river"
              : "border-edge text-soft hover:bg-hover",
          )}
        >
          <input
            type="radio"
            name="state"
            value={value}
            checked={props.value === value}
            onChange={() => props.onChange(value)}
            className="sr-only"
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
