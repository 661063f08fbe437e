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
export type Receipt = {
  iss: typeof receiptIssuer;
  version: 1;
  tenant_id: string;
  deletion_id: string;
  chat_id: string;
  /** From here on nothing of the chat could be reached (RFC 3339). */
  deleted_at: string;
  /** When the last row of the chat was deleted from the database; null: not yet, when this was issued. */
  erased_at: string | null;
  /** Messages that the chat had. */
  message_count: number;
  /** person, api_key, session, operator or system. */
  actor_kind: string;
  /** Through what it was deleted: rest, trpc, cli, job, retention, purge or replay. */
  via: string;
  /** Whether live connections were to be closed. */
  forced: boolean;
  /** The SHA-256 of an export of exactly what was deleted, in hexadecimal; null: there was none. */
  export_checksum: string | null;
  /** Whether it is the last word: `erased_at` is known. */
  final: boolean;
};

/** The public half of a key that signs receipts: Ed25519 (RFC 8037), named by its thumbprint (RFC 7638). */
export type ReceiptKey = { kty: "OKP"; crv: "Ed25519"; x: string; kid: string; alg: "EdDSA"; use: "sig" };

/** What `/.well-known/jwks.json` answers (RFC 7517): every key that ever signed here. */
export type ReceiptKeys = { keys: ReceiptKey[] };

// The types stand by themselves: who checks receipts in a frontend needs none of zod's.
export const receiptSchema = z.strictObject({
  iss: z.literal(receiptIssuer),
  version: z.literal(1),
  tenant_id: id,
  deletion_id: id,
  chat_id: id,
  deleted_at: time,
  erased_at: time.nullable(),
  message_count: z.int().min(0),
  actor_kind: word,
  via: word,
  forced: z.boolean(),
  export_checksum: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  final: z.boolean(),
}) satisfies z.ZodType<Receipt>;

export const receiptKeySchema = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string().regex(/^[\w-]{43}$/),
  kid: z.string().min(1),
  alg: z.literal("EdDSA"),
  use: z.literal("sig"),
}) satisfies z.ZodType<ReceiptKey>;

export const receiptKeysSchema = z.object({
  keys: z.array(receiptKeySchema),
}) satisfies z.ZodType<ReceiptKeys>;
