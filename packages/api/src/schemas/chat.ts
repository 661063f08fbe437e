import { limits } from "@lethe/core/limits";
import { z } from "zod";
import { onlyTrpc, strictInput } from "./strict-input.ts";
import {
  chatId,
  chatIdSchema,
  checksumSchema,
  credentialSchema,
  pageOf,
  receiptTextSchema,
  text,
  timeSchema,
  wholeNumber,
} from "./text.ts";

const holdSchema = z.object({ reason: z.string(), held_at: timeSchema, held_by: credentialSchema });

/** A chat as callers see it. */
export const chatSchema = z
  .object({
    id: z.string().meta({ format: "uuid" }),
    title: z.string(),
    created_at: timeSchema,
    created_by: credentialSchema
      .nullable()
      .meta({ description: "Who created it; null: a version that did not write it down." }),
    updated_at: timeSchema.meta({ description: "The last message or edit; lists are sorted by it." }),
    message_count: z.int().min(0),
    active_connections: z.int().min(0).meta({ description: "WebSockets that are open on the chat now." }),
    trashed_at: timeSchema.nullable().meta({ description: "In the trash since then; null: active." }),
    trashed_by: credentialSchema.nullable(),
    purge_at: timeSchema
      .nullable()
      .meta({ description: "When it is deleted from the trash; null: not by itself." }),
    hold: holdSchema.nullable().meta({ description: "While there is one nothing deletes the chat." }),
    last_export: z
      .object({ exported_at: timeSchema, version: z.int().min(1), checksum: checksumSchema })
      .nullable()
      .meta({
        description: "The last complete export. It is of the chat as it is if the versions are equal.",
      }),
    version: z
      .int()
      .min(1)
      .meta({ description: "Goes up with every message, edit and change of state; the ETag is made of it." }),
  })
  .meta({ id: "Chat" });
export type Chat = z.infer<typeof chatSchema>;

/** Who is connected to a chat now. */
export const connectionsSchema = z
  .object({
    data: z.array(
      z.object({
        id: z.string().meta({ format: "uuid" }),
        opened_at: timeSchema,
        actor: credentialSchema.nullable().meta({
          description:
            "As they were called when they connected; null: a server of an older version holds it.",
        }),
      }),
    ),
    total: z.int().min(0).meta({ description: "All of them, those that `data` has no room for too." }),
  })
  .meta({ id: "Connections" });
export type Connections = z.infer<typeof connectionsSchema>;

const unread = "Null for a key without `chats:read`.";

/** A chat as a change of it answers: who may change chats need not be allowed to read what people wrote. */
export const changedChatSchema = chatSchema
  .extend({
    title: z.string().nullable().meta({ description: unread }),
    hold: holdSchema
      .extend({ reason: z.string().nullable().meta({ description: unread }) })
      .nullable()
      .meta({ description: "While there is one nothing deletes the chat." }),
  })
  .meta({ id: "ChangedChat" });
export type ChangedChat = z.infer<typeof changedChatSchema>;

/** A chat as lists have it. */
export const listedChatSchema = chatSchema
  .extend({
    last_message: z
      .object({ seq: z.int().min(1), author: z.string(), excerpt: z.string(), created_at: timeSchema })
      .nullable()
      .meta({
        description: `The beginning of what was said last, up to ${limits.excerptLength} characters; null: nothing was said.`,
      }),
  })
  .meta({ id: "ListedChat" });
export type ListedChat = z.infer<typeof listedChatSchema>;

export const chatPageSchema = pageOf(listedChatSchema).meta({ id: "ChatPage" });
export type ChatPage = z.infer<typeof chatPageSchema>;

export const titleSchema = text("title", { min: 1, max: limits.titleLength, trim: true });

/** The version of a chat that a caller has seen: it is changed only if it is still that one. REST says `If-Match`. */
export const ifVersion = onlyTrpc(
  wholeNumber("if_version", { min: 1 }, ": the version of the chat that you have seen").optional(),
);

/** `id` is the caller's to choose, once: the id of a deleted chat cannot be used again. */
export const createChatSchema = strictInput(
  { title: titleSchema, id: chatId("id").optional() },
  "Send a JSON object with a title",
).meta({ id: "CreateChat" });

export const chatPathSchema = strictInput({ chat_id: chatIdSchema });

/** What a deletion answers: from here on nothing of the chat can be read or restored. */
export const deletionSchema = z
  .object({
    success: z.literal(true),
    message: z.literal("Chat deleted successfully"),
    deleted_at: timeSchema,
    deletion_id: z.string().meta({ format: "uuid", description: "The row of the deletion ledger." }),
    message_count: z.int().min(0).meta({ description: "How many messages went with the chat." }),
    erased_at: timeSchema.nullable().meta({
      description:
        "When the last row of the chat was deleted from the database; null while a long transcript is " +
        "being erased in the background (see the ledger, under `deletion_id`).",
    }),
    export_checksum: checksumSchema
      .nullable()
      .meta({ description: "Of an export of exactly what was deleted; null if there was none." }),
    receipt: receiptTextSchema.nullable().meta({
      description:
        "What this answer says, signed (a compact JWS, EdDSA; keys at /.well-known/jwks.json). Null if it " +
        "could not be signed just now: the ledger has it, under `deletion_id`.",
    }),
  })
  .meta({ id: "Deletion" });
export type Deletion = z.infer<typeof deletionSchema>;

/** The formats in which a chat can be exported. */
export const exportFormats = ["json", "ndjson", "markdown", "html"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const exportFormatSchema = z
  .enum(exportFormats, `format must be one of ${exportFormats.join(", ")}`)
  .default("json");

const fileFrames = [
  z.object({ type: z.literal("chunk"), text: z.string() }),
  z.object({ type: z.literal("end"), checksum: checksumSchema, bytes: z.int().min(0) }),
] as const;

/**
 * A part of an export over tRPC: first `start`, then the text of the file in chunks, last `end`. Without
 * `end` the file is not complete. `version` as `if_version` of a deletion deletes exactly what is in it.
 */
export const exportFrameSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("start"),
    export_id: z.string(),
    filename: z.string(),
    content_type: z.string(),
    version: z.int().min(1),
  }),
  ...fileFrames,
]);
export type ExportFrame = z.infer<typeof exportFrameSchema>;

/** The same of the ledger, which has no version. */
export const ledgerFrameSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("start"), filename: z.string(), content_type: z.string() }),
  ...fileFrames,
]);
export type LedgerFrame = z.infer<typeof ledgerFrameSchema>;
