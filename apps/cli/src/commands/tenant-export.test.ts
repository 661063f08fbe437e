import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTenant, deleteChat, seedChats } from "@lethe/core";
import { createTestDatabase } from "@lethe/db/testing";
import { expect, onTestFinished, test } from "vitest";
import { lethe } from "../../test/lethe.ts";

test("export writes one archive under its name when it is whole, and says its checksum", async () => {
  const database = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), "lethe-export-"));
  onTestFinished(async () => {
    await database.drop();
    await rm(folder, { recursive: true });
  });
  const { db, url } = database;
  const settings = { DATABASE_URL: url };
  const { tenantId } = await createTenant(db, { name: "Acme" });
  const actor = { kind: "operator", id: "seed", via: "cli" } as const;
  await seedChats({ db, tenantId, actor }, { chats: 40, messages: 3 });
  await db.tenant.update({ where: { tenantId }, data: { ledgerRetentionDays: 30 } });
  const first = await db.chat.findFirstOrThrow({ where: { tenantId } });
  await deleteChat({ db, tenantId, actor }, { chatId: first.id, force: false });
  const file = join(folder, "acme.zip");

  const { code, stdout } = await lethe(["tenant", "export", tenantId, "--out", file, "--json"], settings);
  const bytes = await readFile(file);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  expect({ code, ...JSON.parse(stdout) }).toEqual({
    ...{ code: 0, file, sha256, bytes: bytes.length, chats: 39, skipped: 0 },
  });
  // From now on its ledger may be pruned of the line.
  expect(await db.ledgerExport.findMany()).toMatchObject([{ tenantId, checksum: sha256, lines: 1 }]);
  expect(await readdir(folder)).toEqual(["acme.zip"]);

  const nowhere = await lethe(["tenant", "export", tenantId, "--out", join(folder, "no", "x.zip")], settings);
  expect(nowhere).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining("cannot be written"),
  });
  const nobody = await lethe(
    ["tenant", "export", "0b5f0c1e-94a1-4a26-8f5a-3f6a0f9f4b11", "--out", "-"],
    settings,
  );
  expect(nobody).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining("There is no tenant"),
  });
});
