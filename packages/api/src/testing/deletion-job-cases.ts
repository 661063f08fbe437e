import { randomUUID } from "node:crypto";
import { createDeletionJob, deleteChat, getChat, getDeletionJob } from "@lethe/core";
import { expect } from "vitest";
import {
  deletionJobFailurePageSchema,
  deletionJobPageSchema,
  deletionJobSchema,
  deletionPreviewSchema,
} from "../schemas/index.ts";
import { nobody, type ParityCase } from "./caller.ts";
import { openSockets, writeChat } from "./world.ts";

const then = "2026-01-15T10:45:00Z";

const refusedFilters: [string, unknown, string][] = [
  ["nothing", {}, "filter"],
  ["null", null, "filter"],
  ["a list", [], "filter"],
  ["all active chats", { state: "active" }, "filter"],
  ["all chats", { state: "any" }, "filter"],
  ["all counts of messages", { min_messages: 0 }, "filter"],
  ["an empty search", { q: "" }, "filter.q"],
  ["a blank search", { q: " \n" }, "filter.q"],
  ["a search for null", { q: null }, "filter.q"],
  ["a criterion that is none", { state: "trashed", title: "x" }, "filter.title"],
  ["what nobody sees", { q: "\u200b\u00ad" }, "filter.q"],
  ["half a date", { created_before: "2026-01" }, "filter.created_before"],
  ["the year 0", { created_after: "0000-01-01T00:00:00Z" }, "filter.created_after"],
  ["a time before the year 1", { updated_before: "0001-01-01T00:00:00+14:00" }, "filter.updated_before"],
  ["a time after the year 9999", { updated_after: "9999-12-31T23:59:59-12:00" }, "filter.updated_after"],
  ["a leap second", { created_before: "2016-12-31T23:59:60Z" }, "filter.created_before"],
  ["a 24th hour", { updated_after: "2026-01-15T24:00:00Z" }, "filter.updated_after"],
  ["half a message", { max_messages: 0.5 }, "filter.max_messages"],
  ["no message", { min_messages: 2, max_messages: 1 }, "filter.min_messages"],
  ["no time", { created_after: then, created_before: then }, "filter.created_after"],
  ["what is never deleted", { live: true, held: true }, "filter.held"],
  ["what is not on hold and nothing else", { held: false }, "filter"],
  ["who trashed what is not", { trashed_by: "x" }, "filter.trashed_by"],
];

const refused = (
  name: string,
  operation: "deletionJob.create" | "deletionJob.preview",
  filter: unknown,
  field: string,
): ParityCase => ({
  name: `${operation} with a filter for ${name}`,
  status: 400,
  code: "invalid_request",
  given: async ({ context, keys }) => {
    const before = await context.db.deletionJob.count();
    return {
      operation,
      input: { filter },
      apiKey: keys.all,
      verify: async ({ body }) => {
        expect(body.errors).toMatchObject([{ field }]);
        expect(await context.db.deletionJob.count()).toBe(before);
      },
    };
  },
});

/** Deletion jobs, as far as they can be seen without somebody who works on them. */
export const deletionJobCases: ParityCase[] = [
  ...refusedFilters.flatMap(([name, filter, field]) => [
    refused(name, "deletionJob.create", filter, field),
    refused(name, "deletionJob.preview", filter, field),
  ]),
  {
    name: "tells what a filter would delete, and deletes nothing",
    status: 200,
    given: async ({ context, strangers, keys }) => {
      const mark = randomUUID();
      const chat = await writeChat(context, { title: `${mark} 100%`, messages: 1 });
      const live = await writeChat(context, { title: `${mark} live`, messages: 1 });
      await writeChat(context, { title: `${mark} short` });
      await writeChat(strangers, { title: `${mark} a stranger's`, messages: 1 });
      await openSockets(context, live.id, 2);
      return {
        operation: "deletionJob.preview",
        input: { filter: { q: mark.toUpperCase(), min_messages: 1 }, force: false },
        apiKey: keys.all,
        verify: async ({ body }) => {
          const preview = deletionPreviewSchema.strict().parse(body);
          expect(preview).toMatchObject({
            dry_run: true,
            matched: 2,
            blockers: { active_connections: 1, on_hold: 0 },
            complete: true,
          });
          expect(preview.sample.map(({ id }) => id)).toEqual([chat.id, live.id].toSorted());
          expect(await getChat(context, { chatId: chat.id })).toMatchObject({ id: chat.id });
        },
      };
    },
  },
  {
    name: "tells what retention would delete, and deletes nothing",
    status: 200,
    given: async ({ context, strangers, keys }) => {
      const [old, recent] = [await writeChat(context), await writeChat(context)];
      const foreign = await writeChat(strangers);
      for (const [{ tenantId }, { id }] of [
        [context, old],
        [strangers, foreign],
      ] as const)
        await context.db.chat.update({
          where: { tenantId_id: { tenantId, id } },
          data: { updatedAt: new Date(Date.now() - 100 * 86_400_000) },
        });
      return {
        operation: "settings.previewRetention",
        input: { retention_days: 99 },
        apiKey: keys.reading,
        verify: async ({ body }) => {
          const { matched, sample } = deletionPreviewSchema.strict().parse(body);
          expect({ matched, sample }).toMatchObject({ matched: 1, sample: [{ id: old.id }] });
          expect(await getChat(context, { chatId: recent.id })).toBeDefined();
          await deleteChat(context, { chatId: old.id, force: true });
        },
      };
    },
  },
  {
    name: "takes a job on",
    status: 202,
    given: async ({ context, keys }) => ({
      operation: "deletionJob.create",
      input: {
        filter: { q: " invoice ", created_before: "2026-01-15T11:45:00+01:00", max_messages: 3 },
        max_deletions: 10,
      },
      apiKey: keys.all,
      verify: async ({ body }) => {
        const job = deletionJobSchema.strict().parse(body);
        expect(job).toMatchObject({
          kind: "bulk",
          state: "queued",
          filter: {
            q: "invoice",
            state: "active",
            created_before: "2026-01-15T10:45:00.000Z",
            max_messages: 3,
          },
          force: false,
          max_deletions: 10,
          matched: null,
          processed: 0,
          limit_reached: false,
          actor: { kind: "api_key" },
          started_at: null,
          finished_at: null,
          error: null,
        });
        // By now somebody may work on it: servers that have workers share the database of these cases.
        expect(await getDeletionJob(context, { jobId: job.id })).toMatchObject({
          kind: "bulk",
          maxDeletions: 10,
          filter: { state: "active", maxMessages: 3 },
          counts: { deleted: 0 },
          error: null,
        });
        await context.db.deletionJob.deleteMany();
      },
    }),
  },
  {
    name: "refuses a misspelt option instead of ignoring it",
    status: 400,
    code: "invalid_request",
    given: async ({ keys }) => ({
      operation: "deletionJob.create",
      input: { filter: { q: "invoice" }, max_deletion: 1 },
      apiKey: keys.all,
      verify: ({ body }) => expect(body.message).toMatch(/^max_deletion is not known here/),
    }),
  },
  {
    name: "refuses another job while very many have not ended",
    status: 409,
    code: "too_many_jobs",
    given: async ({ context, keys }) => {
      // Not queued, so that no worker of the server ends one meanwhile; they are missed after some seconds only.
      const open = {
        tenantId: context.tenantId,
        kind: "bulk",
        chatState: "trashed",
        actorKind: context.actor.kind,
        actorId: context.actor.id,
      };
      await context.db.deletionJob.createMany({ data: Array.from({ length: 20 }, () => open) });
      return {
        operation: "deletionJob.create",
        input: { filter: { state: "trashed" } },
        apiKey: keys.all,
        verify: async () => {
          await context.db.deletionJob.deleteMany();
        },
      };
    },
  },
  {
    name: "lists the tenant's jobs, newest first",
    status: 200,
    given: async ({ context, strangers, keys }) => {
      await context.db.deletionJob.deleteMany();
      const job = (ctx: typeof context) =>
        createDeletionJob(ctx, { filter: { state: "trashed" }, force: true });
      const [older, newer] = [await job(context), await job(context)];
      await job(strangers);
      return {
        operation: "deletionJob.list",
        input: { limit: 1 },
        apiKey: keys.deleting,
        verify: ({ body }) => {
          const page = deletionJobPageSchema.strict().parse(body);
          expect(page.data.map(({ id }) => id)).toEqual(
            older.createdAt.getTime() < newer.createdAt.getTime() ? [newer.id] : [expect.any(String)],
          );
          expect(page.next_cursor).toBeTypeOf("string");
        },
      };
    },
  },
  {
    name: "cancels a job before anybody has begun with it",
    status: 200,
    given: async ({ context, keys }) => {
      const { id } = await createDeletionJob(context, { filter: { state: "any", q: "x" }, force: false });
      return {
        operation: "deletionJob.cancel",
        input: { job_id: id.toUpperCase() },
        apiKey: keys.deleting,
        verify: ({ body }) =>
          expect(deletionJobSchema.parse(body)).toMatchObject({
            id,
            state: "cancelled",
            cancel_requested: true,
            processed: 0,
            filter: { q: null },
            finished_at: expect.any(String),
          }),
      };
    },
  },
  {
    name: "lists no failures of a job that has none",
    status: 200,
    given: async ({ context, keys }) => {
      const { id } = await createDeletionJob(context, { filter: { state: "trashed" }, force: false });
      return {
        operation: "deletionJob.failures",
        input: { job_id: id },
        apiKey: keys.deleting,
        verify: async ({ body }) => {
          expect(deletionJobFailurePageSchema.strict().parse(body)).toEqual({ data: [], next_cursor: null });
          await context.db.deletionJob.deleteMany();
        },
      };
    },
  },
  ...(["byId", "failures", "cancel", "undo"] as const).map(
    (verb): ParityCase => ({
      name: `deletionJob.${verb} of a job that is not there, or is another tenant's`,
      status: 404,
      code: "deletion_job_not_found",
      given: async ({ strangers, keys }) => {
        const { id } = await createDeletionJob(strangers, { filter: { state: "trashed" }, force: false });
        return {
          operation: `deletionJob.${verb}`,
          input: { job_id: verb === "byId" ? nobody : id },
          apiKey: keys.all,
          verify: async () => {
            expect(await getDeletionJob(strangers, { jobId: id })).toMatchObject({ cancelRequested: false });
          },
        };
      },
    }),
  ),
];
