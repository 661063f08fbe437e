"use client";

import type { ExportFormat } from "@lethe/api/schemas";
import { LoaderCircle } from "lucide-react";
import { useId } from "react";
import { RequestId } from "@/components/request-id.tsx";
import { Button } from "@/components/ui/button.tsx";
import { describeSize } from "../export/describe-size.ts";
import { exportFormats } from "../export/formats.ts";
import type { CopyFirst } from "./use-copy-first.ts";

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
