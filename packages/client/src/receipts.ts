// An entry of its own: who does not check receipts does not load what it takes.
import { type ReceiptKeys, receiptKeysSchema } from "@lethe/receipts";

export {
  findReceipts,
  type Receipt,
  type ReceiptFault,
  type ReceiptKey,
  type ReceiptKeys,
  type ReceiptVerdict,
  type TenantReceipt,
  type TenantReceiptVerdict,
  typeOfReceipt,
  verifyReceipt,
  verifyTenantReceipt,
} from "@lethe/receipts";

/** Reads what `/.well-known/jwks.json` has answered, or a file has kept of it. Throws an Error that says what is amiss. */
export function readReceiptKeys(answer: unknown): ReceiptKeys {
  return receiptKeysSchema.parse(answer);
}
