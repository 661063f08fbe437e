import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openPage, type Page, root } from "./support/open-page.ts";

const run = promisify(execFile);
const hasCurl = spawnSync("curl", ["--version"]).status === 0;

let page: Page;
beforeAll(async () => {
  page = await openPage("receipts.md");
});
afterAll(() => page.close());

it.runIf(hasCurl)(
  "does what the page of receipts says: delete, check, rotate the key, check again",
  async () => {
    const [check, rotate] = page.examples("sh");
    const checked = await page.shell(check ?? "");
    expect(checked.stdout).toContain("VALID  The holder of the key");
    expect(checked.stdout).toContain("a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d");

    const rotated = await page.shell(rotate ?? "");
    expect(rotated.stdout).toMatch(/^Signs now +[\w-]{43}\nRetired +[\w-]{43}\n$/);
    const again = await page.shell(
      "curl -s http://localhost:8000/.well-known/jwks.json > new.json; pnpm lethe receipt verify answer.json --jwks new.json",
    );
    expect(again.stdout).toBe(checked.stdout);
  },
);

it.runIf(hasCurl)(
  "checks a receipt with the page's own program, which says what the page shows",
  async () => {
    const [program = ""] = page.examples("js");
    // From where jose is found.
    const cwd = join(root, "packages/receipts");
    const files = ["answer.json", "jwks.json"].map((name) => join(page.folder, name));
    const child = run(process.execPath, ["--input-type=module", "-", ...files], { cwd });
    child.child.stdin?.end(
      program.replace("console.log(", "console.log(JSON.stringify(").replace(/;\s*$/, ");"),
    );
    const said = JSON.parse((await child).stdout);
    const [shown = ""] = page.examples("json");
    expect(Object.keys(said)).toEqual(Object.keys(JSON.parse(shown)));
    expect(said).toMatchObject({ message_count: 9, actor_kind: "api_key", final: true });

    const forged = run(process.execPath, ["--input-type=module", "-", ...files], { cwd });
    forged.child.stdin?.end(
      program.replace("answer.receipt", 'answer.receipt.replace(/.{9}$/, "AAAAAAAAA")'),
    );
    await expect(forged).rejects.toThrow("signature verification failed");
  },
);

it("signs with the new key soon after a rotation, without a restart", async () => {
  const headers = { "X-API-Key": "your-tenant-api-key", "Content-Type": "application/json" };
  const signer = async () => {
    const body = JSON.stringify({ title: "short-lived" });
    const chat = await (await fetch(`${page.url}/api/v1/chats`, { method: "POST", headers, body })).json();
    const answer = await fetch(`${page.url}/api/v1/chats/${chat.id}`, { method: "DELETE", headers });
    const [header] = (await answer.json()).receipt.split(".");
    return JSON.parse(Buffer.from(header, "base64url").toString()).kid;
  };
  // The first may come while the server still believes a key that was rotated before.
  for (let retired: string | null = null, turn = 0; turn < 2; turn += 1) {
    const rotated = JSON.parse((await page.shell("pnpm lethe receipt rotate-key --json")).stdout);
    if (retired !== null) expect(rotated.retired).toBe(retired);
    await expect.poll(signer, { interval: 100 }).toBe(rotated.kid);
    retired = rotated.kid;
  }
});
