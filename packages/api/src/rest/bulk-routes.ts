import { bulkBodySize } from "../http/read-body.ts";
import { bulkAnswerSchema, bulkDeleteSchema } from "../schemas/index.ts";
import { jsonAnswer, jsonBody } from "./describe.ts";
import { operation } from "./operation.ts";
import { problemAnswers } from "./problem-answers.ts";

export const bulkDeleteRoute = operation(
  "chats:delete",
  {
    method: "post",
    path: "/api/v1/chats/bulk-delete",
    operationId: "bulkDeleteChats",
    summary: "Delete up to 1,000 chats",
    description:
      "Permanently deletes each of the chats or leaves it as it is, and says which of the two for every id, in the " +
      "order in which they were asked for. Each chat is atomic, the set is not. 200 says that every id has an " +
      "outcome, not that every chat is gone. With `dry_run` nothing is deleted, and the answer tells what would be.",
    tags: ["Chats"],
    request: { body: jsonBody(bulkDeleteSchema) },
    responses: {
      200: jsonAnswer("An outcome for every id; with dry_run what it would be", bulkAnswerSchema),
      ...problemAnswers({
        PAYLOAD_TOO_LARGE: "The body is too large",
        UNSUPPORTED_MEDIA_TYPE: "The body is not application/json",
      }),
    },
  },
  bulkBodySize,
);
