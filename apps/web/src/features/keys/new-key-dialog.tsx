"use client";

import { useLethe } from "@lethe/client/react";
import { scopes as allScopes, limits } from "@lethe/core/limits";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { SecretDialog } from "@/components/secret-dialog.tsx";
import { FormError } from "@/components/states.tsx";
import { Button } from "@/components/ui/button.tsx";
import { fieldClasses, Input } from "@/components/ui/controls.tsx";
import { Dialog, DialogContent, useLastShown } from "@/components/ui/dialog.tsx";
import type { Scope } from "@/features/people/roles.ts";
import { useOwnSession } from "@/features/session/own-session.tsx";

/** What each scope lets a program do. */
const labels: Record<Scope, string> = {
  "chats:read": "Read chats, the ledger and receipts",
  "chats:write": "Write messages, make and rename chats",
  "chats:trash": "Use the Trash",
  "chats:delete": "Delete permanently",
  "holds:write": "Put chats on hold and release them",
  "settings:write": "Change settings and webhooks",
  "people:write": "Let people in and out",
  "keys:write": "Make and revoke keys",
  "tenant:delete": "Delete the tenant",
};

const day = 86_400_000;
const lives = [
  { name: "30 days", days: 30 },
  { name: "90 days", days: 90 },
  { name: "1 year", days: 365 },
  { name: "No expiry", days: null },
] as const;

/** Makes a key, and shows it, this once. */
export function NewKeyDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [made, setMade] = useState<{ name: string; apiKey: string } | null>(null);
  const shown = useLastShown(made);
  return (
    <>
      <Dialog open={open && made === null} onOpenChange={(isOpen) => !isOpen && onClose()}>
        <DialogContent title="New API key">
          <NewKeyForm
            onMade={(name, apiKey) => {
              setMade({ name, apiKey });
              onClose();
            }}
          />
        </DialogContent>
      </Dialog>
      <SecretDialog
        title={`API key: ${shown?.name ?? ""}`}
        description="Keep it where your program finds it: Lethe has only its hash."
        copyLabel="Copy API key"
        secret={made?.apiKey ?? null}
        onDone={() => setMade(null)}
      />
    </>
  );
}

function NewKeyForm({ onMade }: { onMade: (name: string, apiKey: string) => void }) {
  const { trpc } = useLethe();
  const { scopes: held } = useOwnSession();
  const queryClient = useQueryClient();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly Scope[]>(["chats:read"]);
  const [days, setDays] = useState<number | null>(90);
  const ids = { name: useId(), life: useId() };
  const create = useMutation(
    trpc.apiKey.create.mutationOptions({
      onSuccess: (key) => {
        void queryClient.invalidateQueries(trpc.apiKey.pathFilter());
        onMade(key.name, key.api_key);
      },
    }),
  );
  const isComplete = name.trim() !== "" && scopes.length > 0;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!isComplete || create.isPending) return;
    const expires_at = days === null ? null : new Date(Date.now() + days * day).toISOString();
    create.mutate({ name: name.trim(), scopes: [...scopes], expires_at });
  }

  return (
    <form onSubmit={submit} className="mt-4 flex flex-col gap-4">
      <div>
        <label htmlFor={ids.name} className="font-medium text-sm">
          What it is for
        </label>
        <Input
          id={ids.name}
          className="mt-1.5"
          autoComplete="off"
          maxLength={limits.nameLength}
          placeholder="Nightly export"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <fieldset>
        <legend className="font-medium text-sm">It may</legend>
        <div className="mt-1.5 flex flex-col">
          {allScopes
            .filter((scope) => held.includes(scope))
            .map((scope) => (
              <label key={scope} className="flex min-h-8 items-center gap-2.5 py-1 text-sm leading-5">
                <input
                  type="checkbox"
                  className="size-4 shrink-0 accent-(--river)"
                  checked={scopes.includes(scope)}
                  onChange={({ target }) =>
                    setScopes(target.checked ? [...scopes, scope] : scopes.filter((one) => one !== scope))
                  }
                />
                <span>
                  {labels[scope]} <code className="font-mono text-soft text-xs">{scope}</code>
                </span>
              </label>
            ))}
        </div>
      </fieldset>
      <div>
        <label htmlFor={ids.life} className="font-medium text-sm">
          It works for
        </label>
        <select
          id={ids.life}
          className={`${fieldClasses} mt-1.5 h-10`}
          value={days ?? ""}
          onChange={({ target }) => setDays(target.value === "" ? null : Number(target.value))}
        >
          {lives.map((life) => (
            <option key={life.name} value={life.days ?? ""}>
              {life.name}
            </option>
          ))}
        </select>
      </div>
      <FormError error={create.error} />
      <Button type="submit" variant="primary" className="self-end" disabled={!isComplete || create.isPending}>
        {create.isPending ? "Making…" : "Make key"}
      </Button>
    </form>
  );
}
