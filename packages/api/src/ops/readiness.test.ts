import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, mkdtempSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  becomeStandby,
  createTestDatabase,
  promote,
  startTestServer,
  type TestServer,
} from "@lethe/db/testing";
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  inject,
  it,
  onTestFinished,
} from "vitest";
import { z } from "zod";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";
import { createWorld, type World } from "../testing/world.ts";

const answerSchema = z.object({ status: z.string(), missing: z.array(z.string()).optional() });

async function readyz({ baseUrl }: TestApi) {
  const answer = await fetch(`${baseUrl}/readyz`);
  const told = answerSchema.parse(await answer.json());
  expect(answer.status).toBe(told.status === "ok" ? 200 : 503);
  return told;
}

const ready = { status: "ok" };
const lacks = (...missing: string[]) => ({ status: "not_ready", missing });

const answeredSchema = z.object({ detail: z.string().optional() });

async function createChat(
  api: TestApi,
  { keys }: World,
): Promise<{ status: number; detail?: string | undefined }> {
  const answer = await fetch(`${api.baseUrl}/api/v1/chats`, {
    method: "POST",
    headers: { "X-API-Key": keys.all, "Content-Type": "application/json" },
    body: JSON.stringify({ title: "x".repeat(200) }),
  });
  return { status: answer.status, ...answeredSchema.parse(await answer.json()) };
}

describe("/readyz", () => {
  let api: TestApi;
  let areJobsTaken = true;
  beforeEach(async () => {
    api = await startTestApi(undefined, { areJobsTaken: () => areJobsTaken });
  });
  afterEach(() => api.stop());

  it("says that the database is away", async () => {
    await expect.poll(() => readyz(api)).toMatchObject(ready);
    const name = new URL(api.databaseUrl).pathname.slice(1);
    const other = await createTestDatabase();
    onTestFinished(() => other.drop());
    await other.db.$executeRawUnsafe(`DROP DATABASE ${name} WITH (FORCE)`);
    expect((await readyz(api)).missing).toContain("database");
    expect((await fetch(`${api.baseUrl}/livez`)).status).toBe(200);
    expect(api.logs.join("")).toContain("the database does not answer");
  });

  it("says that no jobs can be taken from the queue", async () => {
    areJobsTaken = false;
    await expect.poll(() => readyz(api)).toMatchObject(lacks("jobs"));
    areJobsTaken = true;
    await expect.poll(() => readyz(api)).toMatchObject(ready);
  });

  it("says that the lease is lost, and is well again when there is a new one", async () => {
    await expect.poll(() => api.db.gateway.count()).toBe(1);
    await api.db.$executeRawUnsafe(
      "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$",
    );
    await api.db.$executeRawUnsafe(
      "CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON gateway FOR EACH ROW EXECUTE FUNCTION refuse()",
    );
    await expect.poll(() => readyz(api)).toMatchObject(lacks("lease"));
    await api.db.$executeRawUnsafe("DROP TRIGGER refuse ON gateway");
    await expect.poll(() => readyz(api)).toMatchObject(ready);
  });
});

/** A file system of its own that can be filled up; undefined where this process may not mount one. */
function mountSmall(): { folder: string; fill: () => void; empty: () => void } | undefined {
  const folder = mkdtempSync(join(tmpdir(), "lethe-small-"));
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=48m", "tmpfs", folder]).status !== 0) {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  process.once("exit", () => spawnSync("umount", ["--lazy", folder]));
  const ballast = join(folder, "ballast");
  return {
    folder,
    fill: () => {
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(ballast, Buffer.alloc(bavail * bsize));
    },
    empty: () => rmSync(ballast),
  };
}

describe("on a server of its own", () => {
  const small = mountSmall();
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ copyOf: inject("databaseSeed") });
  });
  afterAll(async () => {
    await server.stop();
    if (!small) return;
    spawnSync("umount", [small.folder]);
    rmSync(small.folder, { recursive: true });
  });

  it("/readyz says that the database is a standby, and all goes on by itself when it is the primary again", async () => {
    const api = await startTestApi(server.url);
    onTestFinished(() => api.stop());
    const world = await createWorld(api.db);
    expect(await createChat(api, world)).toMatchObject({ status: 201 });

    await becomeStandby(server.url);
    await expect
      .poll(() => createChat(api, world))
      .toEqual({
        status: 503,
        detail: "The database can only be read at the moment. Nothing was done: try again shortly.",
      });
    expect((await readyz(api)).missing).toContain("database_writes");

    await promote(server.url);
    await expect.poll(() => readyz(api)).toMatchObject(ready);
    expect(await createChat(api, world)).toMatchObject({ status: 201 });
  });

  it.runIf(small)("/readyz says that the disk is full, and when it no longer is", async () => {
    if (!small) return;
    // Where the disk is full no checkpoint succeeds, and other tests' databases need one to go.
    const admin = await createTestDatabase(server.url);
    onTestFinished(() => admin.drop());
    const tablespace = `small_${randomBytes(4).toString("hex")}`;
    const [{ data_directory: folder }] = z
      .tuple([z.object({ data_directory: z.string() })])
      .parse(await admin.db.$queryRaw`SHOW data_directory`);
    const { uid, gid } = statSync(folder);
    chownSync(small.folder, uid, gid);
    await admin.db.$executeRawUnsafe(`CREATE TABLESPACE ${tablespace} LOCATION '${small.folder}'`);
    const api = await startTestApi(server.url, { tablespace });
    onTestFinished(() => api.stop());
    const world = await createWorld(api.db);
    const statusOfCreate = () => createChat(api, world).then(({ status }) => status);
    expect(await statusOfCreate()).toBe(201);

    small.fill();
    await expect.poll(statusOfCreate, { interval: 1 }).toBe(503);
    // A lease can still be renewed: its row has room.
    for (let n = 0; n < 2; n += 1)
      await expect.poll(() => readyz(api)).toMatchObject(lacks("database_writes"));
    expect(await (await fetch(`${api.baseUrl}/metrics`)).text()).toContain(
      'lethe_missing_needs{need="database_writes"} 1',
    );

    small.empty();
    await expect.poll(() => readyz(api)).toMatchObject(ready);
    expect(await statusOfCreate()).toBe(201);
  });
});
