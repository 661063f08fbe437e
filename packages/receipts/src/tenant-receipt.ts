import { z } from "zod";
import { receiptIssuer } from "./receipt.ts";

/** The `typ` of the protected header of a receipt for a whole tenant. */
export const tenantReceiptType = "lethe-tenant-receipt+jwt";

const time = z.iso.datetime();
const word = z.string().regex(/^[a-z_]{1,40}$/);

/**
 * What a receipt for a tenant that has left says. It names no chat and nobody. Nothing may be added to version 1.
 */
export type TenantReceipt = {
  iss: typeof receiptIssuer;
  version: 1;
  tenant_id: string;
  /** When its keys, sessions and sockets ended (RFC 3339). */
  started_at: string;
  /** From here on nothing of it was in the database but this receipt. */
  left_at: string;
  /** Deletions that its ledger had at the end, and the messages that these chats had. */
  chat_count: number;
  message_count: number;
  /** The SHA-256 of the ledger's lines as `lethe ledger export` writes them, in hexadecimal. */
  ledger_digest: string;
  /** person, api_key, session or operator. */
  actor_kind: string;
  /** Through what it was asked for: rest, trpc, cli or replay. */
  via: string;
};

export const tenantReceiptSchema = z.strictObject({
  iss: z.literal(receiptIssuer),
  version: z.literal(1),
  tenant_id: z.guid(),
  started_at: time,
  left_at: time,
  chat_count: z.int().min(0),
  message_count: z.int().min(0),
  ledger_digest: z.string().regex(/^[0-9a-f]{64}$/),
  actor_kind: word,
  via: word,
}) satisfies z.ZodType<TenantReceipt>;
