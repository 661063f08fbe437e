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
  const keys = receiptKeysSchema.safeParse(answer);
  if (keys.success) return keys.data;
  throw new TypeError(
    "No keys of receipts: give the JSON that /.well-known/jwks.json answers, an object with keys",
    {
      cause: keys.error,
    },
  );
}
