import { createHash, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import Fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import pg from "pg";
import { deleteSchema, getSchema, listSchema, sendSchema } from "./schemas.ts";

/**
 * What an expert writes by hand who has promised what Lethe promises: a chat is locked, live connections are looked for
 * under a fresh snapshot, holds and tenant are checked, a cascade deletes, ledger and outbox are written in the same
 * transaction, the answer has a signed receipt, listeners are notified, and a key is believed for two seconds. One call
 * of a function in the database, prepared once a connection, does a whole deletion.
 */
const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: Number(process.env.POOL_SIZE ?? 10),
  statement_timeout: 5_000,
});

type Principal = { id: string; tenant_id: string; scopes: string[] };
type Chat = Record<string, string | number | Date | null> & { id: string; updated_at: Date; version: number };

const believedMs = 2_000;
const known = new Map<string, { until: number; principal: Promise<Principal | undefined> }>();

/** Whose key it is. Requests at a time share a query. */
function principalOf(key: string): Promise<Principal | undefined> {
  const hash = createHash("sha256").update(key).digest();
  const name = hash.toString("base64");
  const remembered = known.get(name);
  if (remembered && remembered.until > performance.now()) return remembered.principal;
  if (known.size > 10_000) known.clear();
  const principal = pool
    .query<Principal>({
      name: "find-key",
      text: `SELECT id, tenant_id, scopes FROM api_key
        WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
      values: [hash],
    })
    .then(({ rows }) => rows[0]);
  principal.catch(() => known.delete(name));
  known.set(name, { until: performance.now() + believedMs, principal });
  return principal;
}

/** The tenant and key of a request that may do this; else it is answered. */
async function authorize(request: FastifyRequest, reply: FastifyReply, scope: string) {
  const key = request.headers["x-api-key"];
  const principal = typeof key === "string" ? await principalOf(key) : undefined;
  if (principal === undefined) reply.code(401).send({ code: "invalid_credentials" });
  else if (!principal.scopes.includes(scope)) reply.code(403).send({ code: "insufficient_scope" });
  else return principal;
}

/** At most one notification in 20 ms, for all that was committed before it. */
let notifying = false;
let again = false;
async function notify(): Promise<void> {
  again = true;
  if (notifying) return;
  notifying = true;
  while (again) {
    again = false;
    await pool.query("SELECT pg_notify('chat_event', '')").catch(() => {});
    await sleep(20);
  }
  notifying = false;
}

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const kid = createHash("sha256")
  .update(publicKey.export({ type: "spki", format: "der" }))
  .digest("base64url");
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const header = encode({ alg: "EdDSA", typ: "lethe-receipt+jwt", kid });

/** A compact JWS (RFC 7515). */
function signed(payload: object): string {
  const input = `${header}.${encode(payload)}`;
  return `${input}.${sign(null, Buffer.from(input), privateKey).toString("base64url")}`;
}

const columns = `
  chat.id, chat.title, chat.created_at, chat.updated_at, chat.message_count, chat.version,
  chat.created_by_kind, chat.created_by_id, chat.created_by_name,
  chat.trashed_at, chat.trashed_by_kind, chat.trashed_by_id, chat.trashed_by_name, chat.purge_at,
  chat.held_at, chat.held_by_kind, chat.held_by_id, chat.held_by_name, chat.hold_reason,
  chat.exported_at, chat.export_version, chat.export_checksum,
  (
    SELECT count(*)::integer FROM connection JOIN gateway ON gateway.id = connection.gateway_id
    WHERE connection.chat_id = chat.id AND NOT gateway.lapsed
  ) AS active_connections`;

const present = (row: Chat) => ({
  ...row,
  created_by: row.created_by_kind && {
    kind: row.created_by_kind,
    id: row.created_by_id,
    name: row.created_by_name,
  },
  trashed_by: row.trashed_at && {
    kind: row.trashed_by_kind,
    id: row.trashed_by_id,
    name: row.trashed_by_name,
  },
  hold: row.held_at && {
    reason: row.hold_reason,
    held_at: row.held_at,
    held_by: { kind: row.held_by_kind, id: row.held_by_id, name: row.held_by_name },
  },
  last_export: row.exported_at && {
    exported_at: row.exported_at,
    version: row.export_version,
    checksum: row.export_checksum,
  },
});

const app = Fastify({ logger: false });
type One = { Params: { chat_id: string } };

app.get<One>("/api/v1/chats/:chat_id", { schema: getSchema }, async (request, reply) => {
  const principal = await authorize(request, reply, "chats:read");
  if (principal === undefined) return reply;
  const { rows } = await pool.query<Chat>({
    name: "get-chat",
    text: `SELECT ${columns} FROM chat WHERE chat.id = $1 AND chat.tenant_id = $2`,
    values: [request.params.chat_id, principal.tenant_id],
  });
  const [chat] = rows;
  if (chat === undefined) return reply.code(404).send({ code: "chat_not_found" });
  return reply.header("etag", `"${chat.version}"`).send(present(chat));
});

type Listing = { Querystring: { limit: number; cursor?: string } };

app.get<Listing>("/api/v1/chats", { schema: listSchema }, async (request, reply) => {
  const principal = await authorize(request, reply, "chats:read");
  if (principal === undefined) return reply;
  const { limit, cursor } = request.query;
  const [, time, id] = cursor === undefined ? [] : JSON.parse(Buffer.from(cursor, "base64url").toString());
  const behind = "AND (chat.updated_at, chat.id) < ($3, $4)";
  const { rows } = await pool.query<Chat>({
    name: cursor === undefined ? "list-chats" : "list-chats-on",
    text: `SELECT ${columns}, said.seq, said.author, said.excerpt, said.said_at FROM chat
      LEFT JOIN LATERAL (
        SELECT message.seq, message.author, left(message.body, 160) AS excerpt, message.created_at AS said_at FROM message
        WHERE message.chat_id = chat.id AND message.seq = chat.message_count
      ) AS said ON true
      WHERE chat.tenant_id = $1 AND chat.trashed_at IS NULL ${cursor === undefined ? "" : behind}
      ORDER BY chat.updated_at DESC, chat.id DESC LIMIT $2`,
    values: [principal.tenant_id, limit + 1, ...(cursor === undefined ? [] : [new Date(time), id])],
  });
  const data = rows.slice(0, limit).map((row) => ({
    ...present(row),
    last_message: row.seq && {
      seq: row.seq,
      author: row.author,
      excerpt: row.excerpt,
      created_at: row.said_at,
    },
  }));
  const last = rows.length > limit ? data.at(-1) : undefined;
  return { data, next_cursor: last ? encode(["active", last.updated_at.getTime(), last.id]) : null };
});

type Sending = One & { Body: { author: string; body: string } };

app.post<Sending>("/api/v1/chats/:chat_id/messages", { schema: sendSchema }, async (request, reply) => {
  const principal = await authorize(request, reply, "chats:write");
  if (principal === undefined) return reply;
  const { rows } = await pool.query({
    name: "send-message",
    text: `
      WITH door AS (
        UPDATE chat SET message_count = message_count + 1, version = version + 1,
          updated_at = greatest(updated_at, clock_timestamp())
        WHERE id = $1 AND tenant_id = $2 AND trashed_at IS NULL
        RETURNING id, tenant_id, message_count, updated_at
      ),
      written AS (
        INSERT INTO message (chat_id, seq, author, body, created_at)
        SELECT id, message_count, $3, $4, updated_at FROM door
        RETURNING *
      ),
      told AS (
        INSERT INTO event (tenant_id, type, chat_id, seq, at)
        SELECT $2, 'message.created', chat_id, seq, created_at FROM written
      )
      SELECT id, chat_id, seq, author, body, created_at FROM written`,
    values: [request.params.chat_id, principal.tenant_id, request.body.author, request.body.body],
  });
  const [message] = rows;
  if (message === undefined) return reply.code(404).send({ code: "chat_not_found" });
  void notify();
  return reply.code(201).send(message);
});

type Deleting = One & { Querystring: { force: boolean } };
type Deletion = {
  outcome: "deleted" | "not_found" | "on_hold" | "active_connections";
  deleted_at: Date;
  message_count: number;
  active_connections: number | null;
  export_checksum: string | null;
};

app.delete<Deleting>("/api/v1/chats/:chat_id", { schema: deleteSchema }, async (request, reply) => {
  const principal = await authorize(request, reply, "chats:delete");
  if (principal === undefined) return reply;
  const { tenant_id, id: actor } = principal;
  const { force } = request.query;
  const { chat_id } = request.params;
  const deletion_id = randomUUID();
  const { rows } = await pool.query<Deletion>({
    name: "delete-chat",
    text: "SELECT * FROM delete_chat($1, $2, $3, $4, $5)",
    values: [tenant_id, chat_id, force, deletion_id, actor],
  });
  const [deletion] = rows;
  if (deletion === undefined || deletion.outcome === "not_found")
    return reply.code(404).send({ code: "chat_not_found" });
  if (deletion.outcome !== "deleted") {
    const { outcome: code, active_connections } = deletion;
    return reply.code(409).send({ code, active_connections });
  }
  void notify();
  const { message_count, export_checksum } = deletion;
  const deleted_at = deletion.deleted_at.toISOString();
  const receipt = signed({
    ...{ iss: "urn:lethe", version: 1, tenant_id, deletion_id, chat_id, deleted_at, erased_at: deleted_at },
    ...{ message_count, actor_kind: "api_key", via: "rest", forced: force, export_checksum, final: true },
  });
  return {
    ...{ success: true, message: "Chat deleted successfully", deleted_at, deletion_id, message_count },
    ...{ erased_at: deleted_at, export_checksum, receipt },
  };
});

await app.listen({ host: "127.0.0.1", port: Number(process.env.PORT ?? 0) });
