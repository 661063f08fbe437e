"use client";

import { useId } from "react";
import { isTyped } from "@/lib/format.ts";
import { Input } from "./ui/controls.tsx";

/** From this number of chats on, it has to be typed before they are deleted. */
const typedFrom = 101;

/** Whether so many chats may be deleted now: few at once, many once their number was typed. */
export function isConfirmed(count: number, typed: string): boolean {
  return count < typedFrom || isTyped(typed, count);
}

/** Asks for the number of chats where they are many, so that nobody deletes them by one wrong key. Pasting is fine. */
export function TypedConfirmation(props: {
  count: number;
  value: string;
  onChange: (typed: string) => void;
}) {
  const id = useId();
  if (props.count < typedFrom) return null;
  return (
    <div className="mt-4">
      <label htmlFor={id} className="block font-medium text-sm">
        Type <span className="rounded bg-mist px-1.5 py-0.5 font-mono">{props.count}</span> to confirm
      </label>
      <Input
        id={id}
        inputMode="numeric"
        autoComplete="off"
        className="mt-1.5"
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
      />
    </div>
  );
}
