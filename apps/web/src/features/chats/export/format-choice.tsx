"use client";

import type { ExportFormat } from "@lethe/api/schemas";
import { useId } from "react";
import { exportFormats } from "./export-items.tsx";

type FormatChoiceProps = {
  value: ExportFormat;
  onChange: (format: ExportFormat) => void;
  disabled?: boolean;
};

/** The formats of an export, one of which is chosen. */
export function FormatChoice({ value, onChange, disabled = false }: FormatChoiceProps) {
  const name = useId();
  return (
    <div role="radiogroup" aria-label="Format" className="mt-3 flex flex-wrap gap-1.5">
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
            checked={option.format === value}
            disabled={disabled}
            onChange={() => onChange(option.format)}
            className="sr-only"
          />
          {option.label}
        </label>
      ))}
    </div>
  );
}
