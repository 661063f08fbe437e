"use client";

import type { Member } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { FormError } from "@/components/states.tsx";
import { Button } from "@/components/ui/button.tsx";
import {
  AlertDialogDescription,
  AlertDialogTitle,
  Answers,
  Dialog,
  DialogContent,
  QuestionDialog,
  useLastShown,
} from "@/components/ui/dialog.tsx";
import { toasts } from "@/components/ui/toasts.ts";
import { returnToSignIn, useOwnSession } from "@/features/session/own-session.tsx";
import { RoleField } from "./role-field.tsx";
import { roleNames } from "./roles.ts";

/** Gives a member another role, with what follows from it. Closed while `member` is null. */
export function ChangeRoleDialog({ member, onClose }: { member: Member | null; onClose: () => void }) {
  const shown = useLastShown(member);
  return (
    <Dialog open={member !== null} onOpenChange={(open) => !open && onClose()}>
      <DialogContent title={`Role of ${shown?.name ?? ""}`}>
        {shown ? <RoleForm key={shown.person_id} member={shown} onDone={onClose} /> : null}
      </DialogContent>
    </Dialog>
  );
}

function RoleForm({ member, onDone }: { member: Member; onDone: () => void }) {
  const { trpc } = useLethe();
  const { actorId } = useOwnSession();
  const queryClient = useQueryClient();
  const [role, setRole] = useState(member.role);
  const isOwn = member.person_id === actorId;
  const change = useMutation(
    trpc.member.changeRole.mutationOptions({
      onSuccess: () => {
        // A change of one's own role has ended this session too.
        if (isOwn) return returnToSignIn();
        void queryClient.invalidateQueries(trpc.member.pathFilter());
        toasts.add({ title: `${member.name} is ${roleNames[role].toLowerCase()} now` });
        onDone();
      },
    }),
  );
  function submit(event: FormEvent) {
    event.preventDefault();
    if (!change.isPending) change.mutate({ person_id: member.person_id, role });
  }
  return (
    <form onSubmit={submit} className="mt-4 flex flex-col gap-4">
      <RoleField value={role} onChange={setRole} />
      <p className="text-pretty text-sm text-soft">
        {isOwn ? "You are" : `${member.name} is`} signed out of this tenant within two seconds, in every
        browser, and
        {isOwn ? " have" : " has"} the new role after signing in again. API keys that {isOwn ? "you" : "they"}{" "}
        made stay as they are.
      </p>
      <FormError error={change.error} />
      <Button
        type="submit"
        variant="primary"
        className="self-end"
        disabled={role === member.role || change.isPending}
      >
        {change.isPending ? "Changing…" : "Change role"}
      </Button>
    </form>
  );
}

/** Takes a member out of the tenant, after a question. Closed while `member` is null. */
export function RemoveDialog({ member, onClose }: { member: Member | null; onClose: () => void }) {
  const { trpc } = useLethe();
  const { tenant, actorId } = useOwnSession();
  const queryClient = useQueryClient();
  const remove = useMutation(
    trpc.member.remove.mutationOptions({
      onSuccess: (_, { person_id }) => {
        if (person_id === actorId) return returnToSignIn();
        void queryClient.invalidateQueries(trpc.member.pathFilter());
        toasts.add({ title: "Removed from the tenant" });
        onClose();
      },
    }),
  );
  const close = () => {
    remove.reset();
    onClose();
  };
  return (
    <QuestionDialog asked={member} onCancel={close}>
      {({ asked, cancelRef }) => (
        <>
          <AlertDialogTitle>
            {asked.person_id === actorId
              ? `Leave ${tenant.name}?`
              : `Remove ${asked.name} from ${tenant.name}?`}
          </AlertDialogTitle>
          <AlertDialogDescription>
            <span className="break-words">{asked.email}</span> is signed out of this tenant within two
            seconds, in every browser, and sees none of its chats any more. What they did stays in the ledger
            under their name. API keys that they made go on: revoke those that should not. Invitations that
            they sent are no longer good. To come back they need a new one.
          </AlertDialogDescription>
          <FormError error={remove.error} />
          <Answers
            cancelRef={cancelRef}
            yes={remove.isPending ? "Removing…" : "Remove"}
            disabled={remove.isPending}
            onYes={() => remove.mutate({ person_id: asked.person_id })}
          />
        </>
      )}
    </QuestionDialog>
  );
}
