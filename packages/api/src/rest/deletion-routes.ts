import {
  deletionPageSchema,
  deletionPathSchema,
  deletionWithReceiptsSchema,
  listDeletionsQuerySchema,
} from "../schemas/index.ts";
import { jsonAnswer } from "./describe.ts";
import { operation } from "./operation.ts";
import { problemAnswers } from "./problem-answers.ts";

const tags = ["Deletions"];

export const listDeletionsRoute = operation("chats:read", {
  method: "get",
  path: "/api/v1/deletions",
  operationId: "listDeletions",
  summary: "List the deletion ledger, newest first",
  description:
    "Every deleted chat has one line: who deleted it, when, and whether its last message is gone from the " +
    "database (`state`). Lines hold no content.",
  tags,
  request: { query: listDeletionsQuerySchema },
  responses: { 200: jsonAnswer("A page of the ledger", deletionPageSchema), ...problemAnswers({}) },
});

export const getDeletionRoute = operation("chats:read", {
  method: "get",
  path: "/api/v1/deletions/{deletion_id}",
  operationId: "getDeletion",
  summary: "Get a line of the deletion ledger",
  tags,
  request: { params: deletionPathSchema },
  responses: {
    200: jsonAnswer("The line of the ledger", deletionWithReceiptsSchema),
    ...problemAnswers({ NOT_FOUND: "Deletion not found or doesn't belong to your tenant" }),
  },
});
