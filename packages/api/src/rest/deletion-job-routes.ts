import {
  createDeletionJobSchema,
  deletionJobFailurePageSchema,
  deletionJobPageSchema,
  deletionJobPathSchema,
  deletionJobSchema,
  deletionPreviewSchema,
  listDeletionJobsQuerySchema,
} from "../schemas/index.ts";
import { jsonAnswer, jsonBody } from "./describe.ts";
import { operation } from "./operation.ts";
import { problemAnswers } from "./problem-answers.ts";

const tags = ["Deletion jobs"];
const NOT_FOUND = "Deletion job not found or doesn't belong to your tenant";

export const createDeletionJobRoute = operation("chats:delete", {
  method: "post",
  path: "/api/v1/deletion-jobs",
  operationId: "createDeletionJob",
  summary: "Delete all chats that a filter matches",
  description:
    "Answers 202 at once; the work is done in the background and survives crashes. Only chats that were created " +
    "before the job was asked for are deleted, and each only if it matches at the moment of its deletion. " +
    "Chats on hold are left, and so are those with live connections unless `force` is given. With `dry_run` " +
    "nothing is deleted and the answer tells what a job would find.",
  tags,
  request: { body: jsonBody(createDeletionJobSchema) },
  responses: {
    200: jsonAnswer("With dry_run: what a job would find", deletionPreviewSchema),
    202: {
      ...jsonAnswer("The job", deletionJobSchema),
      headers: { Location: { schema: { type: "string" as const }, description: "Where to look at the job" } },
    },
    ...problemAnswers({
      CONFLICT: "20 jobs of yours have not ended (`too_many_jobs`)",
      PAYLOAD_TOO_LARGE: "The body is too large",
      UNSUPPORTED_MEDIA_TYPE: "The body is not application/json",
    }),
  },
});

export const listDeletionJobsRoute = operation("chats:delete", {
  method: "get",
  path: "/api/v1/deletion-jobs",
  operationId: "listDeletionJobs",
  summary: "List deletion jobs, newest first",
  tags,
  request: { query: listDeletionJobsQuerySchema },
  responses: { 200: jsonAnswer("A page of jobs", deletionJobPageSchema), ...problemAnswers({}) },
});

export const getDeletionJobRoute = operation("chats:delete", {
  method: "get",
  path: "/api/v1/deletion-jobs/{job_id}",
  operationId: "getDeletionJob",
  summary: "See how far a deletion job is",
  tags,
  request: { params: deletionJobPathSchema },
  responses: { 200: jsonAnswer("The job", deletionJobSchema), ...problemAnswers({ NOT_FOUND }) },
});

export const listDeletionJobFailuresRoute = operation("chats:delete", {
  method: "get",
  path: "/api/v1/deletion-jobs/{job_id}/failures",
  operationId: "listDeletionJobFailures",
  summary: "List the chats that a deletion job matched and did not delete",
  tags,
  request: { params: deletionJobPathSchema, query: listDeletionJobsQuerySchema },
  responses: {
    200: jsonAnswer("A page of chats", deletionJobFailurePageSchema),
    ...problemAnswers({ NOT_FOUND }),
  },
});

export const cancelDeletionJobRoute = operation("chats:delete", {
  method: "post",
  path: "/api/v1/deletion-jobs/{job_id}/cancel",
  operationId: "cancelDeletionJob",
  summary: "Stop a deletion job",
  description:
    "Answers when the job has stopped, within a second, with exact counts of what it has done. What is deleted " +
    "stays deleted. A job that has ended stays as it is.",
  tags,
  request: { params: deletionJobPathSchema },
  responses: { 200: jsonAnswer("The job as it is now", deletionJobSchema), ...problemAnswers({ NOT_FOUND }) },
});
