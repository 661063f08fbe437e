import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { runStep } from "../src/deletion-jobs/run-step.ts";
import * as core from "../src/index.ts";
import { aboutPeople, addPeople, type PeopleTarget, peopleVerbs } from "./people-verbs.ts";
import { connect, useWorld, vaultOf } from "./world.ts";

const world = useWorld();

type Target = Record<
  "chatId" | "connectionId" | "gatewayId" | "deletionId" | "jobId" | "webhookId" | "deliveryId",
  string
> &
  PeopleTarget;
type Verb = (ctx: core.Context, target: Target) => Promise<unknown>;

const noJob = { code: "NOT_FOUND", reason: "deletion_job_not_found" };
const noLines = { matched: 0, exported: 0, asOf: expect.any(Date), complete: true };
const nothingFound = {
  ...{ matched: 0, sample: [], asOf: expect.any(Date), complete: true },
  blockers: { activeConnections: 0, onHold: 0 },
  blocked: { activeConnections: [], onHold: [] },
};
const notFound = { code: "NOT_FOUND", reason: "chat_not_found" };
const noWebhook = { code: "NOT_FOUND", reason: "webhook_not_found" };
const policy = { allowPrivate: true };
const url = "http://127.0.0.1:9/";

/** Every verb that works for a tenant, tried on a chat of another, and what it must answer. */
const verbs: Record<string, { attempt: Verb; refusal?: typeof notFound; answer?: unknown }> = {
  getChat: { attempt: (ctx, { chatId }) => core.getChat(ctx, { chatId }), refusal: notFound },
  renameChat: {
    attempt: (ctx, { chatId }) => core.renameChat(ctx, { chatId, title: "stolen" }),
    refusal: notFound,
  },
  deleteChat: {
    attempt: (ctx, { chatId }) => core.deleteChat(ctx, { chatId, force: true }),
    refusal: notFound,
  },
  deleteChats: {
    attempt: (ctx, { chatId }) => core.deleteChats(ctx.db, [{ ...ctx, chatId, force: true }]),
    answer: [{ outcome: "not_found" }],
  },
  trashChat: { attempt: (ctx, { chatId }) => core.trashChat(ctx, { chatId }), refusal: notFound },
  restoreChat: { attempt: (ctx, { chatId }) => core.restoreChat(ctx, { chatId }), refusal: notFound },
  bulkTrash: {
    attempt: async (ctx, { chatId }) =>
      (await core.bulkTrash(ctx, { chatIds: [chatId] })).map(({ outcome }) => outcome),
    answer: ["not_found"],
  },
  bulkRestore: {
    attempt: async (ctx, { chatId }) =>
      (await core.bulkRestore(ctx, { chatIds: [chatId] })).map(({ outcome }) => outcome),
    answer: ["not_found"],
  },
  holdChat: {
    attempt: (ctx, { chatId }) => core.holdChat(ctx, { chatId, reason: "mine" }),
    refusal: notFound,
  },
  releaseHold: { attempt: (ctx, { chatId }) => core.releaseHold(ctx, { chatId }), refusal: notFound },
  getSettings: {
    attempt: (ctx) => core.getSettings(ctx),
    answer: expect.objectContaining({ trashRetentionDays: 30, retentionDays: null }),
  },
  updateSettings: {
    attempt: (ctx) => core.updateSettings(ctx, { trashRetentionDays: 1, retentionDays: 1 }),
    answer: expect.objectContaining({ trashRetentionDays: 1, retentionDays: 1 }),
  },
  bulkDelete: {
    attempt: (ctx, { chatId }) => core.bulkDelete(ctx, { chatIds: [chatId], force: true }),
    answer: [{ outcome: "not_found" }],
  },
  previewBulkDelete: {
    attempt: (ctx, { chatId }) => core.previewBulkDelete(ctx, { chatIds: [chatId], force: true }),
    answer: [{ outcome: "not_found" }],
  },
  undoDeletionJob: { attempt: (ctx, { jobId }) => core.undoDeletionJob(ctx, { jobId }), refusal: noJob },
  createDeletionJob: {
    attempt: async (ctx) => {
      const filter = { state: "any" as const, q: "private" };
      const { id: jobId } = await core.createDeletionJob(ctx, { filter, force: true });
      while ((await runStep(ctx.db, { tenantId: ctx.tenantId, jobId }, { size: 9 })).state === "more");
      return (await core.getDeletionJob(ctx, { jobId })).processed;
    },
    answer: 0,
  },
  getDeletionJob: { attempt: (ctx, { jobId }) => core.getDeletionJob(ctx, { jobId }), refusal: noJob },
  cancelDeletionJob: { attempt: (ctx, { jobId }) => core.cancelDeletionJob(ctx, { jobId }), refusal: noJob },
  listDeletionJobFailures: {
    attempt: (ctx, { jobId }) => core.listDeletionJobFailures(ctx, { jobId, limit: 9 }),
    refusal: noJob,
  },
  listDeletionJobs: {
    attempt: (ctx) => core.listDeletionJobs(ctx, { limit: 9 }),
    answer: { items: [], nextCursor: null },
  },
  previewDeletion: {
    attempt: (ctx) => core.previewDeletion(ctx, { filter: { state: "any", minMessages: 1 } }),
    answer: nothingFound,
  },
  previewRetention: {
    attempt: (ctx) => core.previewRetention(ctx, { retentionDays: -1 }),
    answer: nothingFound,
  },
  previewTrashRetention: {
    attempt: (ctx) => core.previewTrashRetention(ctx, { trashRetentionDays: 1 }),
    answer: nothingFound,
  },
  previewLedgerRetention: {
    attempt: (ctx) => core.previewLedgerRetention(ctx, { ledgerRetentionDays: -1 }),
    answer: noLines,
  },
  createMessage: {
    attempt: (ctx, { chatId }) => core.createMessage(ctx, { chatId, author: "a", body: "b" }),
    refusal: notFound,
  },
  searchMessages: {
    attempt: (ctx) => core.searchMessages(ctx, { q: "secret", limit: 9, state: "active" }),
    answer: { items: [], nextCursor: null, complete: true },
  },
  listMessages: {
    attempt: (ctx, { chatId }) => core.listMessages(ctx, { chatId, limit: 9 }),
    refusal: notFound,
  },
  getMessage: { attempt: (ctx, chat) => core.getMessage(ctx, { ...chat, seq: 1 }), refusal: notFound },
  exportChat: {
    attempt: (ctx, { chatId }) => core.exportChat(ctx, { chatId, format: "json" }),
    refusal: notFound,
  },
  exportChats: {
    attempt: (ctx, { chatId }) => core.exportChats(ctx, { chats: { chatIds: [chatId] }, format: "json" }),
    refusal: notFound,
  },
  listConnections: { attempt: (ctx, chat) => core.listConnections(ctx, chat), refusal: notFound },
  openConnection: {
    attempt: (ctx, target) => core.openConnection(ctx, { ...target, connectionId: randomUUID() }),
    refusal: notFound,
  },
  releaseConnection: { attempt: (ctx, target) => core.releaseConnection(ctx, target), answer: undefined },
  getDeletion: {
    attempt: (ctx, { deletionId }) => core.getDeletion(ctx, { deletionId }),
    refusal: { code: "NOT_FOUND", reason: "deletion_not_found" },
  },
  listDeletions: {
    attempt: (ctx) => core.listDeletions(ctx, { limit: 9 }),
    answer: { items: [], nextCursor: null },
  },
  exportLedgerCsv: {
    attempt: async (ctx) => {
      const { chunks } = await core.exportLedgerCsv(ctx, {});
      let text = "";
      for await (const chunk of chunks) text += chunk;
      return text.trimEnd().split("\r\n").slice(1);
    },
    answer: [],
  },
  listChats: {
    attempt: (ctx) => core.listChats(ctx, { limit: 9, state: "active" }),
    answer: { items: [], nextCursor: null },
  },
  seedChats: {
    attempt: (ctx) => core.seedChats(ctx, { chats: 1, messages: 1 }),
    answer: { chats: 1, messages: 1 },
  },
  readContents: {
    attempt: (ctx, { chatId }) =>
      core.readContents(ctx, { chatIds: [chatId], messages: [{ chatId, seq: 1 }] }),
    answer: { chats: new Map(), messages: new Map() },
  },
  settleKey: { attempt: (ctx) => core.settleKey(ctx, { end: "void" }), answer: undefined },
  createWebhook: {
    attempt: async (ctx) => (await core.createWebhook(ctx, { url, eventTypes: [], policy })).url,
    answer: url,
  },
  getWebhook: {
    attempt: (ctx, { webhookId }) => core.getWebhook(ctx, { webhookId }),
    refusal: noWebhook,
  },
  listWebhooks: { attempt: (ctx) => core.listWebhooks(ctx), answer: [] },
  updateWebhook: {
    attempt: (ctx, { webhookId }) => core.updateWebhook(ctx, { webhookId, enabled: false, policy }),
    refusal: noWebhook,
  },
  deleteWebhook: {
    attempt: (ctx, { webhookId }) => core.deleteWebhook(ctx, { webhookId }),
    refusal: noWebhook,
  },
  rotateWebhookSecret: {
    attempt: (ctx, { webhookId }) => core.rotateWebhookSecret(ctx, { webhookId }),
    refusal: noWebhook,
  },
  testWebhook: {
    attempt: (ctx, { webhookId }) => core.testWebhook(ctx, { webhookId, policy }),
    refusal: noWebhook,
  },
  listWebhookDeliveries: {
    attempt: (ctx, { webhookId }) => core.listWebhookDeliveries(ctx, { webhookId, limit: 9 }),
    refusal: noWebhook,
  },
  getWebhookDelivery: {
    attempt: (ctx, { webhookId, deliveryId }) => core.getWebhookDelivery(ctx, { webhookId, deliveryId }),
    refusal: noWebhook,
  },
  redeliverWebhook: {
    attempt: (ctx, { webhookId, deliveryId }) => core.redeliverWebhook(ctx, { webhookId, deliveryId }),
    refusal: noWebhook,
  },
  createChat: {
    attempt: async (ctx, { chatId }) => (await core.createChat(ctx, { id: chatId, title: "mine" })).title,
    answer: "mine",
  },
  ...peopleVerbs,
};

/** What is exported beside them: for operators, for processes, or about credentials. */
const others = [
  "Gate",
  "LeaseWatch",
  "LetheError",
  "authenticateApiKey",
  "acceptInvitation",
  "authenticateSession",
  "claimKey",
  "chatNotFound",
  "chatTrashed",
  "createApiKey",
  "createAuthenticator",
  "createEventFeed",
  "createReceiptSigner",
  "createSession",
  "createTenant",
  "deleteSession",
  "exportLedger",
  "findDemoKey",
  "importReceiptKeys",
  "isDeleting",
  "isWriteRefused",
  "lapseGateways",
  "listGateways",
  "listPublicKeys",
  "listTenants",
  "messageKey",
  "outageOf",
  "readClock",
  "readErasureBacklog",
  "readOpenTransactions",
  "readWebhookBacklog",
  "registerGateway",
  "releaseGateway",
  "removeLapsedGateways",
  "replayDeletions",
  "renewGateway",
  "requireScope",
  "rotateSigningKey",
  "seedDemo",
  "startBackground",
  "within",
  ...aboutPeople,
];

it("is tried for every verb that there is", () => {
  const exported = Object.entries(core)
    .filter(([, value]) => typeof value === "function")
    .map(([name]) => name);
  expect(exported.toSorted()).toEqual([...Object.keys(verbs), ...others].toSorted());
});

it.each(Object.keys(verbs))("%s neither reads nor touches another tenant's chat", async (name) => {
  const [owner, stranger] = [await world.tenant(), await world.tenant()];
  const { id: chatId } = await core.createChat(owner, { title: "private" });
  await core.createMessage(owner, { chatId, author: "Ada", body: "secret" });
  const gatewayId = await world.gateway();
  const connectionId = await connect(owner, chatId, gatewayId);
  const { id: formerId } = await core.createChat(owner, { title: "former" });
  const { id: deletionId } = await core.deleteChat(owner, { chatId: formerId, force: false });
  const { id: webhookId } = await core.createWebhook(owner, { url, eventTypes: ["chat.deleted"], policy });
  const { id: deliveryId } = await core.testWebhook(owner, { webhookId, policy });
  const people = await addPeople(owner);
  const look = async () => [
    await people.look(),
    await core.getChat(owner, { chatId }),
    await vaultOf(owner, chatId),
    await core.getSettings(owner),
    await core.getWebhook(owner, { webhookId }),
    await core.listWebhookDeliveries(owner, { webhookId, limit: 9 }),
  ];
  const { id: jobId } = await core.createDeletionJob(owner, { filter: { state: "trashed" }, force: false });
  const before = await look();

  const { attempt, refusal, answer } = verbs[name] ?? {};
  const target = {
    ...{ chatId, connectionId, gatewayId, deletionId, jobId, webhookId, deliveryId },
    ...people.target,
  };
  const tried = attempt?.(stranger, target);
  if (refusal) await expect(tried).rejects.toMatchObject(refusal);
  else expect(await tried).toEqual(answer);

  expect(await look()).toEqual(before);
});
