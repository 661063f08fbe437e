import type { ExportFormat } from "@lethe/api/schemas";
import { type ExportedSet, exportChats, type LetheClient } from "@lethe/client";
import { saveFile } from "@/lib/browser.ts";
import { formatNumber, plural } from "@/lib/format.ts";
import { filterOfTarget, type Target } from "./target.ts";

/** Chats that are named in one call; more of them come in several archives. */
const mostNamed = 1_000;

type ExportSet = {
  format: ExportFormat;
  signal: AbortSignal;
  /** Told how far it is, in words. */
  onProgress: (progress: string) => void;
};

/** What was saved. */
export type SavedSet = {
  filenames: string[];
  bytes: number;
  /** Chats that have a file, and those that were gone. */
  files: number;
  skipped: number;
  /** When it began: what was exported is noted on the chats after this. */
  asOf: string;
};

/**
 * Saves chats among the browser's downloads, as one archive or, where more than 1,000 were picked by hand, as several. Each
 * is saved only once all of it has arrived and its checksum is right.
 *
 * @throws LetheClientError
 */
export async function exportSetToFile(
  client: LetheClient,
  target: Target,
  { onProgress, ...options }: ExportSet,
): Promise<SavedSet> {
  const sum: SavedSet = { filenames: [], bytes: 0, files: 0, skipped: 0, asOf: "" };
  for (const chats of setsOf(target)) {
    const before = sum.files + sum.skipped;
    const { blob, filename, files, skipped, asOf } = await exportChats(client, {
      ...options,
      chats,
      onProgress: ({ done, matched }) => {
        const total = target.kind === "some" ? target.ids.length : Math.max(matched, done);
        onProgress(`${formatNumber(before + done)} of ${plural(total, "chat")}`);
      },
    });
    saveFile(blob, filename);
    sum.filenames.push(filename);
    sum.bytes += blob.size;
    sum.files += files;
    sum.skipped += skipped;
    sum.asOf ||= asOf;
  }
  return sum;
}

function setsOf(target: Target): ExportedSet[] {
  if (target.kind !== "some") return [{ filter: filterOfTarget(target) }];
  const { ids } = target;
  const starts = Array.from({ length: Math.ceil(ids.length / mostNamed) }, (_, index) => index * mostNamed);
  return starts.map((from) => ({ chatIds: ids.slice(from, from + mostNamed) }));
}
