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
export { type TenantReceipt, tenantReceiptSchema, tenantReceiptType } from "./tenant-receipt.ts";
export {
  type ReceiptFault,
  type ReceiptVerdict,
  type TenantReceiptVerdict,
  typeOfReceipt,
  verifyReceipt,
  verifyTenantReceipt,
} from "./verify-receipt.ts";
