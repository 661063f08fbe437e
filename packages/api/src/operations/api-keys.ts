import type * as core from "@lethe/core";
import { createTenantKey, listApiKeys, revokeTenantKey } from "@lethe/core";
import type { z } from "zod";
import { timeText } from "../present.ts";
import {
  apiKeyListSchema,
  apiKeyPathSchema,
  apiKeyRevokedSchema,
  type apiKeySchema,
  createApiKeySchema,
  newApiKeySchema,
  noInputSchema,
} from "../schemas/index.ts";
import { holderOf } from "./admit.ts";
import { mutation, query } from "./operation.ts";

const tag = "API keys";
const scope = "keys:write";

/** `apiKey.*` over tRPC, `/keys` over REST. */
export const apiKeys = {
  list: query({
    name: "apiKey.list",
    scope,
    summary: "List the tenant's API keys, the newest first",
    description: "Revoked and expired ones among them, at most 1,000. The keys themselves cannot be shown.",
    input: noInputSchema,
    output: apiKeyListSchema,
    rest: { method: "get", path: "/keys", operationId: "listApiKeys", tag, answer: "All of them" },
    run: async ({ core }) => ({ data: (await listApiKeys(core.db, core)).map(presentKey) }),
  }),

  create: mutation({
    name: "apiKey.create",
    scope,
    summary: "Create an API key",
    description: "With scopes that the caller has. `api_key` is shown in this answer and never again.",
    input: createApiKeySchema,
    output: newApiKeySchema,
    rest: {
      method: "post",
      path: "/keys",
      operationId: "createApiKey",
      tag,
      status: 201,
      answer: "The new key",
      problems: {
        FORBIDDEN: "It has scopes that the caller lacks (`beyond_own_rights`)",
        CONFLICT: "The tenant has as many as it may (`too_many_keys`)",
      },
    },
    run: async ({ core, principal }, { name, scopes, expires_at }) => {
      const made = await createTenantKey(
        { ...core, actor: holderOf(principal) },
        { name, scopes, expiresAt: expires_at ?? null, held: principal.scopes },
      );
      return {
        id: made.id,
        name,
        prefix: made.prefix,
        scopes: made.scopes,
        created_at: timeText(made.createdAt),
        expires_at: expires_at ? timeText(expires_at) : null,
        api_key: made.apiKey,
      };
    },
  }),

  revoke: mutation({
    name: "apiKey.revoke",
    scope,
    summary: "Revoke an API key, for good",
    description:
      "With scopes that the caller has. Everywhere within two seconds; sessions that were opened with it end with it. Once " +
      "more keeps the first time.",
    input: apiKeyPathSchema,
    output: apiKeyRevokedSchema,
    rest: {
      method: "delete",
      path: "/keys/{key_id}",
      operationId: "revokeApiKey",
      tag,
      answer: "It opens nothing any more",
      problems: { FORBIDDEN: "It has scopes that the caller lacks (`beyond_own_rights`)" },
    },
    run: async ({ core, principal }, { key_id: id }) => {
      const { revokedAt } = await revokeTenantKey(core, { id, held: principal.scopes });
      return { id, revoked_at: timeText(revokedAt) };
    },
  }),
};

const presentKey = (key: core.ApiKey): z.input<typeof apiKeySchema> => ({
  id: key.id,
  name: key.name,
  prefix: key.prefix,
  scopes: key.scopes,
  created_at: timeText(key.createdAt),
  created_by: key.createdBy,
  expires_at: key.expiresAt && timeText(key.expiresAt),
  expired: key.expired,
  revoked_at: key.revokedAt && timeText(key.revokedAt),
  last_used_at: key.lastUsedAt && timeText(key.lastUsedAt),
});
