import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from "vitest";
import { z } from "zod";
import { createClient } from "../create-client.ts";
import { startTestServer, type TestServer } from "../testing/index.ts";
import { installPackage } from "../testing/local-server.ts";
import { withPatience } from "../testing/start-test-server.ts";
import { findAddress } from "./pooling.ts";

/** Holds a certificate for the name `localhost`, which is its own authority, and another's. */
const folder = mkdtempSync(join(tmpdir(), "lethe-tls-"));
const path = (name: string) => join(folder, name);
let server: TestServer;

beforeAll(async () => {
  const missing = await installPackage("openssl", "/usr/bin/openssl");
  if (missing !== null) throw new Error(missing);
  server = await startTestServer({ copyOf: inject("databaseSeed") });
  const { rows } = await withPatience(server.url, (client) => client.query("SHOW data_directory"));
  const [{ data_directory: cluster }] = z.tuple([z.object({ data_directory: z.string() })]).parse(rows);
  const { uid, gid } = statSync(cluster);
  chmodSync(folder, 0o755);
  for (const name of ["server", "other"]) {
    const files = ["-keyout", path(`${name}.key`), "-out", path(`${name}.crt`)];
    const whose = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "3650"];
    const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    execFileSync("openssl", ["req", "-x509", ...kind, ...files, ...whose], { stdio: "ignore" });
    for (const end of ["key", "crt"]) chownSync(path(`${name}.${end}`), uid, gid);
    chmodSync(path(`${name}.key`), 0o600);
  }
  await withPatience(server.url, async (client) => {
    await client.query(`ALTER SYSTEM SET ssl_cert_file = '${path("server.crt")}'`);
    await client.query(`ALTER SYSTEM SET ssl_key_file = '${path("server.key")}'`);
    await client.query("ALTER SYSTEM SET ssl = on");
    await client.query("SELECT pg_reload_conf()");
  });
  // Sessions that are opened from now on may still be served by what has not read it yet.
  await vi.waitFor(async () => expect(await encrypted(server.url, { sslmode: "require" })).toBe(true), {
    timeout: 60_000,
  });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const sslRow = z.tuple([z.object({ ssl: z.boolean() })]);
type Said = { host?: string; sslmode?: string; sslrootcert?: string };

const addressOf = (base: string, { host, ...said }: Said) => {
  const url = new URL(base);
  url.search = "";
  if (host) url.hostname = host;
  for (const [name, value] of Object.entries(said)) url.searchParams.set(name, value);
  return url.href;
};

/** Whether a session is encrypted, or why there is none. */
const encrypted = (base: string, said: Said): Promise<boolean | string> =>
  withPatience(addressOf(base, said), async (client) => {
    const { rows } = await client.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
    return sslRow.parse(rows)[0].ssl;
  }).catch((error: unknown) => String(error));

const none = expect.stringContaining("does not support SSL");
const unverified = expect.stringMatching(/self-signed certificate|unable to verify/);

test.each<[Said, { tls: unknown; plain: unknown }]>([
  [{}, { tls: false, plain: false }],
  [{ sslmode: "disable" }, { tls: false, plain: false }],
  [{ sslmode: "prefer" }, { tls: true, plain: false }],
  [{ sslmode: "require" }, { tls: true, plain: none }],
  [{ sslmode: "no-verify" }, { tls: true, plain: none }],
  [
    { sslmode: "require", sslrootcert: path("server.crt") },
    { tls: true, plain: none },
  ],
  [
    { sslmode: "require", sslrootcert: path("other.crt") },
    { tls: unverified, plain: none },
  ],
  [
    { sslmode: "verify-ca", sslrootcert: path("server.crt") },
    { tls: true, plain: none },
  ],
  [
    { sslmode: "verify-ca", sslrootcert: path("other.crt") },
    { tls: unverified, plain: none },
  ],
  [{ sslmode: "verify-full" }, { tls: unverified, plain: none }],
  [
    { sslmode: "verify-full", sslrootcert: path("server.crt") },
    { tls: expect.stringContaining("does not match certificate"), plain: none },
  ],
  [
    { host: "localhost", sslmode: "verify-full", sslrootcert: path("server.crt") },
    { tls: true, plain: none },
  ],
])("%o means what libpq means by it", async (said, means) => {
  const [tls, plain] = [server.url, inject("databaseServer")].map((base) => encrypted(base, said));
  expect({ tls: await tls, plain: await plain }).toEqual(means);
});

test("without it PGSSLMODE counts", async () => {
  vi.stubEnv("PGSSLMODE", "prefer");
  expect(await encrypted(server.url, {})).toBe(true);
  expect(await encrypted(inject("databaseServer"), {})).toBe(false);
  expect(await encrypted(server.url, { sslmode: "disable" })).toBe(false);
});

test("a pool prefers TLS, too, and a start says in one line which modes there are", async () => {
  const url = addressOf(inject("databaseServer"), { sslmode: "prefer" });
  const db = createClient({ url, poolSize: 1 });
  expect(await db.$queryRaw`SELECT 1 AS one`.finally(() => db.$disconnect())).toEqual([{ one: 1 }]);
  expect(await findAddress(url)).toMatchObject({ pooling: "none" });
  await expect(findAddress(addressOf(server.url, { sslmode: "allow" }))).rejects.toMatchObject({
    name: "DatabaseSetupError",
    message: expect.stringMatching(/sslmode=allow.*Use one of disable, prefer, require, verify-ca, [^\n]*$/),
  });
  await expect(findAddress(addressOf(server.url, { sslmode: "verify-ca" }))).rejects.toMatchObject({
    name: "DatabaseSetupError",
    message: expect.stringMatching(/verify-ca needs sslrootcert=<file>[^\n]*$/),
  });
});
