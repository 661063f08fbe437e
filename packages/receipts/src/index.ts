export { findReceipts } from "./find-receipts.ts";
export {
  type Receipt,
  type ReceiptKey,
  type ReceiptKeys,
  receiptIssuer,
  receiptKeySchema,
  receiptKeysSchema,
  receiptSchema,
  receiptType,
} from "./receipt.ts";
export { type ReceiptFault, type ReceiptVerdict, verifyReceipt } from "./verify-receipt.ts";
