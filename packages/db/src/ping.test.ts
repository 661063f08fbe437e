import { once } from "node:events";
import { createServer } from "node:net";
import { expect, inject, onTestFinished, test } from "vitest";
import { ping } from "./with-connection.ts";

const at = (change: (url: URL) => void) => {
  const url = new URL(inject("databaseServer"));
  change(url);
  return url.href;
};

test("a server tells its version", async () => {
  const { serverVersion, latencyMs } = await ping({ url: inject("databaseServer") });
  expect(serverVersion).toMatch(/^18\./);
  expect(latencyMs).toBeGreaterThan(0);
});

test.for<[string, () => string, string, RegExp]>([
  [
    "port",
    () => at((url) => (url.port = "1")),
    "unreachable",
    /No PostgreSQL answers at 127\.0\.0\.1:1\. Start it/,
  ],
  ["host", () => at((url) => (url.hostname = "db.invalid")), "unreachable", /db\.invalid:\d+ is unknown/],
  ["password", () => at((url) => (url.password = "wr0ng")), "refused", /refuses the user lethe/],
  ["database", () => at((url) => (url.pathname = "/gone")), "refused", /no database gone.*createdb gone/],
  ["address", () => "not an address", "unreachable", /Check DATABASE_URL|Put the right host/],
])("a wrong %s is told of, the password never", async ([, url, code, message]) => {
  const failure = await ping({ url: url() }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code, message: expect.stringMatching(message) });
  expect(String(failure)).not.toContain("wr0ng");
  expect(String(failure)).not.toContain(new URL(inject("databaseServer")).password);
});

test("a server that says nothing is not waited for", async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => {
    silent.close();
  });
  await once(silent, "listening");
  const address = silent.address();
  const port = typeof address === "object" ? address?.port : undefined;
  await expect(ping({ url: `postgresql://u@127.0.0.1:${port}/d`, timeoutMs: 200 })).rejects.toMatchObject({
    code: "unreachable",
  });
});
