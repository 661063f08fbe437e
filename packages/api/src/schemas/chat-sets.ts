import { limits } from "@lethe/core/limits";
import { z } from "zod";
import { changedChatSchema, exportFormatSchema } from "./chat.ts";
import { exportFilterSchema } from "./chat-filter.ts";
import { strictInput } from "./strict-input.ts";
import { chatId, checksumSchema, instant, receiptTextSchema, timeSchema } from "./text.ts";

const sizeRule = `chat_ids must be a list of 1 to ${limits.bulkSize} chat ids`;

const chatIds = z.array(chatId("each of chat_ids"), sizeRule).min(1, sizeRule).max(limits.bulkSize, sizeRule);

/** A set of chats by their ids. An id may come twice. */
export const chatSetSchema = strictInput({ chat_ids: chatIds }, "Send a JSON object with chat_ids").meta({
  id: "ChatSet",
});

/** Chats that are exported together: by their ids, or all that a filter matches. */
export const bulkExportSchema = strictInput(
  {
    chat_ids: chatIds.optional(),
    filter: exportFilterSchema.optional(),
    format: exportFormatSchema,
  },
  "Send a JSON object with chat_ids or a filter",
).meta({ id: "BulkExport" });
export type BulkExport = z.output<typeof bulkExportSchema>;

/**
 * A part of an archive over tRPC: first `start`, then the bytes of the file in chunks, last `end`. Without `end` the
 * archive is not complete.
 */
export const archiveFrameSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("start"),
    export_id: z.string(),
    filename: z.string(),
    content_type: z.string(),
    /** When it began: chats that are noted as exported are so after it. */
    as_of: timeSchema,
    /** Chats that there were to export then. */
    matched: z.int().min(1),
  }),
  /** `done`: chats that are done with. */
  z.object({ type: z.literal("chunk"), base64: z.base64(), done: z.int().min(0) }),
  z.object({
    type: z.literal("end"),
    checksum: checksumSchema,
    bytes: z.int().min(0),
    files: z.int().min(0),
    skipped: z.int().min(0),
  }),
]);
export type ArchiveFrame = z.infer<typeof archiveFrameSchema>;

const bulkOf = <Done extends string>(done: Done) =>
  z.object({
    data: z
      .array(
        z.object({
          chat_id: z.string().meta({ format: "uuid" }),
          outcome: z.enum([done, "not_found"]),
          chat: changedChatSchema
            .optional()
            .meta({ description: "The chat as it is now; left out if there is none." }),
        }),
      )
      .meta({
        description: "One entry for each id that was sent, in the same order, repeated ones included.",
      }),
  });

export const bulkTrashSchema = bulkOf("trashed").meta({ id: "BulkTrash" });
export type BulkTrash = z.infer<typeof bulkTrashSchema>;

export const bulkRestoreSchema = bulkOf("restored").meta({ id: "BulkRestore" });
export type BulkRestore = z.infer<typeof bulkRestoreSchema>;

/** `force` closes live connections instead of leaving their chats. `dry_run` only tells what would come of it. */
export const bulkDeleteSchema = chatSetSchema
  .extend({
    force: z.boolean("force must be true or false").default(false),
    exported_after: instant("exported_after").optional().meta({
      description: "Only chats whose `last_export` is later than this and of their present version.",
    }),
    dry_run: z.boolean("dry_run must be true or false").default(false),
  })
  .meta({ id: "BulkDelete" });

const outcomes = ["deleted", "not_found", "active_connections", "on_hold", "changed", "failed"] as const;

/** What became of the chats that were asked for: one entry for each id, in their order. */
export const bulkDeletionSchema = z
  .object({
    data: z.array(
      z.object({
        chat_id: z.string().meta({ format: "uuid" }),
        outcome: z.enum(outcomes).meta({
          description:
            "not_found also for the second mention of an id. changed: it is not what was exported after " +
            "`exported_after`. failed: the database gave up on it, and it may be " +
            "gone or whole; ask again.",
        }),
        deletion_id: z.string().optional().meta({ format: "uuid" }),
        deleted_at: timeSchema.optional(),
        message_count: z.int().min(0).optional(),
        erased_at: timeSchema.nullable().optional(),
        export_checksum: checksumSchema.nullable().optional(),
        receipt: receiptTextSchema.nullable().optional().meta({
          description: "As of a single deletion: null if it could not be signed just now.",
        }),
        active_connections: z.int().min(1).optional(),
      }),
    ),
    counts: z.record(z.enum(outcomes), z.int().min(0)),
  })
  .meta({ id: "BulkDeletion" });
export type BulkDeletion = z.infer<typeof bulkDeletionSchema>;

const previewOutcomes = ["would_be_deleted", "not_found", "active_connections", "on_hold"] as const;

/** What would become of the chats that were asked about: one entry for each id, in their order. Nothing was changed. */
export const bulkDeletionPreviewSchema = z
  .object({
    dry_run: z.literal(true),
    data: z.array(
      z.object({
        chat_id: z.string().meta({ format: "uuid" }),
        outcome: z.enum(previewOutcomes).meta({
          description: "not_found also for the second mention of an id that the first would delete.",
        }),
        message_count: z.int().min(0).optional(),
        active_connections: z.int().min(1).optional(),
      }),
    ),
    counts: z.record(z.enum(previewOutcomes), z.int().min(0)),
  })
  .meta({ id: "BulkDeletionPreview" });
export type BulkDeletionPreview = z.infer<typeof bulkDeletionPreviewSchema>;

/** What a call answers: with `dry_run` what would come of it, else what did. */
export const bulkAnswerSchema = z.union([bulkDeletionPreviewSchema, bulkDeletionSchema]);
export type BulkAnswer = z.infer<typeof bulkAnswerSchema>;
