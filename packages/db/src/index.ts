export { DatabaseSetupError, type DatabaseSetupErrorCode, retryConnecting } from "./connection-error.ts";
export { type ClientOptions, createClient, type Database } from "./create-client.ts";
export { type EmbeddedState, inspectEmbedded } from "./embedded/open-embedded.ts";
export { embeddedMaxConnections } from "./embedded/spawn-postmaster.ts";
export {
  type ApiKey,
  type Chat,
  type Connection,
  type Deletion,
  type DeletionJob,
  type Event,
  type Gateway,
  type Message,
  Prisma,
  type Session,
  type Tenant,
  type Transcript,
} from "./generated/client.ts";
export type { KeptConnection } from "./keep-connected.ts";
export { inspectMigrations, type MigrationReport, migrate } from "./migrate/migrate.ts";
export { type OpenedDatabase, openDatabase } from "./open-database.ts";
export { MOST_PARTITIONS, partitionTables } from "./partition/partition-tables.ts";
export { type PoolUse, queryRows, readPoolUse } from "./query-rows.ts";
export { type ConnectRedis, connectRedis, pingRedis, type RedisClient } from "./redis.ts";
export type { DatabaseAddress } from "./session/pooling.ts";
export type { Meanwhile, Row } from "./session/rows-query.ts";
export type { Pooling } from "./session/session.ts";
export { createSessionClient, type Listener, type SessionClient } from "./session-client.ts";
export { ping } from "./with-connection.ts";
