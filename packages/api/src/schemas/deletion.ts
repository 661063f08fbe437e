import { limits } from "@lethe/core/limits";
import { z } from "zod";
import { strictInput } from "./strict-input.ts";
import {
  chatIdSchema,
  checksumSchema,
  credentialSchema,
  instant,
  pageOf,
  receiptTextSchema,
  text,
  timeSchema,
} from "./text.ts";

const states = ["pending", "erased"] as const;

/** A line of the deletion ledger. It proves the deletion and holds no content. */
export const deletionRecordSchema = z
  .object({
    id: z.string().meta({ format: "uuid" }),
    chat_id: z.string().meta({ format: "uuid" }),
    deleted_at: timeSchema.meta({ description: "From here on nothing of the chat could be reached." }),
    erased_at: timeSchema.nullable().meta({
      description: "When the last row of the chat was deleted from the database; null while pending.",
    }),
    state: z.enum(states).meta({
      description: "pending while a long transcript is being erased in the background, then erased.",
    }),
    message_count: z.int().min(0).meta({ description: "How many messages the chat had." }),
    actor: credentialSchema,
    via: z.string().meta({ description: "Through what: rest, trpc, cli, job, retention, purge or replay." }),
    forced: z.boolean().meta({ description: "Whether live connections were to be closed." }),
    export_checksum: checksumSchema
      .nullable()
      .meta({ description: "Of an export of exactly what was deleted; null if there was none." }),
  })
  .meta({ id: "DeletionRecord" });
export type DeletionRecord = z.infer<typeof deletionRecordSchema>;

/** A line of the ledger with what can be shown to others: it is signed when it is asked for, and never stored. */
export const deletionWithReceiptsSchema = deletionRecordSchema
  .extend({
    receipt: receiptTextSchema.nullable().meta({
      description:
        "What was known at the deletion, signed (a compact JWS, EdDSA; keys at /.well-known/jwks.json). Null if " +
        "it cannot be signed just now: ask again.",
    }),
    final_receipt: receiptTextSchema.nullable().meta({
      description:
        "The same with `erased_at`; null while pending. It is `receipt` if all was erased in the deletion.",
    }),
  })
  .meta({ id: "DeletionWithReceipts" });
export type DeletionWithReceipts = z.infer<typeof deletionWithReceiptsSchema>;

export const deletionPageSchema = pageOf(deletionRecordSchema).meta({ id: "DeletionPage" });
export type DeletionPage = z.infer<typeof deletionPageSchema>;

/** Which lines of the ledger are meant: those that meet every criterion that is given. */
export const ledgerFilter = {
  state: z.enum(states, "state must be pending or erased").optional(),
  chat_id: chatIdSchema.optional(),
  actor_id: text("actor_id", { min: 1, max: limits.actorIdLength, trim: false })
    .optional()
    .meta({ description: "What this actor has deleted: the `id` of an `actor`." }),
  deleted_after: instant("deleted_after").optional(),
  deleted_before: instant("deleted_before").optional(),
};

/** The id of a deletion, as a DELETE answered it. */
export const deletionPathSchema = strictInput({
  deletion_id: z
    .guid("deletion_id must be a UUID: 8-4-4-4-12 hexadecimal digits, as a deletion has answered it")
    .toLowerCase()
    .meta({ example: "4a8e19db-d6a3-47c0-a96d-84cf876b62c8" }),
});
