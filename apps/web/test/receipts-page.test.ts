import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createTestDatabase } from "@lethe/db/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startServer, type TestProcess } from "./support/start-server.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../../", import.meta.url));
const hasCurl = spawnSync("curl", ["--version"]).status === 0;
const page = await readFile(join(root, "docs/receipts.md"), "utf8");

let folder: string;
let databaseUrl: string;
let server: TestProcess;
let drop: () => Promise<void>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lethe-page-"));
  ({ url: databaseUrl, drop } = await createTestDatabase());
  server = await startServer({ DATABASE_URL: databaseUrl, LETHE_DEMO: "on" });
}, 60_000);
afterAll(async () => {
  await server.end("SIGTERM");
  await drop();
  await rm(folder, { recursive: true });
});

/** The code blocks of the page in a language. */
const examples = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(([, code]) => code ?? "");

/** Runs an example as a reader of the page does. */
const shell = (code: string) =>
  run(
    "sh",
    [
      "-ec",
      code
        .replaceAll("http://localhost:8000", server.url)
        .replaceAll("pnpm lethe", `${process.execPath} ${root}/apps/cli/src/main.ts`),
    ],
    { cwd: folder, env: { ...process.env, DATABASE_URL: databaseUrl } },
  );

it.runIf(hasCurl)(
  "does what the page of receipts says: delete, check, rotate the key, check again",
  async () => {
    const [check, rotate] = examples("sh");
    const checked = await shell(check ?? "");
    expect(checked.stdout).toContain("VALID  The holder of the key");
    expect(checked.stdout).toContain("a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d");

    const rotated = await shell(rotate ?? "");
    expect(rotated.stdout).toMatch(/^Signs now +[\w-]{43}\nRetired +[\w-]{43}\n$/);
    const again = await shell(
      "curl -s http://localhost:8000/.well-known/jwks.json > new.json; pnpm lethe receipt verify answer.json --jwks new.json",
    );
    expect(again.stdout).toBe(checked.stdout);
  },
);

it.runIf(hasCurl)(
  "checks a receipt with the page's own program, which says what the page shows",
  async () => {
    const [program = ""] = examples("js");
    // From where jose is found.
    const cwd = join(root, "packages/receipts");
    const files = ["answer.json", "jwks.json"].map((name) => join(folder, name));
    const child = run(process.execPath, ["--input-type=module", "-", ...files], { cwd });
    child.child.stdin?.end(
      program.replace("console.log(", "console.log(JSON.stringify(").replace(/;\s*$/, ");"),
    );
    const said = JSON.parse((await child).stdout);
    const [shown = ""] = examples("json");
    expect(Object.keys(said)).toEqual(Object.keys(JSON.parse(shown)));
    expect(said).toMatchObject({ message_count: 9, actor_kind: "api_key", final: true });

    const forged = run(process.execPath, ["--input-type=module", "-", ...files], { cwd });
    forged.child.stdin?.end(
      program.replace("answer.receipt", 'answer.receipt.replace(/.{9}$/, "AAAAAAAAA")'),
    );
    await expect(forged).rejects.toThrow("signature verification failed");
  },
);

it("signs with the new key within three seconds of a rotation, without a restart", async () => {
  const headers = { "X-API-Key": "your-tenant-api-key", "Content-Type": "application/json" };
  const signer = async () => {
    const body = JSON.stringify({ title: "short-lived" });
    const chat = await (await fetch(`${server.url}/api/v1/chats`, { method: "POST", headers, body })).json();
    const answer = await fetch(`${server.url}/api/v1/chats/${chat.id}`, { method: "DELETE", headers });
    const [header] = (await answer.json()).receipt.split(".");
    return JSON.parse(Buffer.from(header, "base64url").toString()).kid;
  };
  const before = await signer();
  const { kid, retired } = JSON.parse((await shell("pnpm lethe receipt rotate-key --json")).stdout);
  expect(retired).toBe(before);
  await expect.poll(signer, { timeout: 3_500, interval: 100 }).toBe(kid);
});
