import {
  deletionPreviewSchema,
  previewRetentionQuerySchema,
  settingsSchema,
  updateSettingsSchema,
} from "../schemas/index.ts";
import { jsonAnswer, jsonBody } from "./describe.ts";
import { operation } from "./operation.ts";
import { problemAnswers } from "./problem-answers.ts";

const tags = ["Settings"];
const path = "/api/v1/settings";

export const getSettingsRoute = operation("chats:read", {
  method: "get",
  path,
  operationId: "getSettings",
  summary: "Get what the tenant has decided for all of its chats",
  tags,
  responses: { 200: jsonAnswer("The settings", settingsSchema), ...problemAnswers({}) },
});

export const updateSettingsRoute = operation("settings:write", {
  method: "patch",
  path,
  operationId: "updateSettings",
  summary: "Change settings",
  description:
    "What is not named stays. Other `trash_retention_days` hold for what lies in the trash too: from this " +
    "answer on nothing is purged earlier than they say, and each `purge_at` follows within seconds.",
  tags,
  request: { body: jsonBody(updateSettingsSchema) },
  responses: {
    200: jsonAnswer("The settings as they are now", settingsSchema),
    ...problemAnswers({
      PAYLOAD_TOO_LARGE: "The body is too large",
      UNSUPPORTED_MEDIA_TYPE: "The body is not application/json",
    }),
  },
});

export const previewRetentionRoute = operation("chats:read", {
  method: "get",
  path: `${path}/retention-preview`,
  operationId: "previewRetention",
  summary: "See what retention would delete",
  description:
    "Tells what `retention_days` would delete now, and changes nothing. Chats on hold and chats with live " +
    "connections (`blockers`) would be left, and met again an hour later.",
  tags,
  request: { query: previewRetentionQuerySchema },
  responses: { 200: jsonAnswer("What retention would find", deletionPreviewSchema), ...problemAnswers({}) },
});
