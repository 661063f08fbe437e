import { createTestDatabase, startTestServer } from "@lethe/db/testing";
import { expect, inject, it, onTestFinished } from "vitest";
import { type Context, createChat, createTenant } from "../index.ts";
import { Dispatcher } from "./dispatcher.ts";
import { parseSnapshot } from "./position.ts";
import { readHead } from "./read-events.ts";

it("says that all must be read anew when the server has crashed, because it gives numbers out again", async () => {
  const server = await startTestServer({ copyOf: inject("databaseSeed") });
  onTestFinished(server.stop);
  const { db, drop } = await createTestDatabase(server.url);
  onTestFinished(drop);
  // Nothing goes to the disk before it must.
  await db.$executeRawUnsafe("ALTER SYSTEM SET wal_writer_delay = '10s'");
  await db.$executeRaw`SELECT pg_reload_conf()`;
  const { tenantId } = await createTenant(db, { name: "Acme" });
  const ctx: Context = { tenantId, actor: { kind: "system", id: "test", via: "job" }, db };

  const dispatcher = new Dispatcher({ db, head: await readHead(db), onError: () => {} });
  const heard: string[] = [];
  dispatcher.subscribe(tenantId, {
    onEvent: ({ event }) => heard.push(event.type),
    onGap: () => heard.push("gap"),
  });
  await createChat(ctx, { title: "before" });
  await db.$executeRaw`CHECKPOINT`;
  // As notifications do, which wait for no disk.
  for (let n = 0; n < 20; n += 1) await db.$queryRaw`SELECT pg_current_xact_id()::text`;
  await dispatcher.poll();
  expect(heard).toEqual(["chat.created"]);
  const { end } = parseSnapshot(dispatcher.head.seen);

  const [backend] = await db.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
  process.kill(backend?.pid ?? 0, "SIGKILL");
  const alive = () =>
    db.$queryRaw`SELECT pg_is_in_recovery() AS recovering`.catch((error: Error) => error.message);
  await expect.poll(alive).toEqual([{ recovering: false }]);

  const { id: chatId } = await createChat(ctx, { title: "after" });
  const { xid } = await db.event.findFirstOrThrow({ where: { tenantId, chatId } });
  expect(xid).toBeLessThan(end);
  // The numbers go on, and soon look as if nothing had been.
  while (parseSnapshot((await readHead(db)).seen).end <= end) {
    await db.$queryRaw`SELECT pg_current_xact_id()::text`;
  }
  await dispatcher.poll();
  expect(heard).toEqual(["chat.created", "gap"]);
  await createChat(ctx, { title: "long after" });
  await dispatcher.poll();
  expect(heard).toEqual(["chat.created", "gap", "chat.created"]);
});
