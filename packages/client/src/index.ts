export type { AppRouter, RouterInputs, RouterOutputs } from "@lethe/api";
export type { ChangedChat, Chat, Deletion, ListedChat, Message, TenantEvent } from "@lethe/api/schemas";
export { meetsCriteria } from "./cache/chat-lists.ts";
export { createLetheClient, type LetheClientOptions } from "./create-lethe-client.ts";
export type { Credentials, IssuedToken } from "./credentials.ts";
export {
  type ExportChat,
  type ExportChats,
  type ExportedChat,
  type ExportedChats,
  type ExportedSet,
  type ExportLedger,
  exportChat,
  exportChats,
  exportLedger,
} from "./exports/export-chat.ts";
export {
  isWorthRepeating,
  LetheClientError,
  type LetheErrorCode,
  type LetheErrorFacts,
  toLetheError,
} from "./lethe-error.ts";
export type { LetheClient } from "./make-client.ts";
