import { createHash } from "node:crypto";
import Fastify from "fastify";
import pg from "pg";

/**
 * What an expert writes by hand: the key is looked up by its hash, one prepared statement deletes, the
 * foreign key's cascade does the rest. Statements are prepared once a connection and reused.
 */
const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: Number(process.env.POOL_SIZE ?? 10),
});
const app = Fastify({ logger: false });

const schema = {
  params: {
    type: "object",
    required: ["chat_id"],
    properties: { chat_id: { type: "string", format: "uuid" } },
  },
  response: {
    200: {
      type: "object",
      properties: {
        success: { type: "boolean" },
        message: { type: "string" },
        deleted_at: { type: "string" },
      },
    },
  },
};

async function tenantOf(key: unknown): Promise<string | undefined> {
  if (typeof key !== "string") return undefined;
  const { rows } = await pool.query<{ tenant_id: string }>({
    name: "find-key",
    text: "SELECT tenant_id FROM api_key WHERE hash = $1",
    values: [createHash("sha256").update(key).digest()],
  });
  return rows[0]?.tenant_id;
}

app.delete<{ Params: { chat_id: string } }>("/api/chats/:chat_id", { schema }, async (request, reply) => {
  const tenantId = await tenantOf(request.headers["x-api-key"]);
  if (tenantId === undefined) return reply.code(401).send({ message: "Invalid API key" });
  const { rowCount } = await pool.query({
    name: "delete-chat",
    text: "DELETE FROM chat WHERE id = $1 AND tenant_id = $2 RETURNING id",
    values: [request.params.chat_id, tenantId],
  });
  if (rowCount === 0) return reply.code(404).send({ message: "Chat not found" });
  return { success: true, message: "Chat deleted successfully", deleted_at: new Date().toISOString() };
});

await app.listen({ host: "127.0.0.1", port: Number(process.env.PORT ?? 0) });
