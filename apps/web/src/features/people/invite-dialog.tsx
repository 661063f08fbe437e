"use client";

import { useLethe } from "@lethe/client/react";
import { limits } from "@lethe/core/limits";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { SecretDialog } from "@/components/secret-dialog.tsx";
import { FormError } from "@/components/states.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/controls.tsx";
import { Dialog, DialogContent, useLastShown } from "@/components/ui/dialog.tsx";
import { RoleField } from "./role-field.tsx";
import type { Role } from "./roles.ts";

type Made = { email: string; link: string; mailed: boolean };

/** Invites somebody, and shows the link to send them, this once. */
export function InviteDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [made, setMade] = useState<Made | null>(null);
  const shown = useLastShown(made);
  return (
    <>
      <Dialog open={open && made === null} onOpenChange={(isOpen) => !isOpen && onClose()}>
        <DialogContent
          title="Invite somebody"
          description="You get a link to send them. They choose a name and a password, or join with the account that they have."
        >
          <InviteForm
            onMade={(invitation) => {
              setMade(invitation);
              onClose();
            }}
          />
        </DialogContent>
      </Dialog>
      <SecretDialog
        title={`${shown?.mailed ? "A letter is on its way" : "Send this link"} to ${shown?.email ?? "them"}`}
        description={`${shown?.mailed ? "It has this link. Give it to" : "To"} nobody else: whoever has it may come in. It is good once, for seven days.`}
        copyLabel="Copy link"
        secret={made?.link ?? null}
        onDone={() => setMade(null)}
      />
    </>
  );
}

function InviteForm({ onMade }: { onMade: (made: Made) => void }) {
  const { trpc } = useLethe();
  const queryClient = useQueryClient();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const id = useId();
  const create = useMutation(
    trpc.invitation.create.mutationOptions({
      onSuccess: ({ email, path, mailed }) => {
        void queryClient.invalidateQueries(trpc.invitation.pathFilter());
        onMade({ email, link: `${window.location.origin}${path}`, mailed });
      },
    }),
  );
  function submit(event: FormEvent) {
    event.preventDefault();
    if (email.trim() && !create.isPending) create.mutate({ email: email.trim(), role });
  }
  return (
    <form onSubmit={submit} noValidate className="mt-4 flex flex-col gap-4">
      <div>
        <label htmlFor={id} className="font-medium text-sm">
          Email
        </label>
        <Input
          id={id}
          type="email"
          className="mt-1.5"
          autoComplete="off"
          maxLength={limits.emailLength}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </div>
      <RoleField value={role} onChange={setRole} />
      <FormError error={create.error} />
      <Button
        type="submit"
        variant="primary"
        className="self-end"
        disabled={!email.trim() || create.isPending}
      >
        {create.isPending ? "Inviting…" : "Make a link"}
      </Button>
    </form>
  );
}
