import { limits } from "@lethe/core";
import { expect } from "vitest";
import { type Input, nobody, type Operation, type ParityCase } from "./caller.ts";

const refused = (
  name: string,
  operation: Operation,
  field: string | undefined,
  input: Input,
): ParityCase => ({
  name: `${operation} with ${name}`,
  status: 400,
  code: "invalid_request",
  given: async ({ keys }) => ({
    operation,
    input,
    apiKey: keys.all,
    verify: ({ body }) => {
      if (field === undefined) return;
      expect(body.errors).toMatchObject([{ field }]);
      expect(body.message).toMatch(new RegExp(`^${field} `));
    },
  }),
});

const onChat: [Operation, Input][] = [
  ["chat.byId", {}],
  ["chat.rename", { title: "New" }],
  ["chat.delete", {}],
  ["chat.trash", {}],
  ["chat.restore", {}],
  ["chat.hold", { reason: "Case 7" }],
  ["chat.releaseHold", {}],
  ["chat.export", {}],
  ["chat.connections", {}],
  ["message.list", {}],
  ["message.bySeq", { seq: 1 }],
  ["message.create", { author: "Ada", body: "hi" }],
];

const badIds = [
  "not-a-uuid",
  "a1b2c3d4e5f64a7b8c9d0e1f2a3b4c5d",
  `${nobody}0`,
  `{${nobody}}`,
  "1' OR '1'='1",
  "\u0000",
  "💬",
];

const titles: [string, unknown][] = [
  ["no title", undefined],
  ["an empty title", ""],
  ["a blank title", " \n\t "],
  ["a title that is too long", "x".repeat(limits.titleLength + 1)],
  ["a number for a title", 7],
  ["a title of null", null],
  ["a title with U+0000", "a\u0000b"],
  ["a title that nobody sees", "\u200b\u200b"],
  ["a title with a control character", "a\u001b[2J"],
  ["a title with half of a surrogate pair", "a\ud83d"],
];

const then = "2026-01-15T10:45:00Z";

/** Inputs that a schema refuses, by name and with the fix. */
export const malformedCases: ParityCase[] = [
  ...onChat.flatMap(([operation, rest]) =>
    badIds.map((chat_id) =>
      refused(`the id ${JSON.stringify(chat_id)}`, operation, "chat_id", { chat_id, ...rest }),
    ),
  ),
  ...titles.map(([name, title]) => refused(name, "chat.create", "title", { title })),
  ...titles.map(([name, title]) => refused(name, "chat.rename", "title", { chat_id: nobody, title })),
  refused("an id of its own that is none", "chat.create", undefined, { title: "Good", id: "7" }),
  refused("a format that there is not", "chat.export", "format", { chat_id: nobody, format: "pdf" }),
  refused("an archive in a format that there is not", "chat.bulkExport", "format", {
    chat_ids: [nobody],
    format: "pdf",
  }),
  refused("an archive of no ids", "chat.bulkExport", "chat_ids", { chat_ids: [] }),
  refused("a limit of 0", "chat.list", "limit", { limit: 0 }),
  refused("a limit of 101", "chat.list", "limit", { limit: 101 }),
  refused("half a limit", "chat.list", "limit", { limit: 1.5 }),
  refused("no number for a limit", "message.list", "limit", { chat_id: nobody, limit: "many" }),
  refused("a state that is none", "chat.list", "state", { state: "deleted" }),
  refused("half a truth", "chat.list", "held", { held: 1 }),
  refused("a sort that is none", "chat.list", "sort", { sort: "title" }),
  refused("an order that is none", "chat.list", "order", { order: "random" }),
  refused("a sort that the list has not", "chat.list", undefined, { sort: "trashed" }),
  refused("nobody", "chat.list", "created_by", { created_by: "" }),
  refused("half a date", "chat.list", "created_before", { created_before: "2026-01" }),
  refused("no time", "chat.list", "created_after", { created_after: then, created_before: then }),
  refused("no activity", "chat.list", "updated_after", { updated_after: then, updated_before: then }),
  refused("no number", "chat.list", "min_messages", { min_messages: 2, max_messages: 1 }),
  refused("who trashed what is not", "chat.list", "trashed_by", { trashed_by: "x" }),
  refused("a search that is too long", "chat.list", "q", { q: "x".repeat(limits.searchLength + 1) }),
  refused("a search for U+0000", "chat.list", "q", { q: "\u0000" }),
  refused("a search for what nobody sees", "chat.list", "q", { q: "\u00ad\u200b" }),
  refused("a cursor that is too long", "chat.list", "cursor", {
    cursor: "x".repeat(limits.cursorLength + 1),
  }),
  refused("a cursor of nobody", "chat.list", undefined, { cursor: "bm90IGEgY3Vyc29y" }),
  refused("an id that is none", "deletion.byId", "deletion_id", { deletion_id: "7" }),
  refused("a state of chats", "deletion.list", "state", { state: "trashed" }),
  refused("a cursor of nobody", "deletion.list", undefined, { cursor: "bm90IGEgY3Vyc29y" }),
  refused("a limit of 0", "deletion.list", "limit", { limit: 0 }),
  ...[
    ["no ids", {}],
    ["an empty list of ids", { chat_ids: [] }],
    ["too many ids", { chat_ids: Array.from({ length: limits.bulkSize + 1 }, () => nobody) }],
    ["one id for a list", { chat_ids: nobody }],
  ].flatMap(([name, input]) =>
    (["chat.bulkTrash", "chat.bulkDelete"] as const).map((operation) =>
      refused(String(name), operation, "chat_ids", { ...Object(input) }),
    ),
  ),
  refused("an id that is none", "chat.bulkRestore", undefined, { chat_ids: [nobody, "7"] }),
  refused("no reason", "chat.hold", "reason", { chat_id: nobody }),
  refused("a blank reason", "chat.hold", "reason", { chat_id: nobody, reason: " " }),
  refused("a reason that nobody sees", "chat.hold", "reason", { chat_id: nobody, reason: "\u2060 \ufeff" }),
  refused("a reason that is too long", "chat.hold", "reason", {
    chat_id: nobody,
    reason: "x".repeat(limits.reasonLength + 1),
  }),
  ...[-1, 0.5, limits.trashRetentionDays + 1, "30", null].map((days) =>
    refused(`${JSON.stringify(days)} days of trash`, "settings.update", "trash_retention_days", {
      trash_retention_days: days,
    }),
  ),
  ...[0, 0.5, limits.retentionDays + 1, "30"].map((days) =>
    refused(`${JSON.stringify(days)} days of retention`, "settings.update", "retention_days", {
      retention_days: days,
    }),
  ),
  ...[29, 30.5, limits.ledgerRetentionDays.most + 1, "30"].map((days) =>
    refused(`${JSON.stringify(days)} days of the ledger`, "settings.update", "ledger_retention_days", {
      ledger_retention_days: days,
    }),
  ),
  ...[0, 0.5, limits.retentionDays + 1, "many", undefined].map((days) =>
    refused(`${JSON.stringify(days)} days`, "settings.previewRetention", "retention_days", {
      retention_days: days,
    }),
  ),
  ...[-1, 0.5, limits.trashRetentionDays + 1, "many", undefined].map((days) =>
    refused(`${JSON.stringify(days)} days of trash`, "settings.previewTrash", "trash_retention_days", {
      trash_retention_days: days,
    }),
  ),
  ...[29, 30.5, limits.ledgerRetentionDays.most + 1, "many", undefined].map((days) =>
    refused(`${JSON.stringify(days)} days of ledger`, "settings.previewLedger", "ledger_retention_days", {
      ledger_retention_days: days,
    }),
  ),
  ...(["deletion.list", "deletion.export"] as const).flatMap((operation) => [
    refused("half of a chat's id", operation, "chat_id", { chat_id: nobody.slice(0, 8) }),
    refused("nobody", operation, "actor_id", { actor_id: "" }),
    refused("a day for a moment", operation, "deleted_after", { deleted_after: "2026-01-15" }),
    refused("a 24th hour", operation, "deleted_before", { deleted_before: "2026-01-15T24:00:00Z" }),
  ]),
  refused("a setting that is none", "settings.update", undefined, { trash_days: 3 }),
  refused("an id that is none", "deletionJob.byId", "job_id", { job_id: "7" }),
  refused("a cursor of nobody", "deletionJob.list", undefined, { cursor: "bm90IGEgY3Vyc29y" }),
  refused("a limit of 0", "deletionJob.failures", "limit", { job_id: nobody, limit: 0 }),
  ...[0, -1, 1.5, 2_147_483_648, "first"].map((seq) =>
    refused(`the place ${seq}`, "message.bySeq", "seq", { chat_id: nobody, seq }),
  ),
  refused("a beginning before the first", "message.list", "from_seq", { chat_id: nobody, from_seq: 0 }),
  refused("a search for nothing", "message.search", "q", {}),
  refused("a state that is none", "message.search", "state", { q: "x", state: "deleted" }),
  refused("an order that is none", "message.list", "order", { chat_id: nobody, order: "random" }),
  refused("a force that is neither true nor false", "chat.delete", "force", {
    chat_id: nobody,
    force: "maybe",
  }),
  refused("no author", "message.create", "author", { chat_id: nobody, body: "hi" }),
  refused("an author that is too long", "message.create", "author", {
    chat_id: nobody,
    author: "x".repeat(limits.authorLength + 1),
    body: "hi",
  }),
  refused("an author whom nobody sees", "message.create", "author", {
    chat_id: nobody,
    author: "\u3164",
    body: "hi",
  }),
  refused("a blank body", "message.create", "body", { chat_id: nobody, author: "Ada", body: " \n " }),
  refused("a list for a body", "message.create", "body", { chat_id: nobody, author: "Ada", body: ["hi"] }),
  refused("U+0000 in a body", "message.create", "body", { chat_id: nobody, author: "Ada", body: "a\u0000" }),
];
