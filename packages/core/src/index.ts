export { type Background, type StartBackground, startBackground } from "./background/start-background.ts";
export {
  type BulkDelete,
  bulkDelete,
  previewBulkDelete,
} from "./chats/bulk-delete.ts";
export type { ChatCriteria, ChatFilter } from "./chats/chat-filter.ts";
export type { VersionCondition } from "./chats/chat-row.ts";
export { createChat, getChat, renameChat } from "./chats/chats.ts";
export { type DeleteChat, deleteChat } from "./chats/delete-chat.ts";
export {
  type DeletionOutcome,
  type DeletionRequest,
  deleteChats,
} from "./chats/delete-chats.ts";
export { type ListChats, listChats } from "./chats/list-chats.ts";
export { readClock } from "./clock.ts";
export type { Actor, Context, IdempotencyAttempt, KeyName, TenantId } from "./context.ts";
export {
  type ApiKey,
  type CreateApiKey,
  createApiKey,
  createTenantKey,
  listApiKeys,
  requireApiKey,
  revokeApiKey,
  revokeTenantKey,
} from "./credentials/api-keys.ts";
export {
  type Authenticator,
  authenticateApiKey,
  authenticateSession,
  createAuthenticator,
} from "./credentials/authenticator.ts";
export type { Sender, WrongKeys } from "./credentials/guess-limiter.ts";
export type { Principal } from "./credentials/principal.ts";
export { type Role, roleScopes, roles } from "./credentials/roles.ts";
export { requireScope, type Scope, scopes } from "./credentials/scopes.ts";
export { createSession, deleteSession } from "./credentials/sessions.ts";
export { createTenant, listTenants, type Tenant } from "./credentials/tenants.ts";
export { type CreateToken, createToken, isToken } from "./credentials/tokens.ts";
export { isWriteRefused, type Outage, outageOf } from "./database-error.ts";
export { type DeletionJob, type DeletionJobFailure, isDeleting } from "./deletion-jobs/deletion-job.ts";
export {
  type CreateDeletionJob,
  cancelDeletionJob,
  createDeletionJob,
  getDeletionJob,
  type ListDeletionJobFailures,
  type ListDeletionJobs,
  listDeletionJobFailures,
  listDeletionJobs,
  undoDeletionJob,
} from "./deletion-jobs/deletion-jobs.ts";
export { type DeletionPreview, previewDeletion } from "./deletion-jobs/preview-deletion.ts";
export { demoChatId, readmeChatId } from "./demo/demo-chats.ts";
export { type SeedOptions, type SeedProgress, seedChats } from "./demo/seed-chats.ts";
export { type DemoState, demoApiKey, demoTenantId, findDemoKey, seedDemo } from "./demo/seed-demo.ts";
export { type ErasureBacklog, readErasureBacklog } from "./erasure/read-erasure-backlog.ts";
export {
  chatNotFound,
  chatTrashed,
  type ErrorCode,
  type ErrorDetails,
  type ErrorReason,
  LetheError,
} from "./errors.ts";
export type { ChosenChats } from "./exports/chosen-chats.ts";
export {
  type ChatFile,
  type ExportChat,
  type ExportFormat,
  exportChat,
} from "./exports/export-chat.ts";
export { type ChatArchive, type ExportChats, exportChats, type SentArchive } from "./exports/export-chats.ts";
export {
  type ExportTenant,
  exportTenant,
  type TenantArchive,
  type TenantPlace,
} from "./exports/export-tenant.ts";
export type { SentFile } from "./exports/summed.ts";
export {
  createEventFeed,
  type EventFeed,
  type EventFeedOptions,
  type Listen,
} from "./feed/event-feed.ts";
export { type OpenTransaction, readOpenTransactions } from "./feed/horizon.ts";
export type { Tail } from "./feed/tail.ts";
export { Gate, type GateOptions } from "./gate.ts";
export { listConnections, openConnection, releaseConnection } from "./gateway/connections.ts";
export {
  type GatewaySighting,
  type GatewayState,
  LeaseWatch,
  lapseGateways,
  lease,
  listGateways,
  registerGateway,
  releaseGateway,
  removeLapsedGateways,
  renewGateway,
} from "./gateway/lease.ts";
export { holdChat, releaseHold } from "./holds/holds.ts";
export {
  type Claim,
  type CreatedResource,
  claimKey,
  type Settlement,
  settleKey,
} from "./idempotency/keys.ts";
export {
  type Contents,
  type MessageRef,
  messageKey,
  type ReadContents,
  readContents,
} from "./idempotency/read-contents.ts";
export {
  type Departure,
  type DepartureState,
  findDeparture,
  readDeparture,
  type StartLeaving,
  startLeaving,
} from "./leaving/departures.ts";
export { letLedgerGo, readLeftLedger } from "./leaving/left-ledger.ts";
export { type DepartureOutcome, replayDeparture } from "./leaving/replay-departures.ts";
export { getDeletion, type LedgerFilter, type ListDeletions, listDeletions } from "./ledger/deletions.ts";
export { type ExportLedger, exportLedger } from "./ledger/export-ledger.ts";
export { type ExportLedgerCsv, exportLedgerCsv, type LedgerFile } from "./ledger/ledger-csv.ts";
export {
  type LedgerDeletion,
  type LedgerDeparture,
  type LedgerKey,
  type LedgerLine,
  ledgerLineSchema,
} from "./ledger/ledger-line.ts";
export { type LedgerPreview, previewLedgerRetention } from "./ledger/preview-pruning.ts";
export { importReceiptKeys, type ReplayOutcome, replayDeletions } from "./ledger/replay-ledger.ts";
export { limits, webhookEventTypes } from "./limits.ts";
export { createMessage } from "./messages/create-message.ts";
export { getMessage, type ListMessages, listMessages } from "./messages/read-messages.ts";
export { type FoundPage, type SearchMessages, searchMessages } from "./messages/search-messages.ts";
export {
  type Acceptance,
  acceptInvitation,
  createInvitation,
  getInvitation,
  type Invitation,
  isInvited,
  listInvitations,
  type OpenInvitation,
  readInvitation,
  revokeInvitation,
} from "./people/invitations.ts";
export { changeRole, getMember, listMembers, type Member, removeMember } from "./people/members.ts";
export { createPasswordReset, readPasswordReset, resetPassword } from "./people/password-resets.ts";
export { requireStrongPassword } from "./people/password-strength.ts";
export { hashPassword, verifyPassword } from "./people/passwords.ts";
export { hasPeople, issueSetUpCode, type NewPerson, setUp } from "./people/people.ts";
export { disconnectProvider, isPasswordOf } from "./people/person-accounts.ts";
export {
  endPersonSessions,
  findSignedIn,
  firstTenant,
  listPersonSessions,
  type PersonSession,
  type SignedIn,
  switchTenant,
} from "./people/person-sessions.ts";
export { claimCode } from "./people/second-factors.ts";
export {
  createReceiptSigner,
  type ReceiptSigner,
  type Receipts,
} from "./receipts/receipt-signer.ts";
export { listPublicKeys, type PublicKey, type Rotation, rotateSigningKey } from "./receipts/signing-keys.ts";
export { previewRetention } from "./retention/retention.ts";
export {
  getSettings,
  previewTrashRetention,
  type Settings,
  type UpdateSettings,
  updateSettings,
} from "./settings/settings.ts";
export { type BulkOutcome, bulkRestore, bulkTrash } from "./trash/bulk.ts";
export { restoreChat } from "./trash/restore-chat.ts";
export { type TrashChat, trashChat } from "./trash/trash-chat.ts";
export type {
  Chat,
  ChatExport,
  Credential,
  DeletionRecord,
  FeedItem,
  Hold,
  ListedChat,
  Message,
  MessageHit,
  Page,
  TenantEvent,
} from "./types.ts";
export {
  getWebhookDelivery,
  type ListWebhookDeliveries,
  listWebhookDeliveries,
  redeliverWebhook,
  testWebhook,
} from "./webhooks/deliveries.ts";
export { readWebhookBacklog, type WebhookBacklog } from "./webhooks/read-webhook-backlog.ts";
export type {
  Webhook,
  WebhookDelivery,
  WebhookDeliveryState,
  WebhookEventType,
  WebhookPayload,
  WebhookWithSecret,
} from "./webhooks/webhook.ts";
export type { WebhookPolicy } from "./webhooks/webhook-url.ts";
export {
  type CreateWebhook,
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  rotateWebhookSecret,
  type UpdateWebhook,
  updateWebhook,
} from "./webhooks/webhooks.ts";
export { within } from "./within.ts";
