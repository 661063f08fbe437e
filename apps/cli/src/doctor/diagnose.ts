import { createClient, type DatabaseAddress, inspectEmbedded, openDatabase } from "@lethe/db";
import type { Environment } from "@lethe/environment";
import { note } from "../output.ts";
import { type Check, failedWith } from "./check.ts";
import {
  checkConnections,
  checkDatabase,
  checkEmbedded,
  checkHorizon,
  checkMigrations,
  checkPooler,
  checkTimes,
} from "./check-database.ts";
import { checkEnvironment, checkNode, checkRedis, checkServer } from "./check-surroundings.ts";
import { checkDemoKey, checkErasure, checkGateways, checkWebhooks } from "./check-work.ts";

/**
 * Looks at everything that Lethe needs and yields what it finds as it goes. It creates nothing and
 * migrates nothing; an embedded database that is stopped is started for the time of the look.
 */
export async function* diagnose(): AsyncGenerator<Check> {
  yield checkNode();
  const { environment, checks } = checkEnvironment();
  yield* checks;
  if (!environment) return;
  yield* checkStorage(environment);
  if (environment.redisUrl !== undefined) yield await checkRedis(environment.redisUrl);
  yield await checkServer(environment);
}

async function* checkStorage(environment: Environment): AsyncGenerator<Check> {
  const { databaseUrl, databaseDirectUrl, dataDir } = environment;
  if (databaseUrl === undefined) {
    const embedded = await inspectEmbedded(dataDir);
    yield checkEmbedded(embedded);
    if (embedded.state === "absent") return;
  }
  try {
    const opened = await openDatabase({ databaseUrl, databaseDirectUrl, dataDir, log: note });
    try {
      yield* checkContents(opened, environment);
    } finally {
      await opened.close();
    }
  } catch (error) {
    yield failedWith("database", error);
  }
}

async function* checkContents(address: DatabaseAddress, environment: Environment): AsyncGenerator<Check> {
  const database = await checkDatabase(address.directUrl);
  yield database;
  if (database.status === "failed") return;
  yield* checkPooler(address);
  const db = createClient({ ...address, poolSize: 1, applicationName: "lethe doctor" });
  try {
    yield await checkTimes(db);
    yield await checkConnections(db);
    const migrations = await checkMigrations(address.directUrl);
    yield migrations;
    if (migrations.status !== "ok") return;
    yield* await checkGateways(db);
    yield await checkErasure(db);
    yield await checkWebhooks(db);
    yield await checkHorizon(db);
    yield await checkDemoKey(db, environment);
  } finally {
    await db.$disconnect();
  }
}
