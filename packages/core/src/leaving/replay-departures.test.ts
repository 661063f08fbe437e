import { createTestDatabase, findTexts } from "@lethe/db/testing";
import { expect, it, onTestFinished } from "vitest";
import { goOn, leave } from "../../test/leaving.ts";
import { deletedChat } from "../../test/webhooks.ts";
import { useWorld } from "../../test/world.ts";
import {
  createChat,
  exportLedger,
  holdChat,
  type LedgerLine,
  readDeparture,
  releaseHold,
  replayDeletions,
  replayDeparture,
} from "../index.ts";

const world = useWorld();

it("a tenant that has left leaves again when it comes back with an old backup, and its id is never used again", async () => {
  const ctx = await world.tenant();
  const { db, tenantId } = ctx;
  const { id: deletionId } = await deletedChat(ctx);
  const { id: heldId } = await createChat(ctx, { title: "evidence" });
  const lines: LedgerLine[] = [];
  for await (const page of exportLedger(db, { tenantId })) lines.push(...page);
  const before = lines.filter((line) => line.type === "deletion");
  expect(before.map(({ id }) => id)).toEqual([deletionId]);
  await leave(ctx);
  await goOn(ctx);
  const after: LedgerLine[] = [];
  for await (const page of exportLedger(db, { tenantId })) after.push(...page);
  const [line] = after.filter((one) => one.type === "departure");
  if (line === undefined) throw new Error("the ledger does not tell of the departure");
  expect(await replayDeparture(db, line)).toBe("known");
  // An older file tells of its deletions. They are not written down again.
  expect(await replayDeletions(db, before)).toEqual(["known"]);
  expect(await findTexts(world.url, [tenantId])).toEqual([`departure.tenant_id: ${tenantId}`]);

  const restored = await createTestDatabase();
  onTestFinished(restored.drop);
  const back = { ...ctx, db: restored.db };
  await restored.db.tenant.create({ data: { tenantId, name: "Acme" } });
  await createChat(back, { id: heldId, title: "evidence" });
  await holdChat(back, { chatId: heldId, reason: "a court" });
  expect(await replayDeparture(restored.db, line)).toBe("on_hold");
  await releaseHold(back, { chatId: heldId });
  expect(await replayDeparture(restored.db, line)).toBe("leaving");
  await goOn(back);
  expect(await findTexts(restored.url, [tenantId])).toEqual([`departure.tenant_id: ${tenantId}`]);

  const empty = await createTestDatabase();
  onTestFinished(empty.drop);
  const forged = { ...line, receipt: line.receipt.replace(/\.\w+/, ".x") };
  await expect(replayDeparture(empty.db, forged)).rejects.toThrow("not its own");
  expect(await replayDeparture(empty.db, line)).toBe("recorded");
  expect(await readDeparture(empty.db, { tenantId })).toMatchObject({
    ...{ state: "left", leftAt: line.left_at, receipt: line.receipt },
  });
});
