"use client";

import type { Invitation } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Section } from "@/components/page-frame.tsx";
import { FormError, ListBody, NothingHere, RowSkeletons } from "@/components/states.tsx";
import { Button } from "@/components/ui/button.tsx";
import { toasts } from "@/components/ui/toasts.ts";
import { formatTime } from "@/lib/format.ts";
import { keepFocus } from "@/lib/keep-focus.ts";
import { roleNames } from "./roles.ts";

/** Who is invited and has not come yet. */
export function InvitationList() {
  const { trpc } = useLethe();
  const query = useQuery(trpc.invitation.list.queryOptions());
  const waiting = query.data?.data ?? [];
  return (
    <Section
      title="Invitations"
      description="A link is shown when it is made, and never again. Inviting the same address once more makes a new one and ends the old."
    >
      <ListBody
        list={query}
        count={waiting.length}
        pending={<RowSkeletons label="Loading the invitations" rows={1} />}
        failure="The invitations could not be read"
        empty={<NothingHere>No invitation is open.</NothingHere>}
      >
        <ul aria-label="Invitations" className="divide-y divide-line rounded-xl border bg-card">
          {waiting.map((invitation) => (
            <InvitationRow key={invitation.id} invitation={invitation} />
          ))}
        </ul>
      </ListBody>
    </Section>
  );
}

function InvitationRow({ invitation }: { invitation: Invitation }) {
  const { trpc } = useLethe();
  const queryClient = useQueryClient();
  const revoke = useMutation(
    trpc.invitation.revoke.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries(trpc.invitation.pathFilter());
        toasts.add({ title: `The link for ${invitation.email} opens nothing any more` });
        keepFocus();
      },
    }),
  );
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <p className="truncate font-medium text-[0.9375rem]">{invitation.email}</p>
        <p className="text-pretty text-[0.8125rem] text-soft" suppressHydrationWarning>
          {roleNames[invitation.role]} · by {invitation.invited_by.name ?? "an operator"} · until{" "}
          {formatTime(invitation.expires_at)}
        </p>
        <FormError error={revoke.error} />
      </div>
      <Button
        size="sm"
        variant="outline-danger"
        aria-label={`Take back the invitation of ${invitation.email}`}
        disabled={revoke.isPending}
        onClick={() => revoke.mutate({ invitation_id: invitation.id })}
      >
        Take back
      </Button>
    </li>
  );
}
