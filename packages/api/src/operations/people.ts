import type * as core from "@lethe/core";
import {
  changeRole,
  createInvitation,
  listInvitations,
  listMembers,
  removeMember,
  revokeInvitation,
} from "@lethe/core";
import type { z } from "zod";
import { mailInvitation } from "../people/letters.ts";
import { timeText } from "../present.ts";
import {
  changeRoleSchema,
  createInvitationSchema,
  doneSchema,
  invitationListSchema,
  invitationPathSchema,
  type invitationSchema,
  memberListSchema,
  memberPathSchema,
  memberSchema,
  newInvitationSchema,
  noInputSchema,
} from "../schemas/index.ts";
import { holderOf } from "./admit.ts";
import { mutation, query } from "./operation.ts";

const tag = "People";
const scope = "people:write";
const beyond = "It takes rights that the caller does not have (`beyond_own_rights`)";

/** `member.*` over tRPC, `/members` over REST. */
export const members = {
  list: query({
    name: "member.list",
    scope: "chats:read",
    summary: "List who belongs to the tenant",
    description: "So that everybody knows whom to ask. Only `people:write` is told of second factors.",
    input: noInputSchema,
    output: memberListSchema,
    rest: { method: "get", path: "/members", operationId: "listMembers", tag, answer: "All of them" },
    run: async ({ core, principal: { scopes } }) => {
      const all = (await listMembers(core)).map(presentMember);
      return {
        data: scopes.includes(scope) ? all : all.map((member) => ({ ...member, second_factor: null })),
      };
    },
  }),

  changeRole: mutation({
    name: "member.changeRole",
    scope,
    summary: "Give a member another role",
    description:
      "Their sessions in the tenant end, everywhere within two seconds: they sign in again with the new role.",
    input: changeRoleSchema,
    output: memberSchema,
    rest: {
      method: "patch",
      path: "/members/{person_id}",
      operationId: "changeRole",
      tag,
      answer: "The member as they are now",
      problems: { FORBIDDEN: beyond, CONFLICT: "They are the only owner (`last_owner`)" },
    },
    run: async ({ core, principal: { scopes } }, { person_id: personId, role }) =>
      presentMember(await changeRole(core, { personId, role, scopes })),
  }),

  remove: mutation({
    name: "member.remove",
    scope,
    summary: "Take a member out of the tenant",
    description:
      "Their sessions in the tenant end, everywhere within two seconds. What they did stays under the name that they had.",
    input: memberPathSchema,
    output: doneSchema,
    rest: {
      method: "delete",
      path: "/members/{person_id}",
      operationId: "removeMember",
      tag,
      answer: "They are no member any more",
      problems: { FORBIDDEN: beyond, CONFLICT: "They are the only owner (`last_owner`)" },
    },
    run: async ({ core, principal: { scopes } }, { person_id: personId }) => {
      await removeMember(core, { personId, scopes });
      return done;
    },
  }),
};

/** `invitation.*` over tRPC, `/invitations` over REST. */
export const invitations = {
  list: query({
    name: "invitation.list",
    scope,
    summary: "List the invitations that wait for somebody",
    input: noInputSchema,
    output: invitationListSchema,
    rest: { method: "get", path: "/invitations", operationId: "listInvitations", tag, answer: "All of them" },
    run: async ({ core }) => ({ data: (await listInvitations(core)).map(presentInvitation) }),
  }),

  create: mutation({
    name: "invitation.create",
    scope,
    summary: "Invite somebody",
    description:
      "Good once, for seven days, and as long as who invited might do so. Where a mail server is set, the invited are sent the " +
      "link. `path` is shown in this answer and never again: send it to them, on the address of the dashboard. An earlier " +
      "invitation of the same address ends.",
    input: createInvitationSchema,
    output: newInvitationSchema,
    rest: {
      method: "post",
      path: "/invitations",
      operationId: "createInvitation",
      tag,
      status: 201,
      answer: "The invitation, with its link",
      problems: {
        FORBIDDEN: beyond,
        CONFLICT: "They are a member (`already_member`), or there are as many as may be (`too_many_people`)",
      },
    },
    run: async ({ core, principal, services }, { email, role }) => {
      const actor = holderOf(principal);
      const { token, ...made } = await createInvitation(
        { ...core, actor },
        { email, role, scopes: principal.scopes },
      );
      const path = `/join#${token}`;
      const mailed = await mailInvitation(services, { tenantId: core.tenantId, path, invitation: made });
      return { ...presentInvitation(made), token, path, mailed };
    },
  }),

  revoke: mutation({
    name: "invitation.revoke",
    scope,
    summary: "Take an invitation back",
    input: invitationPathSchema,
    output: doneSchema,
    rest: {
      method: "delete",
      path: "/invitations/{invitation_id}",
      operationId: "revokeInvitation",
      tag,
      answer: "It is good no longer",
      problems: { FORBIDDEN: beyond },
    },
    run: async ({ core, principal: { scopes } }, { invitation_id: id }) => {
      await revokeInvitation(core, { id, scopes });
      return done;
    },
  }),
};

const done = { success: true } as const;

const presentMember = (member: core.Member): z.input<typeof memberSchema> => ({
  person_id: member.personId,
  name: member.name,
  email: member.email,
  role: member.role,
  second_factor: member.hasSecondFactor,
  created_at: timeText(member.createdAt),
});

const presentInvitation = (invitation: core.Invitation): z.input<typeof invitationSchema> => ({
  id: invitation.id,
  email: invitation.email,
  role: invitation.role,
  invited_by: invitation.invitedBy,
  created_at: timeText(invitation.createdAt),
  expires_at: timeText(invitation.expiresAt),
});
