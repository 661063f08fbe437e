"use client";

import { useId } from "react";
import { type Role, roleChoices } from "./roles.ts";

/** Which role somebody is to have, with what each may do. */
export function RoleField({ value, onChange }: { value: Role; onChange: (role: Role) => void }) {
  const group = useId();
  return (
    <fieldset>
      <legend className="font-medium text-sm">Role</legend>
      <div className="mt-1.5 flex flex-col divide-y divide-line rounded-lg border">
        {roleChoices.map(({ role, name, rights }) => (
          <label key={role} className="flex items-start gap-3 px-3 py-2.5 text-sm has-checked:bg-mist">
            <input
              type="radio"
              name={group}
              value={role}
              checked={value === role}
              onChange={() => onChange(role)}
              className="mt-0.5 size-4 shrink-0 accent-(--river)"
            />
            <span className="min-w-0">
              <span className="block font-medium">{name}</span>
              <span className="block text-pretty text-[0.8125rem] text-soft">{rights}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
