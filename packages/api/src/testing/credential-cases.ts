import { getChat } from "@lethe/core";
import { expect } from "vitest";
import { type Input, nobody, type Operation, type ParityCase } from "./caller.ts";
import { type World, writeChat } from "./world.ts";

type Call = {
  operation: Operation;
  scope: string;
  lacking: keyof World["keys"];
  input: (chatId: string) => Input;
};

const people = { scope: "people:write", lacking: "deleting" as const };
const keysOf = { scope: "keys:write", lacking: "deleting" as const };
const settings = { scope: "settings:write", lacking: "writing" as const };
const webhookOperations: Operation[] = [
  "webhook.byId",
  "webhook.update",
  "webhook.delete",
  "webhook.rotateSecret",
  "webhook.test",
  "webhook.deliveries",
  "webhook.redeliver",
];

/** A good call of every operation, and a key that lacks its scope. */
const calls: Call[] = [
  { operation: "chat.list", scope: "chats:read", lacking: "writing", input: () => ({}) },
  { operation: "chat.byId", scope: "chats:read", lacking: "deleting", input: (chat_id) => ({ chat_id }) },
  { operation: "chat.create", scope: "chats:write", lacking: "reading", input: () => ({ title: "New" }) },
  {
    operation: "chat.rename",
    scope: "chats:write",
    lacking: "deleting",
    input: (chat_id) => ({ chat_id, title: "Taken over" }),
  },
  {
    operation: "chat.delete",
    scope: "chats:delete",
    lacking: "writing",
    input: (chat_id) => ({ chat_id, force: true }),
  },
  { operation: "chat.trash", scope: "chats:trash", lacking: "writing", input: (chat_id) => ({ chat_id }) },
  { operation: "chat.restore", scope: "chats:trash", lacking: "writing", input: (chat_id) => ({ chat_id }) },
  {
    operation: "chat.bulkTrash",
    scope: "chats:trash",
    lacking: "writing",
    input: (chat_id) => ({ chat_ids: [chat_id] }),
  },
  {
    operation: "chat.bulkRestore",
    scope: "chats:trash",
    lacking: "reading",
    input: (chat_id) => ({ chat_ids: [chat_id] }),
  },
  {
    operation: "chat.hold",
    scope: "holds:write",
    lacking: "deleting",
    input: (chat_id) => ({ chat_id, reason: "Mallory says so" }),
  },
  {
    operation: "chat.releaseHold",
    scope: "holds:write",
    lacking: "deleting",
    input: (chat_id) => ({ chat_id }),
  },
  { operation: "settings.get", scope: "chats:read", lacking: "writing", input: () => ({}) },
  {
    operation: "settings.previewRetention",
    scope: "chats:read",
    lacking: "deleting",
    input: () => ({ retention_days: 1 }),
  },
  {
    operation: "settings.previewTrash",
    scope: "chats:read",
    lacking: "deleting",
    input: () => ({ trash_retention_days: 1 }),
  },
  {
    operation: "settings.previewLedger",
    scope: "chats:read",
    lacking: "deleting",
    input: () => ({ ledger_retention_days: 30 }),
  },
  {
    operation: "settings.update",
    scope: "settings:write",
    lacking: "deleting",
    input: () => ({ trash_retention_days: 1 }),
  },
  { operation: "chat.export", scope: "chats:read", lacking: "deleting", input: (chat_id) => ({ chat_id }) },
  {
    operation: "chat.bulkExport",
    scope: "chats:read",
    lacking: "deleting",
    input: (id) => ({ chat_ids: [id] }),
  },
  { operation: "deletion.list", scope: "chats:read", lacking: "deleting", input: () => ({}) },
  { operation: "deletion.export", scope: "chats:read", lacking: "deleting", input: () => ({}) },
  {
    operation: "deletion.byId",
    scope: "chats:read",
    lacking: "writing",
    input: () => ({ deletion_id: nobody }),
  },
  { operation: "member.list", scope: "chats:read", lacking: "deleting", input: () => ({}) },
  { operation: "member.changeRole", ...people, input: () => ({ person_id: nobody, role: "viewer" }) },
  { operation: "member.remove", ...people, input: () => ({ person_id: nobody }) },
  { operation: "invitation.list", ...people, input: () => ({}) },
  { operation: "invitation.create", ...people, input: () => ({ email: "m@example.com", role: "viewer" }) },
  { operation: "invitation.revoke", ...people, input: () => ({ invitation_id: nobody }) },
  { operation: "apiKey.list", ...keysOf, input: () => ({}) },
  { operation: "apiKey.create", ...keysOf, input: () => ({ name: "M", scopes: ["chats:read"] }) },
  { operation: "apiKey.revoke", ...keysOf, input: () => ({ key_id: nobody }) },
  { operation: "webhook.list", ...settings, input: () => ({}) },
  ...webhookOperations.map((operation) => ({
    operation,
    ...settings,
    input: () => ({ webhook_id: nobody, delivery_id: nobody }),
  })),
  {
    operation: "webhook.create",
    ...settings,
    input: () => ({ url: "https://example.com", event_types: ["chat.deleted"] }),
  },
  {
    operation: "chat.bulkDelete",
    scope: "chats:delete",
    lacking: "writing",
    input: (id) => ({ chat_ids: [id], force: true }),
  },
  ...(["create", "preview"] as const).map(
    (verb): Call => ({
      operation: `deletionJob.${verb}`,
      scope: "chats:delete",
      lacking: "reading",
      input: () => ({ filter: { min_messages: 1 } }),
    }),
  ),
  ...(["previewTrash", "trashMatching", "restoreMatching"] as const).map(
    (verb): Call => ({
      operation: `chat.${verb}`,
      scope: "chats:trash",
      lacking: "writing",
      input: () => ({ filter: { min_messages: 1 } }),
    }),
  ),
  { operation: "deletionJob.list", scope: "chats:trash", lacking: "reading", input: () => ({}) },
  ...(["byId", "failures", "cancel", "undo"] as const).map(
    (verb): Call => ({
      operation: `deletionJob.${verb}`,
      scope: "chats:trash",
      lacking: "writing",
      input: () => ({ job_id: nobody }),
    }),
  ),
  {
    operation: "chat.connections",
    scope: "chats:read",
    lacking: "writing",
    input: (chat_id) => ({ chat_id }),
  },
  { operation: "message.list", scope: "chats:read", lacking: "writing", input: (chat_id) => ({ chat_id }) },
  {
    operation: "message.bySeq",
    scope: "chats:read",
    lacking: "writing",
    input: (chat_id) => ({ chat_id, seq: 1 }),
  },
  {
    operation: "message.search",
    scope: "chats:read",
    lacking: "writing",
    input: () => ({ q: "anything" }),
  },
  {
    operation: "message.create",
    scope: "chats:write",
    lacking: "reading",
    input: (chat_id) => ({ chat_id, author: "Mallory", body: "hi" }),
  },
];

const keys: { who: string; code: string; key: (world: World) => string | undefined }[] = [
  { who: "no key", code: "missing_credentials", key: () => undefined },
  { who: "an empty key", code: "missing_credentials", key: () => "" },
  { who: "an unknown key", code: "invalid_credentials", key: () => "lethe_00000000_nobodys" },
  { who: "a key of absurd length", code: "invalid_credentials", key: () => "k".repeat(5_000) },
  { who: "a revoked key", code: "invalid_credentials", key: ({ keys }) => keys.revoked },
  { who: "an expired key", code: "invalid_credentials", key: ({ keys }) => keys.expired },
];

/** The call, made on a chat of the callers' tenant, which must be as it was afterwards. */
const attempt =
  (
    { operation, input }: Call,
    key: (world: World) => string | undefined,
    scope?: string,
  ): ParityCase["given"] =>
  async (world) => {
    const chat = await writeChat(world.context, { messages: 1 });
    return {
      operation,
      input: input(chat.id),
      apiKey: key(world),
      verify: async ({ body }) => {
        if (scope) expect(body).toMatchObject({ scope });
        expect(JSON.stringify(body)).not.toContain(chat.title);
        const { title, version } = await getChat(world.context, { chatId: chat.id });
        expect({ title, version }).toEqual({ title: chat.title, version: chat.version });
      },
    };
  };

const onChats = calls.filter(({ input }) => "chat_id" in input(nobody));

/** Who may do what: the same answers for every operation. */
export const credentialCases: ParityCase[] = [
  ...calls.flatMap((call) =>
    keys.map(({ who, code, key }) => ({
      name: `${call.operation} with ${who}`,
      status: 401,
      code,
      given: attempt(call, key),
    })),
  ),
  ...calls.map((call) => ({
    name: `${call.operation} without ${call.scope}`,
    status: 403,
    code: "missing_scope",
    given: attempt(call, (world) => world.keys[call.lacking], call.scope),
  })),
  ...onChats.map((call) => ({
    name: `${call.operation} on another tenant's chat`,
    status: 404,
    code: "chat_not_found",
    given: attempt(call, (world) => world.keys.strangers),
  })),
  ...onChats.map(({ operation, input }) => ({
    name: `${operation} on a chat that is not there`,
    status: 404,
    code: "chat_not_found",
    given: async (world: World) => ({ operation, input: input(nobody), apiKey: world.keys.all }),
  })),
];
