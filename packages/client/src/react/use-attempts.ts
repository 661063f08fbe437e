"use client";

import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { type LetheClientError, toLetheError } from "../lethe-error.ts";

/** Of a hook that changes something: whether an attempt runs, the last failure, and how to make one. */
export type Attempts = {
  isPending: boolean;
  error: LetheClientError | null;
  /** Does `work`. What it throws is kept and told as a LetheClientError, and thrown on. */
  attempt: <Result>(
    work: () => Promise<Result>,
    onFailed: (error: LetheClientError) => void,
  ) => Promise<Result>;
};

export function useAttempts(): Attempts {
  const [running, setRunning] = useState(0);
  const [error, setError] = useState<LetheClientError | null>(null);
  const attempt = useCallback<Attempts["attempt"]>(async (work, onFailed) => {
    setRunning((count) => count + 1);
    setError(null);
    try {
      return await work();
    } catch (cause) {
      const failure = toLetheError(cause);
      setError(failure);
      onFailed(failure);
      throw failure;
    } finally {
      setRunning((count) => count - 1);
    }
  }, []);
  return { isPending: running > 0, error, attempt };
}

/** What was rendered last, for callbacks that outlive a render. */
export function useLatest<Value>(value: Value): RefObject<Value> {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  });
  return latest;
}
