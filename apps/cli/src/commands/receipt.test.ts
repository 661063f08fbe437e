import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createChat,
  createReceiptSigner,
  createTenant,
  deleteChat,
  getDeletion,
  listPublicKeys,
} from "@lethe/core";
import { createTestDatabase, type TestDatabase } from "@lethe/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lethe } from "../../test/lethe.ts";

let database: TestDatabase;
let settings: Record<string, string>;
let folder: string;
let jwks: string;

beforeAll(async () => {
  database = await createTestDatabase();
  settings = { DATABASE_URL: database.url };
  folder = await mkdtemp(join(tmpdir(), "lethe-receipts-"));
  await receipt();
  jwks = await write("jwks.json", await keys());
});

afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

const keys = async () => ({ keys: (await listPublicKeys(database.db)).map(({ jwk }) => jwk) });

async function write(name: string, content: unknown) {
  const path = join(folder, name);
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content, null, 2));
  return path;
}

/** A chat that was deleted, and the receipt of it. */
async function receipt() {
  const { db } = database;
  const { tenantId } = await createTenant(db, { name: "Acme" });
  const ctx = { db, tenantId, actor: { kind: "api_key", id: "k", via: "rest" } } as const;
  const { id: chatId } = await createChat(ctx, { title: "gone" });
  const { id: deletionId } = await deleteChat(ctx, { chatId, force: false });
  const deletion = await getDeletion(ctx, { deletionId });
  const issued = await createReceiptSigner({ db, log: { warn: () => {} } }).issue(tenantId, deletion);
  return { tenantId, chatId, deletionId, jws: issued.receipt ?? "" };
}

/** Nothing that a database could be reached by. */
const nowhere = { DATABASE_URL: "postgresql://nobody@127.0.0.1:1/nothing" };

describe("receipt verify", () => {
  test("says offline what a receipt in an answer proves", async () => {
    const { chatId, tenantId, deletionId, jws } = await receipt();
    const file = await write("answer.json", { success: true, deletion_id: deletionId, receipt: jws });
    const { code, stdout, stderr } = await lethe(["receipt", "verify", file, "--jwks", jwks], nowhere);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^VALID /);
    expect(stdout).toContain(`The chat ${chatId} of tenant ${tenantId} was deleted at 2`);
    expect(stdout).toContain("with 0 messages, by a holder of an API key through rest");
    expect(stdout).toContain("The last of its rows was gone from the database at 2");
  });

  test("reads receipts line by line, from stdin too, and tells which of them prove nothing", async () => {
    const [one, other] = [await receipt(), await receipt()];
    const forged = `${other.jws.slice(0, -8)}AAAAAAAA`;
    const file = await write(
      "lines",
      `${one.jws}\n\n{"data":[{"receipt":"${other.jws}"}]}\n${forged}\nnonsense\n`,
    );
    const args = ["receipt", "verify", "-", "--jwks", jwks, "--json"];
    const { code, stdout, stderr } = await lethe(args, nowhere, file);
    expect(code).toBe(1);
    expect(stderr).toContain("2 of 4 receipts");
    expect(JSON.parse(stdout)).toMatchObject({
      valid: false,
      receipts: [
        { valid: true, receipt: { chat_id: one.chatId } },
        { valid: true, receipt: { chat_id: other.chatId } },
        { valid: false, fault: "bad_signature" },
        { valid: false, fault: "malformed" },
      ],
    });
  });

  test("takes the keys of the database, or those that a Lethe publishes", async () => {
    const file = await write("receipt", (await receipt()).jws);
    expect((await lethe(["receipt", "verify", file], settings)).code).toBe(0);
    const body = JSON.stringify(await keys());
    const server = createServer(({ url }, answer) => {
      answer.writeHead(url === "/.well-known/jwks.json" ? 200 : 404).end(body);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const address = server.address();
    const url = `http://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`;
    const { code, stdout } = await lethe(["receipt", "verify", file, "--url", url], nowhere);
    server.close();
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^VALID /) });
  });

  test("still believes what a key has signed after it was rotated, and not a Lethe without that key", async () => {
    const file = await write("old", (await receipt()).jws);
    const rotated = await lethe(["receipt", "rotate-key", "--json"], settings);
    expect(JSON.parse(rotated.stdout)).toEqual({ kid: expect.any(String), retired: expect.any(String) });
    expect((await lethe(["receipt", "verify", file], settings)).code).toBe(0);
    const strangers = await write("strangers.json", { keys: (await keys()).keys.slice(0, 1) });
    const { code, stdout } = await lethe(["receipt", "verify", file, "--jwks", strangers], nowhere);
    expect(code).toBe(1);
    expect(stdout).toContain("None of the keys has signed it");
  });

  test.each([
    [["no-such-file"], 2, "cannot be read"],
    [["."], 2, "cannot be read"],
    [["package.json"], 2, "no receipt in"],
    [["README.md", "--jwks", "no-such-file"], 2, "cannot be read"],
    [["README.md", "--jwks", "package.json"], 1, "no keys of receipts"],
    [["README.md", "--url", "http://127.0.0.1:1"], 1, "does not answer"],
    [["README.md", "--url", "example.org"], 2, "https://"],
    [["README.md", "--url", "http://127.0.0.1:1", "--jwks", "x"], 2, "cannot be used with"],
    [[], 2, "file"],
  ])("%j ends with %i and says why", async (args, expected, hint) => {
    const { code, stdout, stderr } = await lethe(["receipt", "verify", ...args], nowhere);
    expect({ code, stdout }).toEqual({ code: expected, stdout: "" });
    expect(stderr).toContain(hint);
    expect(stderr).not.toContain("    at ");
  });
});
