"use client";

import { cn } from "@/lib/cn.ts";

const options = [
  { value: "all", label: "All" },
  { value: "pending", label: "Being erased" },
  { value: "erased", label: "Erased" },
] as const;

export type StateOfFilter = (typeof options)[number]["value"];

/** Which lines of the ledger to show. */
export function StateFilter(props: { value: StateOfFilter; onChange: (value: StateOfFilter) => void }) {
  return (
    <fieldset className="mb-4 flex flex-wrap gap-1.5">
      <legend className="sr-only">Which deletions</legend>
      {options.map(({ value, label }) => (
        <label
          key={value}
          className={cn(
            "flex min-h-8 cursor-pointer items-center rounded-full border border-edge px-3 text-[0.8125rem] has-focus-visible:outline-2 has-focus-visible:outline-river has-focus-visible:outline-offset-2",
            props.value === value
              ? "border-river bg-mist font-medium text-river"
              : "text-soft hover:bg-hover",
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
