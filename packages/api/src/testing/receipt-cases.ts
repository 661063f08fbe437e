import { deleteChat, listPublicKeys } from "@lethe/core";
import { verifyReceipt } from "@lethe/receipts";
import { expect } from "vitest";
import { deletionSchema, deletionWithReceiptsSchema } from "../schemas/index.ts";
import type { ParityCase } from "./caller.ts";
import { type World, writeChat, writeLongChat } from "./world.ts";

/** What a receipt says, once the published keys have vouched for it. */
async function read({ db }: World, jws: string | null) {
  const keys = (await listPublicKeys(db)).map(({ jwk }) => jwk);
  const verdict = await verifyReceipt(jws ?? "", { keys });
  if (!verdict.valid) throw new Error(verdict.message);
  return verdict.receipt;
}

/** Receipts: what is answered, so that others can check it. */
export const receiptCases: ParityCase[] = [
  {
    name: "signs what a deletion answers, once and for all if everything is gone",
    status: 200,
    given: async (world) => {
      const { id } = await writeChat(world.context, { messages: 2 });
      return {
        operation: "chat.delete",
        input: { chat_id: id, force: true },
        apiKey: world.keys.deleting,
        verify: async ({ body }) => {
          const answer = deletionSchema.parse(body);
          expect(await read(world, answer.receipt)).toMatchObject({
            tenant_id: world.context.tenantId,
            deletion_id: answer.deletion_id,
            chat_id: id,
            deleted_at: answer.deleted_at,
            erased_at: answer.erased_at,
            message_count: 2,
            actor_kind: "api_key",
            via: expect.stringMatching(/^(rest|trpc)$/),
            forced: true,
            final: true,
          });
        },
      };
    },
  },
  {
    name: "has no final receipt for a line of the ledger while its rows are there",
    status: 200,
    given: async (world) => {
      const { id } = await writeLongChat(world.context, 1_000);
      const { id: deletionId } = await deleteChat(world.context, { chatId: id, force: false });
      return {
        operation: "deletion.byId",
        input: { deletion_id: deletionId },
        apiKey: world.keys.reading,
        verify: async ({ body }) => {
          const line = deletionWithReceiptsSchema.strict().parse(body);
          expect(line.final_receipt).toBeNull();
          expect(await read(world, line.receipt)).toMatchObject({
            deletion_id: deletionId,
            erased_at: null,
            final: false,
          });
        },
      };
    },
  },
  {
    name: "signs first and last word of a line of the ledger apart, if its rows went later",
    status: 200,
    given: async (world) => {
      const { tenantId } = world.context;
      const { id } = await writeChat(world.context);
      const { id: deletion_id, deletedAt } = await deleteChat(world.context, {
        chatId: id,
        force: false,
      });
      const erasedAt = new Date(deletedAt.getTime() + 5_000);
      await world.db.deletion.updateMany({ where: { tenantId, id: deletion_id }, data: { erasedAt } });
      return {
        operation: "deletion.byId",
        input: { deletion_id },
        apiKey: world.keys.reading,
        verify: async ({ body }) => {
          const line = deletionWithReceiptsSchema.strict().parse(body);
          const said = { deletion_id, deleted_at: line.deleted_at };
          const [first, last] = [await read(world, line.receipt), await read(world, line.final_receipt)];
          expect(first).toMatchObject({ ...said, erased_at: null, final: false });
          expect(last).toMatchObject({ ...said, erased_at: line.erased_at, final: true });
        },
      };
    },
  },
];
