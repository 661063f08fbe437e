"use client";

import type { Settings } from "@lethe/api/schemas";
import { limits } from "@lethe/core/limits";
import { type FormEvent, useId, useState } from "react";
import { FormError } from "@/components/states.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/controls.tsx";
import { useUpdateSettings } from "./days-field.tsx";

/** What the tenant is called. */
export function TenantForm({ settings }: { settings: Settings }) {
  const [name, setName] = useState(settings.name);
  const update = useUpdateSettings("Saved the name of the tenant");
  const id = useId();

  function submit(event: FormEvent) {
    event.preventDefault();
    if (name.trim() && !update.isPending) update.mutate({ name: name.trim() });
  }

  return (
    <form onSubmit={submit} className="flex flex-col items-start gap-3 rounded-xl border bg-card p-4">
      <div className="w-full max-w-sm">
        <label htmlFor={id} className="font-medium text-sm">
          Name of the tenant
        </label>
        <Input
          id={id}
          className="mt-1.5"
          autoComplete="off"
          maxLength={limits.nameLength}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <FormError error={update.error} />
      <Button
        type="submit"
        variant="primary"
        disabled={!name.trim() || name.trim() === settings.name || update.isPending}
      >
        {update.isPending ? "Saving…" : "Save name"}
      </Button>
    </form>
  );
}
