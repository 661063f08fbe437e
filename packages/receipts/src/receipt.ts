import { z } from "zod";

/** The `typ` of a receipt's protected header (RFC 7515, section 4.1.9): nothing else that is signed is a receipt. */
export const receiptType = "lethe-receipt+jwt";

/** The `iss` of every receipt. Which Lethe has issued it is told by the key. */
export const receiptIssuer = "urn:lethe";

const id = z.guid();
const time = z.iso.datetime();
const word = z.string().regex(/^[a-z_]{1,40}$/);

/**
 * What a receipt says, in the words of the API. It holds no content and nothing that content could be guessed
 * from, and no name of who deleted, only of what kind they were. Nothing may be added to version 1.
 */
export const receiptSchema = z.strictObject({
  iss: z.literal(receiptIssuer),
  version: z.literal(1),
  tenant_id: id,
  deletion_id: id,
  chat_id: id,
  /** From here on nothing of the chat could be reached. */
  deleted_at: time,
  /** When the last row of the chat was deleted from the database; null: not yet, when this was issued. */
  erased_at: time.nullable(),
  /** Messages that the chat had. */
  message_count: z.int().min(0),
  /** person, api_key, session, operator or system. */
  actor_kind: word,
  /** Through what it was deleted: rest, trpc, cli, job, retention, purge or replay. */
  via: word,
  /** Whether live connections were to be closed. */
  forced: z.boolean(),
  /** The SHA-256 of an export of exactly what was deleted, in hexadecimal; null: there was none. */
  export_checksum: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  /** Whether it is the last word: `erased_at` is known. */
  final: z.boolean(),
});
export type Receipt = z.infer<typeof receiptSchema>;

/** The public half of a key that signs receipts: Ed25519 (RFC 8037), named by its thumbprint (RFC 7638). */
export const receiptKeySchema = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string().regex(/^[\w-]{43}$/),
  kid: z.string().min(1),
  alg: z.literal("EdDSA"),
  use: z.literal("sig"),
});
export type ReceiptKey = z.infer<typeof receiptKeySchema>;

/** What `/.well-known/jwks.json` answers (RFC 7517): every key that ever signed here. */
export const receiptKeysSchema = z.object({ keys: z.array(receiptKeySchema) });
export type ReceiptKeys = z.infer<typeof receiptKeysSchema>;
