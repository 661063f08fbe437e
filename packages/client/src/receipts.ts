// An entry of its own: who does not check receipts does not load what it takes.
export {
  findReceipts,
  type Receipt,
  type ReceiptFault,
  type ReceiptKeys,
  type ReceiptVerdict,
  receiptKeysSchema,
  verifyReceipt,
} from "@lethe/receipts";
