import { Skeleton } from "./ui/skeleton.tsx";

/** Rows of two lines in the place of those that are being read; `label` says so to who cannot see them. */
export function RowSkeletons({ label, rows = 4 }: { label: string; rows?: number }) {
  return (
    <div role="status" aria-label={label} className="divide-y divide-line rounded-xl border bg-card">
      {Array.from({ length: rows }, (_, row) => `row ${row}`).map((row) => (
        <div key={row} className="px-4 py-3.5">
          <Skeleton className="h-3.5 w-2/5" />
          <Skeleton className="mt-2.5 h-3 w-3/5" />
        </div>
      ))}
    </div>
  );
}
