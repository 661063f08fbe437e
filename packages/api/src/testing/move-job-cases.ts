import { randomUUID } from "node:crypto";
import { createApiKey, createDeletionJob, getDeletionJob } from "@lethe/core";
import { expect } from "vitest";
import { deletionJobSchema } from "../schemas/index.ts";
import type { ParityCase } from "./caller.ts";

/** Jobs that move chats into the trash and out of it. */
export const moveJobCases: ParityCase[] = [
  {
    name: "starts a job that moves what matches into the trash, and takes it back",
    status: 202,
    given: async ({ context, keys }) => {
      const moving = await createDeletionJob(context, {
        kind: "trash",
        filter: { state: "active", q: randomUUID() },
        force: false,
      });
      return {
        operation: "deletionJob.undo",
        input: { job_id: moving.id },
        apiKey: keys.deleting,
        verify: async ({ body }) => {
          const job = deletionJobSchema.strict().parse(body);
          expect(job).toMatchObject({ kind: "restore", undo_of: moving.id, filter: { state: "trashed" } });
          expect(await getDeletionJob(context, { jobId: moving.id })).toMatchObject({ state: "cancelled" });
          await context.db.deletionJob.deleteMany();
        },
      };
    },
  },
  ...(["trash", "restore"] as const).map(
    (kind): ParityCase => ({
      name: `starts a job of the kind ${kind}, where its chats are`,
      status: 202,
      given: async ({ context, keys }) => ({
        operation: `chat.${kind}Matching`,
        input: { filter: { min_messages: 3 } },
        apiKey: keys.deleting,
        verify: async ({ body }) => {
          const state = kind === "trash" ? "active" : "trashed";
          const filter = { state, min_messages: 3 };
          expect(deletionJobSchema.parse(body)).toMatchObject({ kind, filter, counts: { moved: 0 } });
          await context.db.deletionJob.deleteMany();
        },
      }),
    }),
  ),
  {
    name: "takes nothing back of a job that deletes",
    status: 409,
    code: "not_undoable",
    given: async ({ context, keys }) => {
      const { id } = await createDeletionJob(context, { filter: { state: "trashed" }, force: false });
      return { operation: "deletionJob.undo", input: { job_id: id }, apiKey: keys.deleting };
    },
  },
  {
    name: "lets nobody stop a deletion who may only use the trash",
    status: 403,
    code: "missing_scope",
    given: async ({ context, db }) => {
      const { id } = await createDeletionJob(context, { filter: { state: "trashed" }, force: false });
      const { tenantId } = context;
      const { apiKey } = await createApiKey(db, { tenantId, name: "trash", scopes: ["chats:trash"] });
      return { operation: "deletionJob.cancel", input: { job_id: id }, apiKey };
    },
  },
];
