import { z } from "zod";
import { changedChatSchema } from "./chat.ts";
import { strictInput } from "./strict-input.ts";
import { credentialSchema, pageOf, timeSchema } from "./text.ts";

const count = z.int().min(0);

const named = z.array(changedChatSchema).max(10);

/** What a job would find. */
export const deletionPreviewSchema = z
  .object({
    dry_run: z.literal(true),
    matched: count,
    sample: z.array(changedChatSchema).max(10).meta({ description: "Up to ten of the chats." }),
    blockers: z
      .object({ active_connections: count, on_hold: count })
      .meta({ description: "Matching chats that are open somewhere (force closes them) or on hold." }),
    blocked: z
      .object({ active_connections: named, on_hold: named })
      .meta({ description: "Up to ten of each." }),
    as_of: timeSchema,
    complete: z.boolean().meta({
      description: "False if there was no time to look at every chat: then there may be more.",
    }),
  })
  .meta({ id: "DeletionPreview" });
export type DeletionPreview = z.infer<typeof deletionPreviewSchema>;

/** The deletion, or the move, of all chats that a filter matches. */
export const deletionJobSchema = z
  .object({
    id: z.string().meta({ format: "uuid" }),
    kind: z.enum(["bulk", "retention", "trash", "restore"]).meta({
      description: "bulk and retention delete; trash and restore move into the trash and out of it.",
    }),
    state: z.enum(["queued", "running", "finished", "cancelled", "failed"]),
    filter: z
      .object({
        q: z.string().nullable().optional().meta({
          description:
            "Null when the job has ended: what was searched for is not kept. Null too for a key without `chats:read`.",
        }),
        state: z.enum(["active", "trashed", "any"]),
        created_before: timeSchema.optional(),
        created_after: timeSchema.optional(),
        updated_before: timeSchema.optional(),
        updated_after: timeSchema.optional(),
        min_messages: count.optional(),
        max_messages: count.optional(),
        held: z.boolean().optional(),
        live: z.boolean().optional(),
        created_by: z.string().optional(),
        trashed_by: z.string().optional(),
        exported_after: timeSchema.optional(),
      })
      .meta({ description: "The criteria that were given." }),
    force: z.boolean(),
    max_deletions: z.int().min(1).nullable(),
    matched: count.nullable().meta({
      description: "Chats that matched when it began; null while they are being counted.",
    }),
    processed: count.meta({ description: "The sum of the counts." }),
    counts: z.object({
      deleted: count,
      moved: count.meta({ description: "Into the trash, or out of it." }),
      active_connections: count,
      on_hold: count,
      changed: count.meta({ description: "Chats that changed all the time." }),
      failed: count.meta({ description: "Chats that the database did not give up." }),
    }),
    limit_reached: z.boolean().meta({
      description: "It ended because max_deletions was reached; there may be more that match.",
    }),
    cancel_requested: z.boolean(),
    undo_of: z.string().nullable().meta({
      format: "uuid",
      description: "Only what this job has moved into the trash, and what lies there since, is restored.",
    }),
    actor: credentialSchema,
    created_at: timeSchema.meta({ description: "Chats that were created later are left alone." }),
    started_at: timeSchema.nullable(),
    finished_at: timeSchema.nullable(),
    error: z.string().nullable().meta({ description: "Why it failed." }),
  })
  .meta({ id: "DeletionJob" });
export type DeletionJob = z.infer<typeof deletionJobSchema>;

export const deletionJobPageSchema = pageOf(deletionJobSchema).meta({ id: "DeletionJobPage" });

/** A chat that a job matched and did not delete. */
export const deletionJobFailureSchema = z
  .object({
    chat_id: z.string().meta({ format: "uuid" }),
    outcome: z.enum(["active_connections", "on_hold", "changed", "failed"]),
    at: timeSchema,
  })
  .meta({ id: "DeletionJobFailure" });
export type DeletionJobFailure = z.infer<typeof deletionJobFailureSchema>;

export const deletionJobFailurePageSchema = pageOf(deletionJobFailureSchema).meta({
  id: "DeletionJobFailurePage",
});

/** The id of a job, as its creation answered it. */
export const deletionJobPathSchema = strictInput({
  job_id: z
    .guid("job_id must be a UUID: 8-4-4-4-12 hexadecimal digits, as the creation of the job has answered it")
    .toLowerCase()
    .meta({ example: "4a8e19db-d6a3-47c0-a96d-84cf876b62c8" }),
});
