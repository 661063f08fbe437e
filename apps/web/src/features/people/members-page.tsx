"use client";

import type { Member } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Section } from "@/components/page-frame.tsx";
import { ListBody, NothingHere, RowSkeletons } from "@/components/states.tsx";
import { Button } from "@/components/ui/button.tsx";
import { NotYours } from "@/features/session/not-yours.tsx";
import { useMay, useOwnSession } from "@/features/session/own-session.tsx";
import { SettingsFrame } from "@/features/settings/settings-frame.tsx";
import { formatDay } from "@/lib/format.ts";
import { InvitationList } from "./invitation-list.tsx";
import { InviteDialog } from "./invite-dialog.tsx";
import { ChangeRoleDialog, RemoveDialog } from "./member-dialogs.tsx";
import { roleChoices, roleNames } from "./roles.ts";

/** Who belongs to the tenant, as what, and who is invited. */
export function MembersPage() {
  const mayDecide = useMay("people:write");
  return (
    <SettingsFrame>
      <Members mayDecide={mayDecide} />
      {mayDecide ? null : (
        <div className="mb-8">
          <NotYours what="Owners decide who belongs to the tenant." />
        </div>
      )}
      <Section title="Roles" description="Each may what those before it may.">
        <dl className="divide-y divide-line rounded-xl border bg-card">
          {roleChoices.map(({ role, name, rights }) => (
            <div
              key={role}
              className="grid gap-x-4 gap-y-0.5 px-4 py-2.5 text-sm sm:grid-cols-[6rem_minmax(0,1fr)]"
            >
              <dt className="font-medium">{name}</dt>
              <dd className="text-soft">{rights}</dd>
            </div>
          ))}
        </dl>
      </Section>
    </SettingsFrame>
  );
}

/** The members, and for who decides on them what may be done about each. */
function Members({ mayDecide }: { mayDecide: boolean }) {
  const { trpc } = useLethe();
  const query = useQuery(trpc.member.list.queryOptions());
  const members = query.data?.data ?? [];
  const [isInviting, setIsInviting] = useState(false);
  const [changing, setChanging] = useState<Member | null>(null);
  const [removing, setRemoving] = useState<Member | null>(null);
  return (
    <>
      <Section
        title="Members"
        actions={
          mayDecide ? (
            <Button variant="primary" onClick={() => setIsInviting(true)}>
              <UserPlus aria-hidden="true" />
              Invite
            </Button>
          ) : null
        }
      >
        <ListBody
          list={query}
          count={members.length}
          pending={<RowSkeletons label="Loading the members" rows={2} />}
          failure="The members could not be read"
          empty={<NothingHere>Nobody belongs to it yet.</NothingHere>}
        >
          <ul aria-label="Members" className="divide-y divide-line rounded-xl border bg-card">
            {members.map((member) => (
              <MemberRow key={member.person_id} member={member}>
                {mayDecide ? (
                  <div className="flex flex-wrap gap-2">
                    <Button
                      size="sm"
                      aria-label={`Change role of ${member.name}`}
                      onClick={() => setChanging(member)}
                    >
                      Change role…
                    </Button>
                    <Button
                      size="sm"
                      variant="outline-danger"
                      aria-label={`Remove ${member.name}`}
                      onClick={() => setRemoving(member)}
                    >
                      Remove…
                    </Button>
                  </div>
                ) : null}
              </MemberRow>
            ))}
          </ul>
        </ListBody>
      </Section>
      {mayDecide ? (
        <>
          <InvitationList />
          <InviteDialog open={isInviting} onClose={() => setIsInviting(false)} />
          <ChangeRoleDialog member={changing} onClose={() => setChanging(null)} />
          <RemoveDialog member={removing} onClose={() => setRemoving(null)} />
        </>
      ) : null}
    </>
  );
}

/** Who somebody is; `children` is what may be done about them. */
function MemberRow({ member, children }: { member: Member; children: ReactNode }) {
  const { actorId } = useOwnSession();
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex items-center gap-2 text-[0.9375rem]">
          <span className="min-w-0 truncate font-medium">{member.name}</span>
          {member.person_id === actorId ? <span className="text-soft text-xs">you</span> : null}
        </p>
        <p className="truncate text-[0.8125rem] text-soft">{member.email}</p>
        <p className="text-[0.8125rem] text-soft" suppressHydrationWarning>
          {roleNames[member.role]} since {formatDay(member.created_at)}
          {member.second_factor ? " · second factor on" : ""}
        </p>
      </div>
      {children}
    </li>
  );
}
