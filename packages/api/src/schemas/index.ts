export { limits, webhookEventTypes } from "@lethe/core/limits";
export * from "./chat.ts";
export * from "./chat-filter.ts";
export * from "./chat-sets.ts";
export * from "./deletion.ts";
export * from "./deletion-job.ts";
export * from "./departure.ts";
export * from "./event.ts";
export * from "./message.ts";
export * from "./people.ts";
export * from "./problem.ts";
export * from "./session.ts";
export * from "./settings.ts";
export { isOnlyTrpc, noInputSchema, onlyTrpc, shownName, strictInput, unknownName } from "./strict-input.ts";
export {
  chatIdSchema,
  cursorSchema,
  defaultPageSize,
  pageInput,
  pageOf,
  scopeMember,
  searchText,
  text,
  timeSchema,
  wholeNumber,
} from "./text.ts";
export * from "./token.ts";
export * from "./webhook.ts";
