import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { createClient, type Database } from "../create-client.ts";
import { createTestDatabase, type TestDatabase } from "../testing/index.ts";
import { openRoute } from "../testing/route.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  return database.drop;
});

/** A client whose way to the server can be cut like a cable, and stays cut until it is mended. */
async function behindCable() {
  const route = await openRoute(database.url);
  const db = createClient({ url: route.url, poolSize: 2 });
  onTestFinished(async () => {
    await db.$disconnect();
    route.close();
  });
  return {
    db,
    cut: () => {
      route.lead(null);
      route.cut();
    },
  };
}

const driverError = z.object({ cause: z.object({ originalCode: z.string() }) });
const failed = z.object({ meta: z.object({ driverAdapterError: driverError }) });

/** The SQLSTATE with which something failed, wherever Prisma puts it; else the error itself. */
const stateOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "none",
    (error: unknown) => {
      const found =
        failed.safeParse(error).data?.meta.driverAdapterError ?? driverError.safeParse(error).data;
      return found?.cause.originalCode ?? error;
    },
  );

/** Ends the sessions of a client, as an administrator does or a server that stops. */
const terminate = (tx: Pick<Database, "$queryRaw">) =>
  tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`.then(
    ([row]) => database.db.$queryRaw`SELECT pg_terminate_backend(${row?.pid}::integer, 5000)`,
  );

describe("a failure beneath Prisma has a SQLSTATE, whoever noticed it", () => {
  it("when the connection breaks off under a statement", async () => {
    const { db, cut } = await behindCable();
    await db.$queryRaw`SELECT 1`;
    const asked = stateOf(db.$queryRaw`SELECT 1 FROM pg_sleep(30)`);
    await expect
      .poll(
        () => database.db
          .$queryRaw`SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)' AND datname = current_database()
        AND pid <> pg_backend_pid() AND state = 'active'`,
      )
      .toHaveLength(1);
    cut();
    expect(await asked).toBe("08006");
    expect(await stateOf(db.chat.findMany())).toMatch(/^0800[16]$/);
  });

  it("when it breaks off within a transaction, before a statement or the COMMIT", async () => {
    const lost: unknown[] = [];
    for (const more of [true, false]) {
      const { db, cut } = await behindCable();
      lost.push(
        await stateOf(
          db.$transaction(async (tx) => {
            await tx.tenant.create({ data: { name: "in doubt" } });
            cut();
            if (more) await tx.tenant.count();
          }),
        ),
      );
    }
    expect(lost).toEqual(["08006", "08006"]);
  });

  it("when an administrator ends the session", async () => {
    const { db } = database;
    const states = [
      await stateOf(db.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`),
      await stateOf(db.$transaction((tx) => terminate(tx).then(() => tx.tenant.count()))),
      await stateOf(db.$transaction((tx) => terminate(tx))),
    ];
    for (const state of states) expect(state).toMatch(/^(57P01|08006)$/);
  });

  it("when there is no connection to be had", async () => {
    const nobody = createClient({ url: "postgresql://lethe:x@127.0.0.1:1/none", poolSize: 1 });
    onTestFinished(() => nobody.$disconnect());
    expect(await stateOf(nobody.$queryRaw`SELECT 1`)).toBe("08001");
    expect(await stateOf(nobody.$transaction([nobody.tenant.count()]))).toBe("08001");
    const { db, cut } = await behindCable();
    cut();
    expect(await stateOf(db.$queryRaw`SELECT 1`)).toMatch(/^0800[16]$/);
    const closed = await createTestDatabase();
    onTestFinished(closed.drop);
    const name = new URL(closed.url).pathname.slice(1);
    await database.db.$executeRawUnsafe(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    expect(await stateOf(closed.db.$queryRaw`SELECT 1`)).toBe("08001");
  });

  it("and what PostgreSQL refuses keeps the one that it was given", async () => {
    const { db } = database;
    expect(await stateOf(db.$queryRaw`SELECT 1 / 0`)).toBe("22012");
    expect(await stateOf(db.$queryRaw`SELECT * FROM no_such_table`)).toBe("42P01");
  });
});
