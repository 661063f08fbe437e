import { bulkCases } from "./bulk-cases.ts";
import { chatCases } from "./chat-cases.ts";
import { credentialCases } from "./credential-cases.ts";
import { deleteCases } from "./delete-cases.ts";
import { deletionCases } from "./deletion-cases.ts";
import { deletionJobCases } from "./deletion-job-cases.ts";
import { exportCases } from "./export-cases.ts";
import { holdCases, settingsCases } from "./hold-cases.ts";
import { malformedCases } from "./malformed-cases.ts";
import { messageCases } from "./message-cases.ts";
import type { ParityCase } from "./parity-case.ts";
import { receiptCases } from "./receipt-cases.ts";
import { trashCases } from "./trash-cases.ts";
import { webhookCases } from "./webhook-cases.ts";
import { webhookRefusalCases } from "./webhook-refusal-cases.ts";

/** What REST and tRPC must do alike, through whatever server. */
export const parityCases: ParityCase[] = [
  ...chatCases,
  ...messageCases,
  ...deleteCases,
  ...deletionCases,
  ...receiptCases,
  ...trashCases,
  ...holdCases,
  ...settingsCases,
  ...webhookCases,
  ...webhookRefusalCases,
  ...bulkCases,
  ...deletionJobCases,
  ...exportCases,
  ...credentialCases,
  ...malformedCases,
];
