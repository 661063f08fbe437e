"use client";

import { type LetheClientError, toLetheError } from "@lethe/client";
import { CloudOff } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/controls.tsx";
import { RequestId } from "./copy-button.tsx";
import { Button } from "./ui/button.tsx";
import { Skeleton } from "./ui/controls.tsx";

type RowSkeletonsProps = {
  /** Says to who cannot see them that something is being read. */
  label: string;
  rows?: number;
  /** How many lines a row will have: it is as high from the start. */
  lines?: 2 | 3;
};

/** Rows in the place of those that are being read. */
export function RowSkeletons({ label, rows = 4, lines = 2 }: RowSkeletonsProps) {
  return (
    <div role="status" aria-label={label} className="divide-y divide-line rounded-xl border bg-card">
      {Array.from({ length: rows }, (_, row) => `row ${row}`).map((row) => (
        <div
          key={row}
          className={cn("flex flex-col justify-center gap-2.5 px-4", lines === 3 ? "h-[5.625rem]" : "h-18")}
        >
          <Skeleton className="h-3.5 w-2/5" />
          <Skeleton className="h-3 w-3/5" />
          {lines === 3 ? <Skeleton className="h-3 w-1/2" /> : null}
        </div>
      ))}
    </div>
  );
}

type ProgressProps = {
  /** What is under way. */
  label: string;
  /** How much of `max` is done; null while that cannot be told. */
  value: number | null;
  max: number;
  /** The value in words, as screen readers say it. */
  text: string;
  className?: string;
};

/** A bar that fills. Without a value it only says that something is under way. */
export function Progress({ label, value, max, text, className }: ProgressProps) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuetext={text}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={value ?? undefined}
      className={cn("h-1.5 overflow-hidden rounded-full bg-edge/35", className)}
    >
      <div
        className={cn(
          "h-full rounded-full bg-river transition-[width] duration-500",
          value === null && "w-1/4 animate-pulse",
        )}
        style={value === null ? undefined : { width: `${(100 * value) / max}%` }}
      />
    </div>
  );
}

/** In place of something that could not be read: what, why, the request id, and a button that tries again. */
export function ErrorNotice(props: { title: string; error: unknown; onRetry: () => void }) {
  const error = toLetheError(props.error);
  return (
    <section
      aria-label={props.title}
      className="mx-auto flex max-w-sm flex-col items-center gap-3 p-6 text-center"
    >
      <CloudOff aria-hidden="true" className="size-6 text-soft" />
      <div>
        <p className="font-medium">{props.title}</p>
        <p className="mt-1 text-pretty text-sm text-soft">{error.message}</p>
      </div>
      <Button size="sm" onClick={props.onRetry}>
        Retry
      </Button>
      <RequestId id={error.requestId} />
    </section>
  );
}

type FormErrorProps = {
  error: unknown;
  /** How to say it, if its own message is not for these readers. */
  explain?: (failure: LetheClientError) => string;
};

/** Why what a form asked for was not done. */
export function FormError({ error, explain = ({ message }) => message }: FormErrorProps) {
  if (!error) return null;
  const failure = toLetheError(error);
  return (
    <div role="alert" className="rounded-lg bg-blush px-3 py-2.5 text-sm">
      <p className="text-danger">{explain(failure)}</p>
      <RequestId id={failure.requestId} />
    </div>
  );
}

/** What stands in place of a list when there is nothing, where that is all there is to say. */
export function NothingHere({ children }: { children: ReactNode }) {
  return <p className="rounded-xl border border-dashed p-6 text-center text-sm text-soft">{children}</p>;
}

type ListBodyProps = {
  list: { isPending: boolean; isError: boolean; error: unknown; refetch: () => unknown };
  /** How many items have been read so far. */
  count: number;
  /** What stands there before the first page has been read. */
  pending: ReactNode;
  /** What could not be read, as a sentence. */
  failure: string;
  /** What stands there when there is nothing. */
  empty: ReactNode;
  children: ReactNode;
};

/** A list in the state that it is in: being read, unreadable, empty, or there. What was read once stays. */
export function ListBody({ list, count, pending, failure, empty, children }: ListBodyProps) {
  if (list.isPending) return pending;
  if (list.isError && count === 0) {
    return <ErrorNotice title={failure} error={list.error} onRetry={() => void list.refetch()} />;
  }
  return count === 0 ? empty : children;
}

/** What a list that is read page by page says of its next page. */
type NextPage = { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };

/** Reads the next page of a list, as long as there is one. */
export function ShowOlder({ list, label = "Show older" }: { list: NextPage; label?: string }) {
  if (!list.hasNextPage) return null;
  return (
    <Button className="mt-4" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
      {list.isFetchingNextPage ? "Loading…" : label}
    </Button>
  );
}
