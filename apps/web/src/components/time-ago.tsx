"use client";

import { useSyncExternalStore } from "react";
import { formatAgo, formatTime } from "@/lib/format.ts";

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["minute", 60],
  ["hour", 3_600],
  ["day", 86_400],
  ["month", 2_592_000],
  ["year", 31_536_000],
];

/** A time in the past in a few words ("just now", "5 min. ago"), kept up to date. */
export function TimeAgo({ time }: { time: string }) {
  const minute = useSyncExternalStore(subscribe, currentMinute, currentMinute);
  return (
    <time
      dateTime={time}
      // Lists have hundreds, and hardly anybody asks for it.
      onPointerEnter={({ currentTarget }) => {
        currentTarget.title = formatTime(time);
      }}
      suppressHydrationWarning
    >
      {describe(Date.parse(time), Math.max(minute * 60_000, Date.now()))}
    </time>
  );
}

function describe(time: number, now: number): string {
  const seconds = (now - time) / 1_000;
  const [unit, length] = steps.findLast(([, from]) => seconds >= from) ?? ["minute", 0];
  return length === 0 ? "just now" : formatAgo(-Math.floor(seconds / length), unit);
}

function currentMinute(): number {
  return Math.floor(Date.now() / 60_000);
}

function subscribe(listener: () => void): () => void {
  const timer = setInterval(listener, 15_000);
  return () => clearInterval(timer);
}
