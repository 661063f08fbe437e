export { type ClientOptions, createClient, type Database } from "./create-client.ts";
export { type EmbeddedState, inspectEmbedded } from "./embedded/inspect-embedded.ts";
export { embeddedMaxConnections } from "./embedded/spawn-postmaster.ts";
export {
  type ApiKey,
  type Chat,
  type Connection,
  type Deletion,
  type Event,
  type Gateway,
  type Message,
  Prisma,
  type Session,
  type Tenant,
  type Transcript,
} from "./generated/client.ts";
export { type RunningJobs, runJobs, type Task } from "./jobs/run-jobs.ts";
export type { KeptConnection } from "./keep-connected.ts";
export { type ListenOptions, listen } from "./listen.ts";
export { inspectMigrations, type MigrationReport } from "./migrate/inspect-migrations.ts";
export { migrate } from "./migrate/migrate.ts";
export { type OpenedDatabase, openDatabase } from "./open-database.ts";
export { ping } from "./ping.ts";
export { type ConnectRedis, connectRedis, type RedisClient } from "./redis/connect-redis.ts";
export { pingRedis } from "./redis/ping-redis.ts";
export { DatabaseSetupError, type DatabaseSetupErrorCode } from "./setup-error.ts";
