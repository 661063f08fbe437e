import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { silentLog } from "../../test/long-chat.ts";
import { muchOldTrash, oldTrash, trashedCount } from "../../test/old-trash.ts";
import { useWorld, vaultOf } from "../../test/world.ts";
import { holdChat, startBackground, updateSettings } from "../index.ts";

const world = useWorld();
const program = fileURLToPath(new URL("../../test/erase-program.ts", import.meta.url));

function spawnWorker(): ChildProcess {
  const child = spawn(process.execPath, [program, world.url], { stdio: ["ignore", "ignore", "inherit"] });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}

describe("processes that work on the trash", () => {
  it("lose nothing and purge nothing twice when they are killed", async () => {
    const ctx = await world.tenant();
    const { tenantId, db } = ctx;
    const chats = 6_000;
    const [kept, held] = [await oldTrash(ctx, 29), await oldTrash(ctx, 31)];
    await holdChat(ctx, { chatId: held, reason: "Case 7" });
    await muchOldTrash(ctx, chats, 31);
    for (const left of [5_500, 4_500, 3_500]) {
      const doomed = spawnWorker();
      await expect.poll(() => trashedCount(ctx), { interval: 20 }).toBeLessThan(left);
      await kill(doomed);
    }
    // A chat is whole or gone, whenever the kill came.
    const [doors, vaults, messages, lines] = await Promise.all([
      db.chat.count({ where: { tenantId } }),
      db.transcript.count({ where: { tenantId } }),
      db.message.count({ where: { tenantId } }),
      db.deletion.count({ where: { tenantId } }),
    ]);
    expect(doors).toBeGreaterThan(2);
    expect([vaults, messages, lines]).toEqual([doors, doors - 2, chats + 2 - doors]);
    spawnWorker();
    spawnWorker();
    await expect.poll(() => trashedCount(ctx), { interval: 50 }).toBe(2);
    expect(await db.deletion.count({ where: { tenantId, via: "purge" } })).toBe(chats);
    expect(await db.event.count({ where: { tenantId, type: "chat.deleted" } })).toBe(chats);
    for (const chatId of [kept, held])
      expect(await vaultOf(ctx, chatId)).toMatchObject({ chat: 1, deletion: 0 });
  });

  it("carry out a change of the settings in spite of kills", async () => {
    const ctx = await world.tenant();
    const { tenantId, db } = ctx;
    const chats = 30_000;
    await muchOldTrash(ctx, chats, 1);
    const by = new Date(Date.now() + 7 * 86_400_000);
    const recomputed = () =>
      db.chat.count({ where: { tenantId, trashedAt: { not: null }, purgeAt: { lt: by } } });
    await updateSettings(ctx, { trashRetentionDays: 7 });
    const doomed = spawnWorker();
    await expect.poll(recomputed, { interval: 20 }).toBeGreaterThan(0);
    await kill(doomed);
    expect(await trashedCount(ctx)).toBe(chats);
    spawnWorker();
    await expect.poll(recomputed, { interval: 50 }).toBe(chats);
  });

  it("serve tenants by turns, so that much of one does not hold up another's", async () => {
    const [many, ctx] = [await world.tenant(), await world.tenant()];
    await muchOldTrash(many, 8_000, 40);
    await oldTrash(ctx, 31);
    const background = startBackground({ db: world.db, log: silentLog, pace: 1 / 25 });
    onTestFinished(() => background.close());
    await expect.poll(() => trashedCount(ctx), { interval: 20 }).toBe(0);
    expect(await trashedCount(many)).toBeGreaterThan(0);
  });
});
