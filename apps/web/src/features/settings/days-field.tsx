"use client";

import { useLethe } from "@lethe/client/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useId } from "react";
import { Input } from "@/components/ui/controls.tsx";
import { toasts } from "@/components/ui/toasts.ts";

type DaysFieldProps = {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** What is wrong with the value, if anything is. */
  problem: string | undefined;
  hint: ReactNode;
};

/** A number of days. */
export function DaysField({ label, value, onChange, problem, hint }: DaysFieldProps) {
  const id = useId();
  const about = useId();
  return (
    <div>
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      <div className="mt-1.5 flex items-center gap-2">
        <Input
          id={id}
          inputMode="numeric"
          autoComplete="off"
          className="w-28!"
          value={value}
          aria-invalid={problem !== undefined}
          aria-describedby={about}
          onChange={(event) => onChange(event.target.value)}
        />
        <span aria-hidden="true" className="text-sm text-soft">
          days
        </span>
      </div>
      <p id={about} className="mt-1.5 text-pretty text-[0.8125rem] text-soft">
        {problem ? <span className="text-danger">{problem}</span> : hint}
      </p>
    </div>
  );
}

/** The days that a text says, or undefined if it is not a whole number in these bounds. */
export function parseDays(text: string, { min, max }: { min: number; max: number }): number | undefined {
  if (!/^\d{1,6}$/.test(text.trim())) return undefined;
  const days = Number(text);
  return days >= min && days <= max ? days : undefined;
}

/** Changes a setting, shows what holds now, and says so. */
export function useUpdateSettings(saved: string) {
  const { trpc } = useLethe();
  const queryClient = useQueryClient();
  return useMutation(
    trpc.settings.update.mutationOptions({
      onSuccess: (settings) => {
        queryClient.setQueryData(trpc.settings.get.queryKey(), settings);
        toasts.add({ title: saved });
      },
    }),
  );
}
