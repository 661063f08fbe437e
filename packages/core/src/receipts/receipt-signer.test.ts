import { setTimeout as sleep } from "node:timers/promises";
import { createTestDatabase } from "@lethe/db/testing";
import { verifyReceipt } from "@lethe/receipts";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { longChat, silentLog } from "../../test/long-chat.ts";
import { useWorld } from "../../test/world.ts";
import { eraseBatch } from "../erasure/erase-transcripts.ts";
import {
  type Context,
  createReceiptSigner,
  deleteChat,
  getDeletion,
  listPublicKeys,
  rotateSigningKey,
} from "../index.ts";
import { receiptKeyBelievedMs } from "./key-cache.ts";

const world = useWorld();
const open = () => createReceiptSigner({ db: world.db, log: silentLog });

async function verified(jws: string | null) {
  const keys = (await listPublicKeys(world.db)).map(({ jwk }) => jwk);
  const verdict = await verifyReceipt(jws ?? "", { keys });
  if (!verdict.valid) throw new Error(verdict.message);
  return verdict;
}

async function deleted(ctx: Context, messages: number) {
  const chatId = await longChat(ctx, messages);
  const { id: deletionId } = await deleteChat(ctx, { chatId, force: true });
  return getDeletion(ctx, { deletionId });
}

describe("a receipt", () => {
  it("says what the ledger says, names nobody, and is the last word when all is gone at once", async () => {
    const ctx = await world.tenant();
    const deletion = await deleted(ctx, 3);
    const { receipt, finalReceipt } = await open().issue(ctx.tenantId, deletion);
    expect(finalReceipt).toBe(receipt);
    expect((await verified(receipt)).receipt).toEqual({
      iss: "urn:lethe",
      version: 1,
      tenant_id: ctx.tenantId,
      deletion_id: deletion.id,
      chat_id: deletion.chatId,
      deleted_at: deletion.deletedAt.toISOString(),
      erased_at: deletion.deletedAt.toISOString(),
      message_count: 3,
      actor_kind: "api_key",
      via: "rest",
      forced: true,
      export_checksum: null,
      final: true,
    });
  });

  it("is the same whenever and by whomever it is issued, and has a second once the last row is gone", async () => {
    const ctx = await world.tenant();
    const pending = await deleted(ctx, 300);
    const first = await open().issue(ctx.tenantId, pending);
    expect(first.finalReceipt).toBeNull();
    expect((await verified(first.receipt)).receipt).toMatchObject({ erased_at: null, final: false });

    await sleep(2);
    const { id: deletionId, chatId } = pending;
    await eraseBatch(world.db, { tenantId: ctx.tenantId, chatId, deletionId }, 300);
    const erased = await getDeletion(ctx, { deletionId });
    const both = await open().issue(ctx.tenantId, erased);
    expect(both.receipt).toBe(first.receipt);
    const last = (await verified(both.finalReceipt)).receipt;
    expect(last).toMatchObject({ erased_at: erased.erasedAt?.toISOString(), final: true });
    expect(await open().issue(ctx.tenantId, erased)).toEqual(both);
  });

  it("is signed with the new key seconds after a rotation, and the old ones stay true", async () => {
    const ctx = await world.tenant();
    const deletion = await deleted(ctx, 1);
    const office = open();
    const old = await verified((await office.issue(ctx.tenantId, deletion)).receipt);
    const { kid, retired } = await rotateSigningKey(world.db);
    expect(retired).toBe(old.kid);
    const signer = async () => (await verified((await office.issue(ctx.tenantId, deletion)).receipt)).kid;
    const later = performance.now() + receiptKeyBelievedMs;
    const clock = vi.spyOn(performance, "now").mockReturnValue(later);
    onTestFinished(() => clock.mockRestore());
    expect(await signer()).toBe(kid);
    expect((await verified((await open().issue(ctx.tenantId, deletion)).receipt)).kid).toBe(kid);
  });

  it("is not signed with a key that may have been retired: rather there is none, soon and logged", async () => {
    const { db, drop } = await createTestDatabase();
    onTestFinished(drop);
    const said: string[] = [];
    const office = createReceiptSigner({ db, log: { warn: (_, message) => said.push(message) } });
    const ctx = await world.tenant();
    const deletion = await deleted(ctx, 1);
    const issued = async () => (await office.issue(ctx.tenantId, deletion)).receipt;
    expect(await issued()).not.toBeNull();
    await sleep(receiptKeyBelievedMs);
    await db.$transaction(async (tx) => {
      await tx.$executeRaw`LOCK TABLE signing_key IN ACCESS EXCLUSIVE MODE`;
      // It gives up before the database does.
      const refused = db.$queryRaw`SELECT kid FROM signing_key`.then(
        () => "had",
        () => "refused",
      );
      expect(await Promise.race([issued(), refused])).toBeNull();
      expect(await refused).toBe("refused");
    });
    expect(said).toEqual(["a receipt could not be signed"]);
  });
});
