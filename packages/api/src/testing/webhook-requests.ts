import type { Input } from "./caller.ts";
import { query, type Request } from "./rest-request.ts";

const path = (id: unknown) => `/webhooks/${encodeURIComponent(String(id))}`;

/** The operations on webhooks in REST's words. */
export const webhookRequests = {
  "webhook.list": () => ({ method: "GET", path: "/webhooks" }),
  "webhook.byId": ({ webhook_id }) => ({ method: "GET", path: path(webhook_id) }),
  "webhook.create": (body) => ({ method: "POST", path: "/webhooks", body }),
  "webhook.update": ({ webhook_id, ...body }) => ({ method: "PATCH", path: path(webhook_id), body }),
  "webhook.delete": ({ webhook_id }) => ({ method: "DELETE", path: path(webhook_id) }),
  "webhook.rotateSecret": ({ webhook_id }) => ({
    method: "POST",
    path: `${path(webhook_id)}/rotate-secret`,
  }),
  "webhook.test": ({ webhook_id }) => ({ method: "POST", path: `${path(webhook_id)}/test` }),
  "webhook.deliveries": ({ webhook_id, ...page }) => ({
    method: "GET",
    path: `${path(webhook_id)}/deliveries${query(page)}`,
  }),
  "webhook.redeliver": ({ webhook_id, delivery_id }) => ({
    method: "POST",
    path: `${path(webhook_id)}/deliveries/${encodeURIComponent(String(delivery_id))}/redeliver`,
  }),
} satisfies Record<string, (input: Input) => Request>;
