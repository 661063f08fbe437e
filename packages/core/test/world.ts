import { randomUUID } from "node:crypto";
import { createClient, type Database } from "@lethe/db";
import { createTestDatabase, type TestDatabase, TIMEOUT_MS } from "@lethe/db/testing";
import { afterAll, beforeAll } from "vitest";
import { beginTurn } from "../src/background/tenant-turns.ts";
import { type Context, createTenant, openConnection, registerGateway } from "../src/index.ts";

export type World = {
  db: Database;
  url: string;
  /** A tenant that nobody else has. */
  tenant(): Promise<Context>;
  /** Another pool on the same database; it is closed with the world. */
  anotherClient(options?: {
    lockTimeoutMs?: number;
    statementTimeoutMs?: number;
    poolSize?: number;
  }): Database;
  /** A gateway that nobody watches, so that it does not lapse. */
  gateway(): Promise<string>;
};

/** What the actor of a tenant is called, which is to be found wherever it has done something. */
const actorName = "ci (lethe_00000000)";

/** A database for the tests of one file. */
export function useWorld(): World {
  let database: TestDatabase | undefined;
  const clients: Database[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.$disconnect()));
    await database?.drop();
  });
  const made = () => {
    if (database === undefined) throw new Error("The world begins with the first test");
    return database;
  };
  return {
    get db(): Database {
      return made().db;
    },
    get url(): string {
      return made().url;
    },
    async tenant() {
      const { db } = made();
      const { tenantId } = await createTenant(db, { name: `tenant ${randomUUID()}` });
      return { tenantId, actor: { kind: "api_key", id: randomUUID(), name: actorName, via: "rest" }, db };
    },
    anotherClient(options = {}) {
      const client = createClient({ url: made().url, connectTimeoutMs: TIMEOUT_MS, ...options });
      clients.push(client);
      return client;
    },
    async gateway() {
      return (await registerGateway({ db: made().db, host: "test" })).id;
    },
  };
}

/** Opens a socket's row and answers its id. */
export async function connect(ctx: Context, chatId: string, gatewayId: string): Promise<string> {
  const connectionId = randomUUID();
  await openConnection(ctx, { chatId, gatewayId, connectionId });
  return connectionId;
}

/** "ok" or the code with which a verb refused. */
export function codeOf(verb: Promise<unknown>): Promise<string> {
  return verb.then(
    () => "ok",
    (error: unknown) =>
      error instanceof Error && "code" in error ? String(error.code) : `unexpected: ${String(error)}`,
  );
}

/** Rows that a tenant has in each table of its chats, for telling whether anything was left behind. */
export async function vaultOf(ctx: Context, chatId: string): Promise<Record<string, number>> {
  const { tenantId } = ctx;
  const [chat, transcript, message, connection, deletion] = await Promise.all([
    ctx.db.chat.count({ where: { tenantId, id: chatId } }),
    ctx.db.transcript.count({ where: { tenantId, chatId } }),
    ctx.db.message.count({ where: { tenantId, chatId } }),
    ctx.db.connection.count({ where: { tenantId, chatId } }),
    ctx.db.deletion.count({ where: { tenantId, chatId } }),
  ]);
  return { chat, transcript, message, connection, deletion };
}

/** What is left of a deleted chat: its line in the ledger. */
export const nothingButTheLedger = { chat: 0, transcript: 0, message: 0, connection: 0, deletion: 1 };

/** A turn of so many milliseconds while nobody waits. */
export const turnOf = (ms = 60_000) =>
  beginTurn({
    signal: new AbortController().signal,
    othersWait: () => false,
    demand: async () => 0,
    long: ms,
  });
