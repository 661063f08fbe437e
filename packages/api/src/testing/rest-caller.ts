import { asRecord, type Entrance, type Input, type Operation } from "./caller.ts";
import { exportedFile } from "./exported-file.ts";
import { query, type Request } from "./rest-request.ts";
import { webhookRequests } from "./webhook-requests.ts";

/** REST at `/api/v1`. */
export const restEntrance: Entrance = (baseUrl) => ({
  name: "REST",
  call: async (operation, input, apiKey) => {
    const { method, path, body, headers } = requests[operation](input);
    const response = await fetch(`${baseUrl}/api/v1${path}`, {
      method,
      headers: {
        ...(apiKey !== undefined && { "X-API-Key": apiKey }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    return {
      status: response.status,
      body: await readBody(response),
      retryAfter: response.headers.get("retry-after"),
      requestId: response.headers.get("x-request-id"),
    };
  },
});

const requests: Record<Operation, (input: Input) => Request> = {
  "chat.list": (input) => ({ method: "GET", path: `/chats${query(input)}` }),
  "chat.byId": ({ chat_id }) => ({ method: "GET", path: chatPath(chat_id) }),
  "chat.create": (body) => ({ method: "POST", path: "/chats", body }),
  "chat.rename": ({ chat_id, if_version, ...body }) => ({
    method: "PATCH",
    path: chatPath(chat_id),
    body,
    headers: ifMatch(if_version),
  }),
  "chat.delete": ({ chat_id, if_version, ...options }) => ({
    method: "DELETE",
    path: `${chatPath(chat_id)}${query(options)}`,
    headers: ifMatch(if_version),
  }),
  "chat.trash": ({ chat_id, if_version }) => ({
    method: "POST",
    path: `${chatPath(chat_id)}/trash`,
    headers: ifMatch(if_version),
  }),
  "chat.restore": ({ chat_id }) => ({ method: "POST", path: `${chatPath(chat_id)}/restore` }),
  "chat.bulkTrash": (body) => ({ method: "POST", path: "/chats/bulk-trash", body }),
  "chat.bulkRestore": (body) => ({ method: "POST", path: "/chats/bulk-restore", body }),
  "chat.hold": ({ chat_id, ...body }) => ({ method: "PUT", path: `${chatPath(chat_id)}/hold`, body }),
  "chat.releaseHold": ({ chat_id }) => ({ method: "DELETE", path: `${chatPath(chat_id)}/hold` }),
  "settings.previewRetention": (input) => ({
    method: "GET",
    path: `/settings/retention-preview${query(input)}`,
  }),
  "settings.get": () => ({ method: "GET", path: "/settings" }),
  "settings.update": (body) => ({ method: "PATCH", path: "/settings", body }),
  "chat.bulkDelete": (body) => ({ method: "POST", path: "/chats/bulk-delete", body }),
  "deletionJob.create": (body) => ({ method: "POST", path: "/deletion-jobs", body }),
  "deletionJob.preview": (body) => ({
    method: "POST",
    path: "/deletion-jobs",
    body: { ...body, dry_run: true },
  }),
  "deletionJob.list": (input) => ({ method: "GET", path: `/deletion-jobs${query(input)}` }),
  "deletionJob.byId": ({ job_id }) => ({ method: "GET", path: jobPath(job_id) }),
  "deletionJob.failures": ({ job_id, ...page }) => ({
    method: "GET",
    path: `${jobPath(job_id)}/failures${query(page)}`,
  }),
  "deletionJob.cancel": ({ job_id }) => ({ method: "POST", path: `${jobPath(job_id)}/cancel` }),
  "chat.export": ({ chat_id, ...options }) => ({
    method: "GET",
    path: `${chatPath(chat_id)}/export${query(options)}`,
  }),
  "deletion.list": (input) => ({ method: "GET", path: `/deletions${query(input)}` }),
  "deletion.byId": ({ deletion_id }) => ({
    method: "GET",
    path: `/deletions/${encodeURIComponent(String(deletion_id))}`,
  }),
  ...webhookRequests,
  "message.list": ({ chat_id, ...page }) => ({
    method: "GET",
    path: `${chatPath(chat_id)}/messages${query(page)}`,
  }),
  "message.bySeq": ({ chat_id, seq }) => ({
    method: "GET",
    path: `${chatPath(chat_id)}/messages/${encodeURIComponent(String(seq))}`,
  }),
  "message.create": ({ chat_id, ...body }) => ({
    method: "POST",
    path: `${chatPath(chat_id)}/messages`,
    body,
  }),
};

/** A document as it is; of a file what `ExportedFile` tells. */
async function readBody(response: Response): Promise<Record<string, unknown>> {
  const disposition = response.headers.get("content-disposition");
  if (disposition === null) return asRecord(await response.json());
  const encodedName = /filename\*=UTF-8''(\S+)$/.exec(disposition)?.[1] ?? "";
  return exportedFile({
    filename: decodeURIComponent(encodedName),
    content_type: response.headers.get("content-type"),
    version: Number(response.headers.get("etag")?.replaceAll('"', "")),
    text: await response.text(),
  });
}

const chatPath = (id: unknown) => `/chats/${encodeURIComponent(String(id))}`;

const jobPath = (id: unknown) => `/deletion-jobs/${encodeURIComponent(String(id))}`;

const ifMatch = (version: unknown): Record<string, string> =>
  version === undefined ? {} : { "If-Match": `"${version}"` };
