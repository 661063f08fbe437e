// What a library exports that wraps the client. Its types are not written here: the compiler writes them into the library's own
// declarations, and has to find a name for each. `e2e/client-package.spec.ts` compiles this against the packed client.
import { createLetheClient, toLetheError } from "@lethe/client";
import {
  useBulkDelete,
  useChats,
  useDeleteChat,
  useDeletionState,
  useIsListed,
  useLethe,
  useLiveChat,
  useMessages,
  useMoveChats,
  useMoveState,
  useTenantEvents,
  useTrashChat,
} from "@lethe/client/react";
import { readReceiptKeys, verifyReceipt } from "@lethe/client/receipts";
import { createLetheRest } from "@lethe/client/rest";
import { useMutation, useQuery } from "@tanstack/react-query";

export const client = createLetheClient({ url: "http://localhost:8000", apiKey: "key" });
export const chats = client.chat;
export const list = () => client.chat.list.query({ limit: 1 });
export const remove = (chat_id: string) => client.chat.delete.mutate({ chat_id });
export const removeAll = () => client.deletionJob.create.mutate({ filter: { q: "invoice" } });
export const listen = () => client.events.subscribe.subscribe(undefined, {});
export const explain = (error: unknown) => toLetheError(error);
export const verify = verifyReceipt;
export const readKeys = (answer: unknown) => readReceiptKeys(answer);

export const rest = createLetheRest({ url: "http://localhost:8000", apiKey: "key" });
export const read = (chat_id: string) =>
  rest.GET("/api/v1/chats/{chat_id}", { params: { path: { chat_id } } });
export const write = (title: string) => rest.POST("/api/v1/chats", { body: { title } });

export const useAll = () => useLethe();
export const useOptions = () => useLethe().trpc;
export const useChatOptions = () => useLethe().trpc.chat;
export const useListOptions = () => useLethe().trpc.chat.list.queryOptions({ limit: 1 });
export const usePagesOptions = () =>
  useLethe().trpc.chat.list.infiniteQueryOptions({}, { getNextPageParam: (page) => page.next_cursor });
export const useKeys = () => [
  useLethe().trpc.chat.list.queryKey({ limit: 1 }),
  useLethe().trpc.chat.list.infiniteQueryKey(),
];
export const useFilter = () => useLethe().trpc.chat.list.queryFilter();
export const useRemoveOptions = () => useLethe().trpc.chat.delete.mutationOptions();
export const useStreamOptions = () => useLethe().trpc.events.subscribe.subscriptionOptions();
export const useDeletions = () => useQuery(useLethe().trpc.deletion.list.queryOptions({ limit: 20 }));
export const useRemove = () => useMutation(useLethe().trpc.chat.delete.mutationOptions());

export const useList = () => useChats();
export const useChat = (id: string) => ({ ...useMessages(id), live: useLiveChat(id) });
export const useDelete = () => ({ one: useDeleteChat(), many: useBulkDelete() });
export const useTrash = () => ({ one: useTrashChat(), many: useMoveChats() });
export const useStates = (id: string) => [useDeletionState(id), useMoveState(id), useIsListed()] as const;
export const useEvents = () => useTenantEvents();
