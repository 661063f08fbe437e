"use client";

import type { Chat, ExportFormat } from "@lethe/api/schemas";
import { type LetheClientError, toLetheError } from "@lethe/client";
import { useLethe } from "@lethe/client/react";
import { useCallback, useEffect, useRef, useState } from "react";
import { exportToFile } from "../export/export-to-file.ts";

/** An export that has to succeed before anything is deleted. */
export type CopyFirst = {
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
