import * as core from "../src/index.ts";
import { addPerson } from "./people.ts";

/** Ids of what has to do with the people of a tenant. */
export type PeopleTarget = { personId: string; invitationId: string; keyId: string };
type Verb = (ctx: core.Context, target: PeopleTarget) => Promise<unknown>;

const noMember = { code: "NOT_FOUND", reason: "member_not_found" };
const noInvitation = { code: "NOT_FOUND", reason: "invitation_not_found" };
const noKey = { code: "NOT_FOUND", reason: "api_key_not_found" };
const scopes = core.roleScopes.owner;
const email = "invited@example.com";

/** Every verb about people and keys that works for a tenant, and what it must answer about those of another. */
export const peopleVerbs: Record<string, { attempt: Verb; refusal?: typeof noKey; answer?: unknown }> = {
  listMembers: { attempt: (ctx) => core.listMembers(ctx), answer: [] },
  getMember: { attempt: (ctx, { personId }) => core.getMember(ctx, { personId }), refusal: noMember },
  changeRole: {
    attempt: (ctx, { personId }) => core.changeRole(ctx, { personId, role: "viewer", scopes }),
    refusal: noMember,
  },
  removeMember: {
    attempt: (ctx, { personId }) => core.removeMember(ctx, { personId, scopes }),
    refusal: noMember,
  },
  listInvitations: { attempt: (ctx) => core.listInvitations(ctx), answer: [] },
  getInvitation: {
    attempt: (ctx, { invitationId: id }) => core.getInvitation(ctx, { id }),
    refusal: noInvitation,
  },
  revokeInvitation: {
    attempt: (ctx, { invitationId: id }) => core.revokeInvitation(ctx, { id, scopes }),
    refusal: noInvitation,
  },
  createInvitation: {
    // The address is invited by the other tenant too, and stays so.
    attempt: async (ctx) => (await core.createInvitation(ctx, { email, role: "owner", scopes })).role,
    answer: "owner",
  },
  requireApiKey: {
    attempt: ({ db, tenantId }, { keyId: id }) => core.requireApiKey(db, { tenantId, id }),
    refusal: noKey,
  },
  revokeApiKey: {
    attempt: ({ db, tenantId }, { keyId: id }) => core.revokeApiKey(db, { tenantId, id }),
    refusal: noKey,
  },
  revokeTenantKey: {
    attempt: (ctx, { keyId: id }) => core.revokeTenantKey(ctx, { id, held: scopes }),
    refusal: noKey,
  },
  listApiKeys: { attempt: ({ db, tenantId }) => core.listApiKeys(db, { tenantId }), answer: [] },
  createTenantKey: {
    attempt: async (ctx) =>
      (await core.createTenantKey(ctx, { name: "k", scopes, expiresAt: null, held: scopes })).scopes,
    answer: [...scopes],
  },
  exportTenant: {
    attempt: async (ctx) => {
      const { matched, chunks } = await core.exportTenant(ctx, { format: "json" });
      const texts: string[] = [];
      for await (const chunk of chunks) texts.push(new TextDecoder().decode(chunk));
      return [matched, /private|secret|invited@/.test(texts.join(""))];
    },
    answer: [0, false],
  },
  readDeparture: { attempt: ({ db, tenantId }) => core.readDeparture(db, { tenantId }), answer: undefined },
  startLeaving: {
    attempt: async (ctx) => {
      const { name: confirm } = await core.getSettings(ctx);
      return (await core.startLeaving(ctx.db, { ...ctx, confirm })).departure.state;
    },
    answer: "closing",
  },
  createToken: {
    attempt: (ctx, { keyId: apiKeyId }) =>
      core.createToken(ctx, { apiKey: "k", apiKeyId, held: scopes, scopes, expiresIn: 60 }),
    refusal: { code: "UNAUTHORIZED", reason: "invalid_credentials" },
  },
};

/** Gives a tenant one of each, and tells how they are. */
export async function addPeople(owner: core.Context) {
  const { db, tenantId } = owner;
  const { personId } = await addPerson(db, "Ada", tenantId);
  const { id: invitationId } = await core.createInvitation(owner, { email, role: "viewer", scopes });
  const made = { name: "k", scopes, expiresAt: null, held: scopes };
  const { id: keyId } = await core.createTenantKey(owner, made);
  const target: PeopleTarget = { personId, invitationId, keyId };
  const look = async () => [
    await core.listMembers(owner),
    await core.listInvitations(owner),
    await core.listApiKeys(db, owner),
  ];
  return { target, look };
}

/** What is about people, who belong to no tenant, and what they come in and go by: no verb of a tenant. */
export const aboutPeople: readonly string[] = [
  "claimCode",
  "disconnectProvider",
  "endPersonSessions",
  "findDeparture",
  "createPasswordReset",
  "findSignedIn",
  "firstTenant",
  "hasPeople",
  "hashPassword",
  "isInvited",
  "isPasswordOf",
  "isToken",
  "issueSetUpCode",
  // By the secret of a departure alone, as that itself.
  "letLedgerGo",
  "listPersonSessions",
  "readInvitation",
  "readLeftLedger",
  "readPasswordReset",
  "replayDeparture",
  "requireStrongPassword",
  "resetPassword",
  "setUp",
  "switchTenant",
  "verifyPassword",
];
