import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { silentLog } from "../../test/long-chat.ts";
import { holdDoor, muchOldTrash, oldTrash, trashedCount } from "../../test/old-trash.ts";
import { turnOf, useWorld } from "../../test/world.ts";
import {
  type Context,
  createChat,
  getSettings,
  previewTrashRetention,
  trashChat,
  updateSettings,
} from "../index.ts";
import { createSettingsTask } from "../trash/apply-trash-settings.ts";
import { createPurger } from "../trash/trash-tasks.ts";

const world = useWorld();

/** Chats in the trash by the days after which they are to be purged; null: never. */
async function termsOf({ db, tenantId }: Context): Promise<Map<number | null, number>> {
  const chats = await db.chat.findMany({ where: { tenantId, trashedAt: { not: null } } });
  const days = chats.map(({ purgeAt, trashedAt }) =>
    purgeAt === null ? null : (Number(purgeAt) - Number(trashedAt)) / 86_400_000,
  );
  return new Map(days.map((term) => [term, days.filter((other) => other === term).length]));
}
const isFollowed = async ({ db, tenantId }: Context) =>
  (await db.tenant.findFirstOrThrow({ where: { tenantId } })).purgeStaleSince === null;

/** Carries out a change of a tenant's settings, until a turn is over. */
const follow = (ctx: Context, { db = world.db, turnMs = 60_000 } = {}) =>
  createSettingsTask({ db })(ctx.tenantId, turnOf(turnMs));

describe("settings", () => {
  it("are 30 days of trash and no retention until somebody says otherwise", async () => {
    const ctx = await world.tenant();
    const name = expect.any(String);
    expect(await getSettings(ctx)).toEqual({
      ...{ name, trashRetentionDays: 30, retentionDays: null, requireSecondFactor: false },
      ledgerRetentionDays: null,
    });
    const days = { trashRetentionDays: 7, retentionDays: 365, ledgerRetentionDays: 90 };
    const changed = { name: "Acme", ...days, requireSecondFactor: true };
    expect(await updateSettings(ctx, changed)).toEqual(changed);
    expect(await updateSettings(ctx, {})).toEqual(changed);
    expect(await updateSettings(ctx, { retentionDays: null })).toEqual({ ...changed, retentionDays: null });
    expect(await getSettings(ctx)).toEqual({ ...changed, retentionDays: null });
  });

  it("reach everything in the trash, and nobody else's", async () => {
    const [ctx, other] = [await world.tenant(), await world.tenant()];
    await muchOldTrash(ctx, 2_500, 3);
    await oldTrash(other, 3);
    for (const trashRetentionDays of [5, 0, 10]) {
      await updateSettings(ctx, { trashRetentionDays });
      await follow(ctx);
      expect(await termsOf(ctx)).toEqual(new Map([[trashRetentionDays || null, 2_500]]));
      expect(await isFollowed(ctx)).toBe(true);
    }
    expect(await termsOf(other)).toEqual(new Map([[30, 1]]));
  });

  it("that are shortened have the old purged soon", async () => {
    const ctx = await world.tenant();
    const [young, old, older] = [await oldTrash(ctx, 1), await oldTrash(ctx, 5), await oldTrash(ctx, 9)];
    const found = async (trashRetentionDays: number) =>
      (await previewTrashRetention(ctx, { trashRetentionDays })).sample.map(({ id }) => id).toSorted();
    expect(await found(4)).toEqual([old, older].toSorted());
    expect(await found(1)).toEqual([young, old, older].toSorted());
    expect(await found(0)).toEqual([]);
    await updateSettings(ctx, { trashRetentionDays: 4 });
    await follow(ctx);
    const purge = createPurger({ db: world.db, log: silentLog });
    expect(await purge(ctx.tenantId, turnOf())).toEqual({ more: false, purged: 2 });
    expect(await trashedCount(ctx)).toBe(1);
  });

  it("are followed to the end by whoever comes after one that was stopped", async () => {
    const ctx = await world.tenant();
    await muchOldTrash(ctx, 1_500, 1);
    await updateSettings(ctx, { trashRetentionDays: 3 });
    await follow(ctx, { turnMs: 0 });
    expect(await isFollowed(ctx)).toBe(false);
    await Promise.all([follow(ctx), follow(ctx, { db: world.anotherClient() })]);
    expect([await isFollowed(ctx), await termsOf(ctx)]).toEqual([true, new Map([[3, 1_500]])]);
  });

  it("miss no chat that comes into the trash while they change", async () => {
    const ctx = await world.tenant();
    const there = { ...ctx, db: world.anotherClient() };
    for (let round = 0; round < 25; round += 1) {
      const chats = await Promise.all([1, 2, 3, 4].map(() => createChat(ctx, { title: "t" })));
      const days = 1 + (round % 9);
      await Promise.all([
        ...chats.map(({ id }) => trashChat(there, { chatId: id })),
        updateSettings(ctx, { trashRetentionDays: days }).then(() => follow(ctx)),
      ]);
      expect(await termsOf(ctx)).toEqual(new Map([[days, 4 * (round + 1)]]));
    }
  });

  it("hold for a chat that was on its way into the trash when they changed", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "t" });
    const door = await holdDoor(ctx, chatId);
    const trashing = trashChat({ ...ctx, db: world.anotherClient() }, { chatId });
    await sleep(200);
    await updateSettings(ctx, { trashRetentionDays: 2 });
    await follow(ctx);
    await door.release();
    await trashing;
    expect(await termsOf(ctx)).toEqual(new Map([[2, 1]]));
  });

  it("that change again while they are followed are followed again", async () => {
    const ctx = await world.tenant();
    await muchOldTrash(ctx, 3_500, 1);
    await updateSettings(ctx, { trashRetentionDays: 3 });
    const following = follow(ctx, { db: world.anotherClient() });
    await updateSettings(ctx, { trashRetentionDays: 8 });
    await updateSettings(ctx, { trashRetentionDays: 3 });
    await updateSettings(ctx, { trashRetentionDays: 9 });
    await following;
    await follow(ctx);
    expect([await isFollowed(ctx), await termsOf(ctx)]).toEqual([true, new Map([[9, 3_500]])]);
  });
});
