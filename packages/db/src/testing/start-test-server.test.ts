import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, inject, test } from "vitest";
import { ping } from "../with-connection.ts";
import { createTestDatabase } from "./create-test-database.ts";

const program = new URL("./start-test-server.ts", import.meta.url).href;

test("a server whose process is killed is removed all the same", async () => {
  const script = `import { startTestServer } from "${program}"; console.log((await startTestServer()).url);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [chunk] = await once(child.stdout, "data");
  const url = String(chunk).trim();
  await ping({ url });
  child.kill("SIGKILL");
  const answers = () =>
    ping({ url, timeoutMs: 500 }).then(
      () => true,
      () => false,
    );
  await expect.poll(answers).toBe(false);
});

test("test databases are made at once, are apart, and go", async () => {
  const databases = await Promise.all(Array.from({ length: 8 }, () => createTestDatabase()));
  await databases[0]?.db.tenant.create({ data: { name: "Acme" } });
  expect(await Promise.all(databases.map(({ db }) => db.tenant.count()))).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
  await Promise.all(databases.map(({ drop }) => drop()));
  for (const { url } of databases) {
    expect(new URL(url).host).toBe(new URL(inject("databaseServer")).host);
    await expect(ping({ url })).rejects.toMatchObject({ code: "refused" });
  }
});
