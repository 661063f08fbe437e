import { chatPathSchema, exportChatQuerySchema } from "../schemas/index.ts";
import { operation } from "./operation.ts";
import { problemAnswers } from "./problem-answers.ts";

const text = { schema: { type: "string" as const } };
const header = (description: string) => ({
  required: true,
  schema: { type: "string" as const },
  description,
});

export const exportChatRoute = operation("chats:read", {
  method: "get",
  path: "/api/v1/chats/{chat_id}/export",
  operationId: "exportChat",
  summary: "Export a chat",
  description:
    "The chat and all its messages as one file, streamed, as they are at the call: what is written meanwhile " +
    "is not in it. DELETE with the `ETag` as `If-Match` deletes exactly what was exported, or answers 412. " +
    "When the file was sent completely, `last_export` of the chat has its SHA-256. A transfer that breaks off " +
    "(the chat was deleted meanwhile, for example) ends without the end that HTTP demands: clients report it.",
  tags: ["Chats"],
  request: { params: chatPathSchema, query: exportChatQuerySchema },
  responses: {
    200: {
      description: "The file; with the trailer `Repr-Digest` (RFC 9530) where the connection can carry it",
      content: {
        "application/json": { schema: { type: "object" as const } },
        "application/x-ndjson": text,
        "text/markdown": text,
        "text/html": text,
      },
      headers: {
        ETag: header("The version of the chat that the file shows, for If-Match"),
        "Content-Disposition": header("attachment, with a file name made of the title"),
      },
    },
    ...problemAnswers({ NOT_FOUND: "Chat not found or doesn't belong to your tenant" }),
  },
});
