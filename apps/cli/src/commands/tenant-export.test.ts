import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTenant, deleteChat, seedChats } from "@lethe/core";
import { createTestDatabase } from "@lethe/db/testing";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { lethe, startLethe } from "../../test/lethe.ts";
import { namesOf, namesShown } from "../../test/shown.ts";

/** A tenant with so many chats in a database of its own, and a folder for its archives. */
async function bigTenant(chats: number) {
  const { db, url, drop } = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), "lethe-export-"));
  onTestFinished(async () => {
    await drop();
    await rm(folder, { recursive: true });
  });
  const { tenantId } = await createTenant(db, { name: "Acme" });
  const actor = { kind: "operator", id: "seed", via: "cli" } as const;
  await seedChats({ db, tenantId, actor }, { chats, messages: 3 });
  return { db, tenantId, actor, folder, settings: { DATABASE_URL: url } };
}

const sha256Of = async (file: string) =>
  createHash("sha256")
    .update(await readFile(file))
    .digest("hex");

test("export writes one archive under its name when it is whole, and says its checksum", async () => {
  const { db, tenantId, actor, folder, settings } = await bigTenant(40);
  await db.tenant.update({ where: { tenantId }, data: { ledgerRetentionDays: 30 } });
  const first = await db.chat.findFirstOrThrow({ where: { tenantId } });
  await deleteChat({ db, tenantId, actor }, { chatId: first.id, force: false });
  const file = join(folder, "acme.zip");

  const { code, stdout } = await lethe(["tenant", "export", tenantId, "--out", file, "--json"], settings);
  const bytes = await readFile(file);
  const sha256 = await sha256Of(file);
  expect({ code, ...JSON.parse(stdout) }).toEqual({
    ...{ code: 0, file, sha256, bytes: bytes.length, chats: 39, skipped: 0, archives: 1 },
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

const setSchema = z.object({
  export: z.object({ tenant_id: z.string(), format: z.literal("json"), as_of: z.string() }),
  archives: z.array(
    z.object({ file: z.string(), sha256: z.string(), bytes: z.int(), chats: z.int(), skipped: z.literal(0) }),
  ),
});

test("export goes on where it was killed, in archives that one manifest binds together", async () => {
  const { tenantId, folder, settings } = await bigTenant(1_000);
  const out = join(folder, "acme.zip");
  const command = ["tenant", "export", tenantId, "--out", out, "--chats-per-archive", "400", "--json"];
  const { child } = startLethe(command, settings);
  const first = join(folder, "acme.001.zip");
  await expect.poll(() => existsSync(join(folder, "acme.progress.json")), { interval: 5 }).toBe(true);
  child.kill("SIGKILL");
  await once(child, "exit");
  const { ino } = await stat(first);
  const foreign = await lethe([...command, "--format", "html"], settings);
  expect(foreign).toMatchObject({ code: 1, stderr: expect.stringContaining("is of another export") });

  const { code, stdout, stderr } = await lethe(command, settings);
  expect(stderr).toContain("Going on behind");
  const manifest = join(folder, "acme.manifest.json");
  const written: unknown = JSON.parse(await readFile(manifest, "utf8"));
  expect(namesOf(written)).toEqual(namesShown("leaving.md", "Export"));
  const { export: head, archives } = setSchema.parse(written);
  expect(head.tenant_id).toBe(tenantId);
  expect(archives.map(({ chats }) => chats)).toEqual([400, 400, 200]);
  expect((await stat(first)).ino).toBe(ino);
  for (const { file, sha256 } of archives) expect(await sha256Of(join(folder, file))).toBe(sha256);
  const bytes = archives.reduce((sum, archive) => sum + archive.bytes, 0);
  expect({ code, ...JSON.parse(stdout) }).toEqual({
    ...{
      code: 0,
      file: manifest,
      sha256: await sha256Of(manifest),
      bytes,
      chats: 1_000,
      skipped: 0,
      archives: 3,
    },
  });
  const left = ["acme.001.zip", "acme.002.zip", "acme.003.zip", "acme.manifest.json"];
  expect((await readdir(folder)).toSorted()).toEqual(left);
});
