export { openEmbedded } from "../embedded/open-embedded.ts";
export { createEmptyDatabase, createFormerDatabase } from "./create-empty-database.ts";
export { createTestDatabase, type TestDatabase } from "./create-test-database.ts";
export { clockOffBy } from "./faketime.ts";
export { openPgBouncer, type Pooled, type TestPooler } from "./pgbouncer.ts";
export { findPostgres15, openPostgres15 } from "./postgres-15.ts";
export { openRedis, type TestRedis } from "./redis.ts";
export { startTestServer, type TestServer } from "./start-test-server.ts";
export { callUndertaker } from "./undertaker.ts";
