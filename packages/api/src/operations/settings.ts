import {
  getSettings,
  limits,
  previewLedgerRetention,
  previewRetention,
  previewTrashRetention,
  updateSettings,
} from "@lethe/core";
import { presentLedgerPreview, presentSettings } from "../present.ts";
import {
  deletionPreviewSchema,
  ledgerPreviewSchema,
  noInputSchema,
  settingsSchema,
  strictInput,
  updateSettingsSchema,
  wholeNumber,
} from "../schemas/index.ts";
import { presentPreview } from "./deletion-jobs.ts";
import { mutation, query } from "./operation.ts";

const path = "/settings";
const tag = "Settings";

/** `settings.*` over tRPC, `/settings` over REST. */
export const settings = {
  get: query({
    name: "settings.get",
    scope: "chats:read",
    summary: "Get what the tenant is called, and what it has decided for all of its chats",
    input: noInputSchema,
    output: settingsSchema,
    rest: { method: "get", path, operationId: "getSettings", tag, answer: "The settings" },
    run: async ({ core }) => presentSettings(await getSettings(core)),
  }),

  update: mutation({
    name: "settings.update",
    scope: "settings:write",
    summary: "Change settings",
    description:
      "What is not named stays. Other `trash_retention_days` hold for what lies in the trash too: from this " +
      "answer on nothing is purged earlier than they say, and each `purge_at` follows within seconds.",
    input: updateSettingsSchema,
    output: settingsSchema,
    rest: {
      method: "patch",
      path,
      operationId: "updateSettings",
      tag,
      answer: "The settings as they are now",
    },
    run: async (
      { core },
      { name, trash_retention_days, retention_days, require_second_factor, ledger_retention_days },
    ) =>
      presentSettings(
        await updateSettings(core, {
          name,
          trashRetentionDays: trash_retention_days,
          retentionDays: retention_days,
          requireSecondFactor: require_second_factor,
          ledgerRetentionDays: ledger_retention_days,
        }),
      ),
  }),

  previewRetention: query({
    name: "settings.previewRetention",
    scope: "chats:read",
    summary: "See what retention would delete",
    description:
      "Tells what `retention_days` would delete now, and changes nothing. Chats on hold and chats with live " +
      "connections (`blockers`) would be left, and met again an hour later.",
    input: strictInput({
      retention_days: wholeNumber("retention_days", { min: 1, max: limits.retentionDays }),
    }),
    output: deletionPreviewSchema,
    rest: {
      method: "get",
      path: `${path}/retention-preview`,
      operationId: "previewRetention",
      tag,
      answer: "What retention would find",
    },
    run: async ({ core, mayRead }, { retention_days: retentionDays }) =>
      presentPreview(await previewRetention(core, { retentionDays }), mayRead),
  }),

  previewTrash: query({
    name: "settings.previewTrash",
    scope: "chats:read",
    summary: "See what a shorter time in the trash would delete",
    description:
      "Tells what `trash_retention_days` would purge at once from what lies in the trash now, and changes nothing. " +
      "Chats on hold and chats with live connections (`blockers`) would be left until they are free.",
    input: strictInput({
      trash_retention_days: wholeNumber("trash_retention_days", { min: 0, max: limits.trashRetentionDays }),
    }),
    output: deletionPreviewSchema,
    rest: {
      method: "get",
      path: `${path}/trash-preview`,
      operationId: "previewTrash",
      tag,
      answer: "What the purge would find",
    },
    run: async ({ core, mayRead }, { trash_retention_days: trashRetentionDays }) =>
      presentPreview(await previewTrashRetention(core, { trashRetentionDays }), mayRead),
  }),

  previewLedger: query({
    name: "settings.previewLedger",
    scope: "chats:read",
    summary: "See what of the ledger would be pruned",
    description:
      "Tells how many lines of the ledger are older than `ledger_retention_days`, and how many of them lie in an export that " +
      "was sent completely: those would be pruned at once, the others when they do too. It changes nothing.",
    input: strictInput({
      ledger_retention_days: wholeNumber("ledger_retention_days", {
        min: limits.ledgerRetentionDays.least,
        max: limits.ledgerRetentionDays.most,
      }),
    }),
    output: ledgerPreviewSchema,
    rest: {
      method: "get",
      path: `${path}/ledger-preview`,
      operationId: "previewLedger",
      tag,
      answer: "What the pruning would find",
    },
    run: async ({ core }, { ledger_retention_days: ledgerRetentionDays }) =>
      presentLedgerPreview(await previewLedgerRetention(core, { ledgerRetentionDays })),
  }),
};
