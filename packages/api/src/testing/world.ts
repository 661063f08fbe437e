import { randomUUID } from "node:crypto";
import {
  type Context,
  createApiKey,
  createChat,
  createMessage,
  createTenant,
  openConnection,
  registerGateway,
  revokeApiKey,
  type Scope,
  scopes,
  type TenantId,
} from "@lethe/core";
import { afterAll } from "vitest";
import { startTestApi, type TestApi } from "./start-test-api.ts";

type Database = Context["db"];

/** The tenant that calls, a tenant that must never be seen, and what the two own. */
export type World = {
  db: Database;
  context: Context;
  strangers: Context;
  keys: Record<"all" | "reading" | "writing" | "deleting" | "revoked" | "expired" | "strangers", string>;
};

/** Two tenants with every kind of key. */
export async function createWorld(db: Database): Promise<World> {
  const { tenantId } = await createTenant(db, { name: "Callers" });
  const { tenantId: strangersId } = await createTenant(db, { name: "Strangers" });
  const key = async (owner: TenantId, allowed?: readonly Scope[], expiresAt?: Date) => {
    const { apiKey } = await createApiKey(db, { tenantId: owner, name: "test", scopes: allowed, expiresAt });
    return apiKey;
  };
  const revoked = await createApiKey(db, { tenantId, name: "revoked" });
  await revokeApiKey(db, { tenantId, id: revoked.id });
  return {
    db,
    context: contextOf(db, tenantId),
    strangers: contextOf(db, strangersId),
    keys: {
      all: await key(tenantId, scopes),
      reading: await key(tenantId, ["chats:read"]),
      writing: await key(tenantId, ["chats:write"]),
      deleting: await key(tenantId, ["chats:delete"]),
      revoked: revoked.apiKey,
      expired: await key(tenantId, undefined, new Date(Date.now() - 60_000)),
      strangers: await key(strangersId, scopes),
    },
  };
}

/** A whole API and two tenants in it, for all tests of the file that asks for them at its top; it ends after them. */
export async function startWorld(): Promise<{ api: TestApi; world: World }> {
  const api = await startTestApi();
  afterAll(() => api.stop());
  return { api, world: await createWorld(api.db) };
}

const contextOf = (db: Database, tenantId: TenantId): Context => ({
  db,
  tenantId,
  actor: { kind: "operator", id: "test", via: "cli" },
});

/** A chat with messages in it, owned by `context`'s tenant. */
export async function writeChat(context: Context, { title = "A chat", messages = 0 } = {}) {
  const chat = await createChat(context, { title });
  for (let n = 1; n <= messages; n += 1)
    await createMessage(context, { chatId: chat.id, author: "Ada", body: `message ${n}` });
  return { id: chat.id, title, version: 1 + messages };
}

/** A chat with more messages than is reasonable to send, written by set-based statements. */
export async function writeLongChat(context: Context, messages: number) {
  const chat = await writeChat(context);
  await context.db.$executeRaw`
    INSERT INTO message (tenant_id, chat_id, seq, author, body)
    SELECT ${context.tenantId}::uuid, ${chat.id}::uuid, seq, 'Ada', 'message ' || seq
    FROM generate_series(1, ${messages}::integer) AS seq`;
  await context.db.$executeRaw`
    UPDATE chat SET message_count = ${messages}, version = ${messages} + 1
    WHERE tenant_id = ${context.tenantId}::uuid AND id = ${chat.id}::uuid`;
  return { ...chat, version: messages + 1 };
}

/** Rows of `count` sockets that are open on a chat under a living lease. */
export async function openSockets(context: Context, chatId: string, count: number): Promise<void> {
  const gateway = await registerGateway({ db: context.db, host: "test" });
  for (let n = 0; n < count; n += 1)
    await openConnection(context, { chatId, gatewayId: gateway.id, connectionId: randomUUID() });
}

/** Of every table that has anything of the calling tenant, what is in it. */
export function contentsOf({ db, context }: World): Promise<unknown[]> {
  const where = { tenantId: context.tenantId };
  return Promise.all([
    db.chat.findMany({ where }),
    db.message.findMany({ where }),
    db.event.findMany({ where }),
    db.deletion.findMany({ where }),
    db.deletionJob.findMany({ where }),
    db.webhookEndpoint.findMany({ where }),
    db.webhookMessage.findMany({ where }),
    db.webhookDelivery.findMany({ where }),
    db.idempotencyKey.findMany({ where }),
    db.tenant.findMany({ where }),
    db.member.findMany({ where }),
    db.invitation.findMany({ where }),
    // When a key was used last is written down behind everybody's back.
    db.apiKey.findMany({ where, omit: { lastUsedAt: true } }),
  ]);
}
