"use client";

import type { Chat, ExportFormat } from "@lethe/api/schemas";
import { type LetheClientError, toLetheError } from "@lethe/client";
import { useLethe } from "@lethe/client/react";
import { LoaderCircle } from "lucide-react";
import { useCallback, useEffect, useId, useRef, useState } from "react";
import { RequestId } from "@/components/copy-button.tsx";
import { Button } from "@/components/ui/controls.tsx";
import { describeSize } from "@/lib/format.ts";
import { exportFormats, exportToFile } from "../export/export-items.tsx";

type KeepCopyProps = { format: ExportFormat; onFormat: (format: ExportFormat) => void; copy: CopyFirst };

/** Offers to save the chat as a file and then to delete exactly what is in the file. */
export function KeepCopy({ format, onFormat, copy }: KeepCopyProps) {
  const name = useId();
  return (
    <fieldset className="mt-5 min-w-0 rounded-xl border px-4 pt-1 pb-4">
      <legend className="px-1.5 font-medium text-sm">Keep a copy</legend>
      <p className="text-pretty text-[0.8125rem] text-soft leading-5">
        Saves a file, checks it, and deletes only what is in it.
      </p>
      <div className="mt-3 flex flex-wrap gap-1.5">
        {exportFormats.map((option) => (
          <label
            key={option.format}
            title={option.hint}
            className="flex min-h-8 cursor-pointer items-center rounded-lg border border-edge bg-card px-2.5 text-[0.8125rem] hover:bg-hover has-checked:border-river has-checked:bg-mist has-checked:font-medium has-disabled:cursor-default has-focus-visible:outline-2 has-focus-visible:outline-river has-focus-visible:outline-offset-2 has-disabled:opacity-60"
          >
            <input
              type="radio"
              name={name}
              value={option.format}
              checked={option.format === format}
              disabled={copy.isRunning}
              onChange={() => onFormat(option.format)}
              className="sr-only"
            />
            {option.label}
          </label>
        ))}
      </div>
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
        disabled={copy.isRunning}
        focusableWhenDisabled
        onClick={() => copy.start(format)}
      >
        {copy.isRunning ? <LoaderCircle aria-hidden="true" className="animate-spin" /> : null}
        {copy.isRunning
          ? `Exporting… ${describeSize(copy.bytes)}`
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
  /** How much has arrived. */
  bytes: number;
  /** Why the last export failed; null while there is none, or one runs. */
  failure: LetheClientError | null;
};

/** Saves the chat as a file; `onSaved` gets the version of what is in it, once the file has been checked. */
export function useCopyFirst(chat: Chat, onSaved: (version: number) => void): CopyFirst {
  const { client } = useLethe();
  const [bytes, setBytes] = useState<number | null>(null);
  const [failure, setFailure] = useState<LetheClientError | null>(null);
  const running = useRef<AbortController>(null);
  const latest = useRef(onSaved);
  useEffect(() => {
    latest.current = onSaved;
  });
  const stop = useCallback(() => running.current?.abort(), []);
  useEffect(() => stop, [stop]);

  const { id } = chat;
  const start = useCallback(
    async (format: ExportFormat) => {
      running.current?.abort();
      const ending = new AbortController();
      running.current = ending;
      setFailure(null);
      setBytes(0);
      try {
        const { signal } = ending;
        const { version } = await exportToFile(client, {
          chatId: id,
          format,
          signal,
          onProgress: ({ bytes: count }) => setBytes(count),
        });
        if (signal.aborted) return;
        setBytes(null);
        latest.current(version);
      } catch (cause) {
        if (running.current !== ending) return;
        setBytes(null);
        if (!ending.signal.aborted) setFailure(toLetheError(cause));
      }
    },
    [client, id],
  );
  return {
    start: useCallback((format: ExportFormat) => void start(format), [start]),
    stop,
    isRunning: bytes !== null,
    bytes: bytes ?? 0,
    failure,
  };
}
