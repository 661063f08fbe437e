export { findReceipts } from "./find-receipts.ts";
export { type Receipt, receiptIssuer, receiptSchema, receiptType } from "./receipt.ts";
export { type ReceiptKey, type ReceiptKeys, receiptKeySchema, receiptKeysSchema } from "./receipt-keys.ts";
export { type ReceiptFault, type ReceiptVerdict, verifyReceipt } from "./verify-receipt.ts";
