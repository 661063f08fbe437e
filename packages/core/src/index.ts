export {
  type BulkDelete,
  type BulkDeletionOutcome,
  bulkDelete,
  previewBulkDelete,
} from "./chats/bulk-delete.ts";
export { createChat } from "./chats/create-chat.ts";
export { type DeleteChat, deleteChat } from "./chats/delete-chat.ts";
export {
  type Deletion,
  type DeletionOutcome,
  type DeletionRequest,
  deleteChats,
} from "./chats/delete-chats.ts";
export { getChat } from "./chats/get-chat.ts";
export { type ListChats, listChats } from "./chats/list-chats.ts";
export { renameChat } from "./chats/rename-chat.ts";
export type { VersionCondition } from "./chats/version-condition.ts";
export { readClock } from "./clock.ts";
export type { Actor, Context, TenantId } from "./context.ts";
export { authenticateApiKey, authenticateSession } from "./credentials/authenticate.ts";
export { type CreateApiKey, createApiKey } from "./credentials/create-api-key.ts";
export { type Authenticator, createAuthenticator } from "./credentials/create-authenticator.ts";
export { createSession } from "./credentials/create-session.ts";
export { createTenant } from "./credentials/create-tenant.ts";
export { deleteSession } from "./credentials/delete-session.ts";
export { type ApiKey, listApiKeys } from "./credentials/list-api-keys.ts";
export { listTenants, type Tenant } from "./credentials/list-tenants.ts";
export type { Principal } from "./credentials/principal.ts";
export { revokeApiKey } from "./credentials/revoke-api-key.ts";
export { requireScope, type Scope, scopes } from "./credentials/scopes.ts";
export type { Sender, WrongKeys } from "./credentials/strangers.ts";
export { isWriteRefused, outageOf } from "./database-error.ts";
export { cancelDeletionJob } from "./deletion-jobs/cancel-deletion-job.ts";
export type { ChatFilter } from "./deletion-jobs/chat-filter.ts";
export { type CreateDeletionJob, createDeletionJob } from "./deletion-jobs/create-deletion-job.ts";
export type { DeletionJob, DeletionJobFailure } from "./deletion-jobs/deletion-job.ts";
export { getDeletionJob } from "./deletion-jobs/get-deletion-job.ts";
export {
  type ListDeletionJobFailures,
  listDeletionJobFailures,
} from "./deletion-jobs/list-deletion-job-failures.ts";
export { type ListDeletionJobs, listDeletionJobs } from "./deletion-jobs/list-deletion-jobs.ts";
export { type DeletionPreview, previewDeletion } from "./deletion-jobs/preview-deletion.ts";
export { getDeletion } from "./deletions/get-deletion.ts";
export { type ListDeletions, listDeletions } from "./deletions/list-deletions.ts";
export { demoChatId, readmeChatId } from "./demo/demo-chats.ts";
export { findDemoKey } from "./demo/find-demo-key.ts";
export { type SeedOptions, type SeedProgress, seedChats } from "./demo/seed-chats.ts";
export { type DemoState, demoApiKey, demoTenantId, seedDemo } from "./demo/seed-demo.ts";
export { type ErasureBacklog, readErasureBacklog } from "./erasure/read-erasure-backlog.ts";
export {
  chatNotFound,
  chatTrashed,
  type ErrorCode,
  type ErrorDetails,
  type ErrorReason,
  LetheError,
} from "./errors.ts";
export { type ChatFile, type ExportChat, exportChat, type SentFile } from "./exports/export-chat.ts";
export type { ExportFormat } from "./exports/formats/renderers.ts";
export {
  createEventFeed,
  type EventFeed,
  type EventFeedOptions,
  type Listen,
} from "./feed/create-event-feed.ts";
export { type OpenTransaction, readOpenTransactions } from "./feed/horizon.ts";
export type { Tail } from "./feed/tail.ts";
export { Gate, type GateOptions } from "./gate.ts";
export {
  type GatewaySighting,
  type GatewayState,
  lapseGateways,
  lease,
  listGateways,
  registerGateway,
  releaseGateway,
  removeLapsedGateways,
  renewGateway,
} from "./gateway/lease.ts";
export { LeaseWatch } from "./gateway/lease-watch.ts";
export { openConnection } from "./gateway/open-connection.ts";
export { releaseConnection } from "./gateway/release-connection.ts";
export { holdChat } from "./holds/hold-chat.ts";
export { releaseHold } from "./holds/release-hold.ts";
export { type Claim, claimKey, type Made } from "./idempotency/claim-key.ts";
export type { KeyName, Once } from "./idempotency/once.ts";
export {
  type Contents,
  type MessagePlace,
  placeOf,
  type ReadContents,
  readContents,
} from "./idempotency/read-contents.ts";
export { type Settlement, settleKey } from "./idempotency/settle-key.ts";
export { type Jobs, jobLanes, type StartJobs, startJobs } from "./jobs/start-jobs.ts";
export { type ExportLedger, exportLedger } from "./ledger/export-ledger.ts";
export { importReceiptKeys } from "./ledger/import-receipt-keys.ts";
export {
  type LedgerDeletion,
  type LedgerKey,
  type LedgerLine,
  ledgerLineSchema,
} from "./ledger/ledger-line.ts";
export { type ReplayOutcome, replayDeletions } from "./ledger/replay-deletions.ts";
export { limits, webhookEventTypes } from "./limits.ts";
export { createMessage } from "./messages/create-message.ts";
export { getMessage, type ListMessages, listMessages } from "./messages/list-messages.ts";
export { createReceiptOffice, type ReceiptOffice, type Receipts } from "./receipts/create-receipt-office.ts";
export { listPublicKeys } from "./receipts/list-public-keys.ts";
export type { ReceiptSubject } from "./receipts/receipt-of.ts";
export { type Rotation, rotateSigningKey } from "./receipts/rotate-signing-key.ts";
export type { PublicKey } from "./receipts/signing-key.ts";
export { previewRetention } from "./retention/preview-retention.ts";
export { getSettings } from "./settings/get-settings.ts";
export type { Settings } from "./settings/settings-row.ts";
export { type UpdateSettings, updateSettings } from "./settings/update-settings.ts";
export type { BulkOutcome } from "./trash/bulk.ts";
export { bulkRestore } from "./trash/bulk-restore.ts";
export { bulkTrash } from "./trash/bulk-trash.ts";
export { restoreChat } from "./trash/restore-chat.ts";
export { type TrashChat, trashChat } from "./trash/trash-chat.ts";
export type {
  Chat,
  ChatExport,
  Credential,
  DeletionRecord,
  FeedItem,
  Hold,
  Message,
  Page,
  TenantEvent,
} from "./types.ts";
export type { WebhookPolicy } from "./webhooks/check-webhook-url.ts";
export { type CreateWebhook, createWebhook } from "./webhooks/create-webhook.ts";
export { deleteWebhook } from "./webhooks/delete-webhook.ts";
export { getWebhook, getWebhookDelivery } from "./webhooks/get-webhook.ts";
export { type ListWebhookDeliveries, listWebhookDeliveries } from "./webhooks/list-webhook-deliveries.ts";
export { listWebhooks } from "./webhooks/list-webhooks.ts";
export { readWebhookBacklog, type WebhookBacklog } from "./webhooks/read-webhook-backlog.ts";
export { redeliverWebhook } from "./webhooks/redeliver-webhook.ts";
export { rotateWebhookSecret } from "./webhooks/rotate-webhook-secret.ts";
export { testWebhook } from "./webhooks/test-webhook.ts";
export { type UpdateWebhook, updateWebhook } from "./webhooks/update-webhook.ts";
export type {
  Webhook,
  WebhookDelivery,
  WebhookDeliveryState,
  WebhookEventType,
  WebhookPayload,
  WebhookWithSecret,
} from "./webhooks/webhook.ts";
