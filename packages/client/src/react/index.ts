export { applyChange, applyEvent, checkChat } from "../cache/apply-event.ts";
export type { DeletedSet, NotDeleted } from "../cache/bulk-delete.ts";
export type { DeletedChat } from "../cache/delete-chat.ts";
export type { DeletionState } from "../cache/deletions.ts";
export { catchUpMessages, messageListInput } from "../cache/messages.ts";
export type { MovedChat } from "../cache/move-chat.ts";
export type { MovedSet } from "../cache/move-chats.ts";
export type { EventsStatus } from "../events/follow-events.ts";
export type { LiveStatus } from "../live/connect-live.ts";
export { ownConnectionCount, releaseOwnConnections } from "../live/own-connections.ts";
export { LetheProvider, useLethe } from "./lethe-provider.tsx";
export { type MoveState, useDeletionState, useIsListed, useMoveState } from "./use-chat-state.ts";
export { useChats } from "./use-chats.ts";
export {
  type UseBulkDeleteOptions,
  type UseDeleteChat,
  type UseDeleteChatOptions,
  useBulkDelete,
  useDeleteChat,
} from "./use-delete-chat.ts";
export { useLiveChat } from "./use-live-chat.ts";
export { type ReadFrom, useMessages, type WayOn } from "./use-messages.ts";
export { type UseTenantEventsOptions, useTenantEvents } from "./use-tenant-events.ts";
export {
  type MoveGoal,
  type UseTrashChat,
  type UseTrashChatOptions,
  useMoveChats,
  useTrashChat,
} from "./use-trash-chat.ts";
