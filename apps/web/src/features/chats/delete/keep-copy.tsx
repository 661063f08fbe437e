"use client";

import type { ExportFormat } from "@lethe/api/schemas";
import { type LetheClientError, toLetheError } from "@lethe/client";
import { LoaderCircle } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { RequestId } from "@/components/copy-button.tsx";
import { Button } from "@/components/ui/button.tsx";
import { FormatChoice } from "../export/format-choice.tsx";

type KeepCopyProps = {
  format: ExportFormat;
  onFormat: (format: ExportFormat) => void;
  copy: CopyFirst;
  /** What is saved and then deleted, in a sentence. */
  children: string;
  /** Whether the deletion may go ahead, such as once its number was typed; default: yes. */
  isReady?: boolean;
};

/** Offers to save what is to be deleted as a file, and then to delete exactly what is in the file. */
export function KeepCopy({ format, onFormat, copy, children, isReady = true }: KeepCopyProps) {
  return (
    <fieldset className="mt-5 min-w-0 rounded-xl border px-4 pt-1 pb-4">
      <legend className="px-1.5 font-medium text-sm">Keep a copy</legend>
      <p className="text-pretty text-[0.8125rem] text-soft leading-5">{children}</p>
      <FormatChoice value={format} onChange={onFormat} disabled={copy.isRunning} />
      {copy.failure ? (
        <div role="alert" className="mt-3 rounded-lg bg-blush px-3 py-2.5 text-sm">
          <p className="font-medium text-danger">The export failed, and nothing was deleted.</p>
          <p className="mt-0.5 text-pretty text-ink">{copy.failure.message}</p>
          <RequestId id={copy.failure.requestId} />
        </div>
      ) : null}
      <Button
        breaks
        size="sm"
        className="mt-3"
        disabled={copy.isRunning || !isReady}
        focusableWhenDisabled
        onClick={() => copy.start(format)}
      >
        {copy.isRunning ? <LoaderCircle aria-hidden="true" className="animate-spin" /> : null}
        {copy.isRunning
          ? `Exporting… ${copy.progress}`
          : copy.failure
            ? "Export again, then delete"
            : "Export, then delete"}
      </Button>
    </fieldset>
  );
}

/** An export that has to succeed before anything is deleted. */
type CopyFirst = {
  start: (format: ExportFormat) => void;
  /** Gives up the export that runs, if any. */
  stop: () => void;
  isRunning: boolean;
  /** How much has arrived, in words. */
  progress: string;
  /** Why the last export failed; null while there is none, or one runs. */
  failure: LetheClientError | null;
};

export type SaveOptions = {
  format: ExportFormat;
  signal: AbortSignal;
  /** Told how much has arrived, in words. */
  onProgress: (progress: string) => void;
};

/** Saves a file by `save`; `onSaved` gets what that answers, once the file has been checked. */
export function useCopyFirst<Saved>(
  save: (options: SaveOptions) => Promise<Saved>,
  onSaved: (saved: Saved) => void,
): CopyFirst {
  const [progress, setProgress] = useState<string | null>(null);
  const [failure, setFailure] = useState<LetheClientError | null>(null);
  const running = useRef<AbortController>(null);
  const latest = useRef({ save, onSaved });
  useEffect(() => {
    latest.current = { save, onSaved };
  });
  const stop = useCallback(() => running.current?.abort(), []);
  useEffect(() => stop, [stop]);

  const start = useCallback(async (format: ExportFormat) => {
    running.current?.abort();
    const ending = new AbortController();
    running.current = ending;
    setFailure(null);
    setProgress("");
    try {
      const { signal } = ending;
      const saved = await latest.current.save({ format, signal, onProgress: setProgress });
      if (signal.aborted) return;
      setProgress(null);
      latest.current.onSaved(saved);
    } catch (cause) {
      if (running.current !== ending) return;
      setProgress(null);
      if (!ending.signal.aborted) setFailure(toLetheError(cause));
    }
  }, []);
  return {
    start: useCallback((format: ExportFormat) => void start(format), [start]),
    stop,
    isRunning: progress !== null,
    progress: progress ?? "",
    failure,
  };
}
