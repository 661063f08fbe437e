import type { RouteConfig } from "@hono/zod-openapi";
import { webhookEventTypes } from "@lethe/core/limits";
import { z } from "zod";
import type { ApiApp } from "../http/env.ts";
import {
  chatPathSchema,
  clientFrameSchema,
  scopeMember,
  serverFrameSchema,
  webhookPayloads,
} from "../schemas/index.ts";
import { apiKeyScheme, problemAnswers, tokenScheme } from "./describe.ts";

/** What is neither asked for nor answered as an operation is: the handshake of a WebSocket, and what webhooks are sent. */
export function describeBeside({ openAPIRegistry: registry }: ApiApp): void {
  registry.registerPath(handshake);
  for (const type of types) registry.registerWebhook(webhookOf(type, webhookPayloads[type]));
}

const types = [...webhookEventTypes, "webhook.test"] as const;

/** A schema in its place: no answer and no body has it, so that it is no component. */
function inPlace(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, $defs: __, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return JSON.parse(JSON.stringify(rest).replaceAll('"#/$defs/', '"#/components/schemas/'));
}

const handshake = {
  method: "get",
  path: "/api/v1/chats/{chat_id}/live",
  operationId: "openLive",
  summary: "Open a WebSocket on a chat",
  description:
    "The handshake of a WebSocket (RFC 6455), which counts as active on the chat while it is open. What is said on it, as JSON in " +
    "texts, is in `x-websocket`. A page, which can set no header, offers its token as a subprotocol beside `lethe.v1`. " +
    "Takes the scope `chats:read`, and `chats:write` to write.",
  tags: ["Live"],
  [scopeMember]: "chats:read",
  "x-websocket": { client: inPlace(clientFrameSchema), server: inPlace(serverFrameSchema) },
  security: [{ [apiKeyScheme]: [] }, { [tokenScheme]: [] }],
  request: {
    params: chatPathSchema,
    headers: z.object({
      "Sec-WebSocket-Protocol": z
        .string()
        .optional()
        .meta({ description: "A page's token: `lethe.v1, lethe.token.<token>`" }),
    }),
  },
  responses: {
    101: { description: "The socket is open; `ready` is its first frame" },
    ...problemAnswers({
      BAD_REQUEST: "It is no handshake of a WebSocket (`invalid_request`)",
      FORBIDDEN: "The page is of an origin that may not call (`origin_refused`)",
      NOT_FOUND: "Chat (`chat_not_found`) not found or doesn't belong to your tenant",
      CONFLICT: "The chat is in the trash (`chat_trashed`)",
      TOO_MANY_REQUESTS: "Too many sockets are open (`too_many_sockets`)",
      SERVICE_UNAVAILABLE: "All tenants together have too many sockets open (`too_many_sockets`)",
    }),
  },
} satisfies RouteConfig;

const what: Record<keyof typeof webhookPayloads, string> = {
  "chat.trashed": "A chat was moved to the trash",
  "chat.restored": "A chat came back from the trash",
  "chat.deleted": "A chat is gone: nothing of it can be reached",
  "deletion.erased": "The last row of a deleted chat is gone from the database",
  "deletion_job.finished": "A job that deletes or moves chats has ended",
  "tenant.deleted": "The tenant has left: the last that its webhooks hear",
  "webhook.test": "Somebody asked for a test",
};

const signed = z.object({
  "webhook-id": z.string().meta({ description: "The same every time that it is sent" }),
  "webhook-timestamp": z.string().meta({ description: "Seconds since the epoch, by the database's clock" }),
  "webhook-signature": z
    .string()
    .meta({ description: "`v1,` and an HMAC-SHA-256 in base64, for each secret" }),
});

/** A request to a receiver of the tenant's, as Standard Webhooks has it. */
const webhookOf = (type: keyof typeof webhookPayloads, payload: z.ZodObject): RouteConfig => ({
  method: "post",
  path: type,
  operationId: `on${type.replaceAll(/(?:^|[._])(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
  summary: what[type],
  description:
    "Signed as Standard Webhooks says. It is sent until a 2xx comes back, so perhaps twice, and in any order.",
  tags: ["Webhooks"],
  security: [],
  request: {
    headers: signed,
    body: { required: true, content: { "application/json": { schema: payload } } },
  },
  responses: {
    "2XX": { description: "Taken" },
    410: { description: "The receiver is gone: the webhook is disabled" },
    "4XX": { description: "It is sent again later" },
    "5XX": { description: "It is sent again later" },
  },
});
