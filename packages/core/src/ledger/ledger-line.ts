import { receiptKeySchema } from "@lethe/receipts";
import { parseInstant } from "@lethe/text";
import { z } from "zod";
import { provenTenantId } from "../credentials/principal.ts";

const id = z.guid().toLowerCase();
const time = z.string().transform((text, context) => {
  const instant = parseInstant(text);
  if (instant) return instant;
  context.addIssue("a time in RFC 3339 is expected");
  return z.NEVER;
});
const word = z.string().regex(/^[a-z_]{1,40}$/);

/** A key that has signed receipts, so that a restored Lethe goes on to vouch for them. Its public half. */
const keyLine = z.object({
  type: z.literal("signing_key"),
  jwk: receiptKeySchema,
  retired_at: time.nullable(),
});

/** A deletion. The tenant needs no other proof than that an operator of the database says so. */
const deletionLine = z.object({
  type: z.literal("deletion"),
  tenant_id: id.pipe(provenTenantId),
  id,
  chat_id: id,
  deleted_at: time,
  erased_at: time.nullable(),
  message_count: z.int().min(0).max(2_147_483_647),
  actor: z.object({
    kind: word,
    id: z.string().min(1).max(200),
    // Ledgers that were exported before names were written down have none.
    name: z.string().max(500).nullable().default(null),
  }),
  via: word,
  forced: z.boolean(),
  export_checksum: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
});

/** A tenant that has left, of which nothing else is there. */
const departureLine = z.object({
  type: z.literal("departure"),
  tenant_id: id,
  left_at: time,
  receipt: z.string().min(1).max(4_000),
});

/** A line of an exported ledger, which is JSON: one object a line. */
export const ledgerLineSchema = z.discriminatedUnion("type", [keyLine, departureLine, deletionLine]);
export type LedgerLine = z.infer<typeof ledgerLineSchema>;
export type LedgerKey = z.infer<typeof keyLine>;
export type LedgerDeparture = z.infer<typeof departureLine>;
export type LedgerDeletion = z.infer<typeof deletionLine>;
