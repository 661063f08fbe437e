"use client";

import { limits } from "@lethe/core/limits";
import { type FormEvent, useId, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/controls.tsx";
import { Dialog, DialogContent } from "@/components/ui/dialog.tsx";
import { useDisplayName } from "./display-name.ts";

/** Asks under which name this browser writes. */
export function DisplayNameDialog(props: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange}>
      <DialogContent
        title="Display name"
        description="The author of messages that you write in this browser."
      >
        <NameForm onDone={() => props.onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

function NameForm({ onDone }: { onDone: () => void }) {
  const [name, setName] = useDisplayName();
  const [draft, setDraft] = useState(name);
  const id = useId();

  function save(event: FormEvent) {
    event.preventDefault();
    if (!draft.trim()) return;
    setName(draft.trim());
    onDone();
  }

  return (
    <form onSubmit={save} className="mt-4 flex flex-col gap-4">
      <div>
        <label htmlFor={id} className="font-medium text-sm">
          Name
        </label>
        <Input
          id={id}
          className="mt-1.5"
          value={draft}
          maxLength={limits.authorLength}
          autoComplete="nickname"
          onChange={(event) => setDraft(event.target.value)}
        />
      </div>
      <Button type="submit" variant="primary" className="self-end" disabled={!draft.trim()}>
        Save
      </Button>
    </form>
  );
}
