import { webhookEventTypes } from "@lethe/core/limits";
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { chatCriteria } from "../schemas/index.ts";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";

const documentSchema = z.object({
  openapi: z.string(),
  components: z.object({
    schemas: z.record(z.string(), z.unknown()),
    securitySchemes: z.record(z.string(), z.unknown()),
  }),
  webhooks: z.record(z.string(), z.looseObject({})),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        security: z.array(z.record(z.string(), z.array(z.string()))),
        "x-required-scope": z.string().optional(),
        parameters: z
          .array(z.object({ name: z.string(), in: z.string(), required: z.boolean() }))
          .default([]),
        responses: z.record(
          z.string(),
          z.looseObject({
            content: z.record(z.string(), z.unknown()).default({}),
            headers: z.record(z.string(), z.looseObject({ $ref: z.string().optional() })),
          }),
        ),
      }),
    ),
  ),
});

const files = ["application/json", "application/x-ndjson", "text/markdown", "text/html"];
const ledger = ["state", "chat_id", "actor_id", "deleted_after", "deleted_before"];
const always = [400, 401, 403, 412, 429, 500, 503];
const routes: [string, string, number[], string[]][] = [
  [
    "get",
    "/api/v1/chats",
    [200],
    ["limit", "cursor", "q", "state", ...Object.keys(chatCriteria), "sort", "order"],
  ],
  ["post", "/api/v1/chats", [201, 404, 409, 413, 415], []],
  ["post", "/api/v1/chats/bulk-delete", [200, 413, 415], []],
  ["post", "/api/v1/chats/bulk-export", [200, 404, 413, 415], []],
  ["post", "/api/v1/chats/trash-matching", [200, 202, 409, 413, 415], []],
  ["post", "/api/v1/chats/restore-matching", [202, 409, 413, 415], []],
  ["post", "/api/v1/deletion-jobs/{job_id}/undo", [202, 404, 409], ["job_id"]],
  ["post", "/api/v1/deletion-jobs", [200, 202, 409, 413, 415], []],
  ["get", "/api/v1/deletion-jobs", [200], ["limit", "cursor"]],
  ["get", "/api/v1/deletion-jobs/{job_id}", [200, 404], ["job_id"]],
  ["get", "/api/v1/deletion-jobs/{job_id}/failures", [200, 404], ["job_id", "limit", "cursor"]],
  ["post", "/api/v1/deletion-jobs/{job_id}/cancel", [200, 404], ["job_id"]],
  ["get", "/api/v1/chats/{chat_id}", [200, 404], ["chat_id"]],
  ["patch", "/api/v1/chats/{chat_id}", [200, 404, 409, 413, 415], ["chat_id"]],
  ["delete", "/api/v1/chats/{chat_id}", [200, 404, 409], ["chat_id", "force"]],
  ["get", "/api/v1/chats/{chat_id}/export", [200, 404], ["chat_id", "format"]],
  [
    "get",
    "/api/v1/chats/{chat_id}/messages",
    [200, 404],
    ["chat_id", "limit", "cursor", "order", "from_seq"],
  ],
  ["get", "/api/v1/messages", [200], ["limit", "cursor", "q", "state"]],
  ["get", "/api/v1/chats/{chat_id}/connections", [200, 404], ["chat_id"]],
  ["get", "/api/v1/chats/{chat_id}/messages/{seq}", [200, 404], ["chat_id", "seq"]],
  ["post", "/api/v1/chats/{chat_id}/messages", [201, 404, 409, 413, 415], ["chat_id"]],
  ["post", "/api/v1/chats/{chat_id}/trash", [200, 404], ["chat_id"]],
  ["post", "/api/v1/chats/{chat_id}/restore", [200, 404], ["chat_id"]],
  ["post", "/api/v1/chats/bulk-trash", [200, 413, 415], []],
  ["post", "/api/v1/chats/bulk-restore", [200, 413, 415], []],
  ["put", "/api/v1/chats/{chat_id}/hold", [200, 404, 413, 415], ["chat_id"]],
  ["delete", "/api/v1/chats/{chat_id}/hold", [200, 404], ["chat_id"]],
  ["get", "/api/v1/settings", [200], []],
  ["get", "/api/v1/settings/retention-preview", [200], ["retention_days"]],
  ["get", "/api/v1/settings/trash-preview", [200], ["trash_retention_days"]],
  ["get", "/api/v1/settings/ledger-preview", [200], ["ledger_retention_days"]],
  ["patch", "/api/v1/settings", [200, 413, 415], []],
  ["get", "/api/v1/deletions", [200], ["limit", "cursor", ...ledger]],
  ["get", "/api/v1/deletions/export", [200], ledger],
  ["get", "/api/v1/deletions/{deletion_id}", [200, 404], ["deletion_id"]],
  ["get", "/api/v1/members", [200], []],
  ["patch", "/api/v1/members/{person_id}", [200, 404, 409, 413, 415], ["person_id"]],
  ["delete", "/api/v1/members/{person_id}", [200, 404, 409], ["person_id"]],
  ["get", "/api/v1/invitations", [200], []],
  ["post", "/api/v1/invitations", [201, 409, 413, 415], []],
  ["delete", "/api/v1/invitations/{invitation_id}", [200, 404], ["invitation_id"]],
  ["get", "/api/v1/keys", [200], []],
  ["post", "/api/v1/keys", [201, 409, 413, 415], []],
  ["delete", "/api/v1/keys/{key_id}", [200, 404], ["key_id"]],
  ["post", "/api/v1/tokens", [201, 409, 413, 415], []],
  ["delete", "/api/v1/tenant", [202, 409], ["confirm", "keep_ledger"]],
  ["get", "/api/v1/webhooks", [200], []],
  ["post", "/api/v1/webhooks", [201, 409, 413, 415], []],
  ["get", "/api/v1/webhooks/{webhook_id}", [200, 404], ["webhook_id"]],
  ["patch", "/api/v1/webhooks/{webhook_id}", [200, 404, 413, 415], ["webhook_id"]],
  ["delete", "/api/v1/webhooks/{webhook_id}", [200, 404], ["webhook_id"]],
  ["post", "/api/v1/webhooks/{webhook_id}/rotate-secret", [200, 404], ["webhook_id"]],
  ["post", "/api/v1/webhooks/{webhook_id}/test", [200, 404], ["webhook_id"]],
  ["get", "/api/v1/webhooks/{webhook_id}/deliveries", [200, 404], ["webhook_id", "limit", "cursor"]],
  [
    "post",
    "/api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver",
    [202, 404, 409],
    ["webhook_id", "delivery_id"],
  ],
];

const live = "/api/v1/chats/{chat_id}/live";
const archive = "/api/v1/chats/bulk-export";
/** Whether it takes an Idempotency-Key, and says what it can answer to one. An export only reads. */
const repeatable = (method: string, path: string) => ["post", "delete"].includes(method) && path !== archive;

describe("the OpenAPI document", () => {
  let api: TestApi;
  let json: unknown;
  let document: z.infer<typeof documentSchema>;
  beforeAll(async () => {
    api = await startTestApi();
    const response = await fetch(`${api.baseUrl}/api/v1/openapi.json`);
    expect(response.headers.get("content-type")).toBe("application/json");
    json = await response.json();
    document = documentSchema.parse(json);
  });
  afterAll(() => api.stop());

  it("has a success of every operation but the handshake's, as spectral.yaml says", () => {
    const without = Object.entries(document.paths).filter(([, methods]) =>
      Object.values(methods).some(({ responses }) => !/(?:^|,)[23]/.test(Object.keys(responses).join())),
    );
    expect(without.map(([path]) => path)).toEqual([live]);
  });

  it("is what the specification says", async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(z.record(z.string(), z.unknown()).parse(json)))).toEqual({
      valid: true,
    });
    expect(validator.version).toBe("3.1");
  });

  it("knows exactly these routes", () => {
    const known = Object.entries(document.paths).flatMap(([path, methods]) =>
      path.includes("/departure") ? [] : Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(known.sort()).toEqual(
      [...routes.map(([method, path]) => `${method} ${path}`), `get ${live}`].sort(),
    );
  });

  it.each(routes)("%s %s: answers and parameters", (method, path, statuses, parameters) => {
    const operation = document.paths[path]?.[method];
    expect(Object.keys(operation?.responses ?? {}).sort()).toEqual(
      [
        ...new Set([
          ...always,
          ...statuses,
          ...(repeatable(method, path) ? [409, 422] : []),
          ...(method === "get" ? [304] : []),
        ]),
      ]
        .sort()
        .map(String)
        .concat("default"),
    );
    expect(operation?.parameters.map(({ name }) => name)).toEqual([
      ...parameters,
      "If-Match",
      "If-None-Match",
      ...(repeatable(method, path) ? ["Idempotency-Key"] : []),
    ]);
    const [key, token] = operation?.security ?? [];
    const ofKeysAlone = /^\/api\/v1\/(?:keys|members\/|invitations|tokens|tenant$)/.test(path);
    expect(key).toEqual({ ApiKey: [] });
    expect(token).toEqual(ofKeysAlone ? undefined : { Token: [] });
    const scope = path === "/api/v1/tokens" ? undefined : expect.stringMatching(/^[a-z]+:[a-z]+$/);
    expect(operation?.["x-required-scope"]).toEqual(scope);
    for (const [status, { content, headers }] of Object.entries(operation?.responses ?? {})) {
      expect(headers["X-Request-Id"]).toEqual({ $ref: "#/components/headers/X-Request-Id" });
      const exported = path === "/api/v1/deletions/export" ? ["text/csv"] : files;
      const whole = path === archive ? ["application/zip"] : ["application/json"];
      const good = path.endsWith("/export") ? exported : whole;
      const kinds = Number(status) < 400 ? good : ["application/problem+json"];
      expect(Object.keys(content)).toEqual(status === "304" ? [] : kinds);
    }
  });

  it("tells of the rate limit and of repetitions where they are", () => {
    const { get, post, delete: remove } = document.paths["/api/v1/chats/{chat_id}"] ?? {};
    expect(post).toBeUndefined();
    for (const operation of [get, remove]) {
      for (const status of ["200", "404", "429"])
        expect(JSON.stringify(operation?.responses[status]), status).toContain("RateLimit-Policy");
      expect(JSON.stringify(operation?.responses["401"])).not.toContain("RateLimit");
    }
    expect(JSON.stringify(remove?.responses["200"])).toContain("Idempotency-Replayed");
    expect(JSON.stringify(remove?.responses["409"])).toContain("Retry-After");
    expect(JSON.stringify(get)).not.toContain("Idempotency");
  });

  it("tells of the handshake of a WebSocket, and of each webhook", () => {
    const handshake = document.paths[live]?.get;
    expect(Object.keys(handshake?.responses ?? {})).toEqual(
      expect.arrayContaining(["101", "400", "401", "403", "404", "409", "429", "503"]),
    );
    expect(Object.keys(document.webhooks)).toEqual([...webhookEventTypes, "webhook.test"]);
  });

  it("has no default in a body, which generated clients would take for a field that has to be there", () => {
    const defaults = Object.values(document.components.schemas).flatMap((schema) =>
      Object.values(
        z.looseObject({ properties: z.record(z.string(), z.looseObject({})).default({}) }).parse(schema)
          .properties,
      ),
    );
    expect(defaults.filter((property) => "default" in property)).toEqual([]);
    expect(defaults.filter(({ description }) => `${description}`.includes("Default `"))).not.toEqual([]);
  });

  it("names its schemas once", () => {
    expect(Object.keys(document.components.schemas).sort()).toEqual([
      "ActiveChatFilter",
      "ApiKey",
      "ApiKeyList",
      "ApiKeyRevoked",
      "BulkDelete",
      "BulkDeletion",
      "BulkDeletionPreview",
      "BulkExport",
      "BulkRestore",
      "BulkTrash",
      "ChangeRole",
      "ChangedChat",
      "Chat",
      "ChatFilter",
      "ChatPage",
      "ChatSet",
      "Connections",
      "CreateApiKey",
      "CreateChat",
      "CreateDeletionJob",
      "CreateInvitation",
      "CreateMessage",
      "CreateToken",
      "CreateWebhook",
      "Deletion",
      "DeletionJob",
      "DeletionJobFailure",
      "DeletionJobFailurePage",
      "DeletionJobPage",
      "DeletionPage",
      "DeletionPreview",
      "DeletionRecord",
      "DeletionWithReceipts",
      "Departure",
      "DepartureBegun",
      "Done",
      "ExportedChatFilter",
      "HoldChat",
      "Invitation",
      "InvitationList",
      "LedgerPreview",
      "ListedChat",
      "Member",
      "MemberList",
      "Message",
      "MessageHit",
      "MessageHitPage",
      "MessagePage",
      "NewApiKey",
      "NewInvitation",
      "NewToken",
      "Problem",
      "RenameChat",
      "RestoreMatching",
      "Settings",
      "TrashMatching",
      "TrashedChatFilter",
      "UpdateDeparture",
      "UpdateSettings",
      "UpdateWebhook",
      "Webhook",
      "WebhookDeleted",
      "WebhookDelivery",
      "WebhookDeliveryPage",
      "WebhookList",
      "WebhookWithSecret",
    ]);
  });

  it("says that a limit is a number", () => {
    const text = JSON.stringify(document.paths["/api/v1/chats"]?.get?.parameters);
    expect(text).toContain("limit");
    expect(JSON.stringify(json)).toContain('"schema":{"type":"integer","minimum":1,"maximum":100');
  });
});
