import { createLetheClient } from "@lethe/client";
import { LetheProvider, useDeleteChat, useTrashChat } from "@lethe/client/react";
import { QueryClient } from "@tanstack/react-query";

const client = createLetheClient({ url: "" }); // same origin: signed in by the session cookie
const queryClient = new QueryClient();

function Buttons({ chatId }: { chatId: string }) {
  const { trashChat, undo, isPending, error } = useTrashChat();
  const { deleteChat } = useDeleteChat();
  const quietly = (promise: Promise<unknown>) => void promise.catch(() => {}); // `error` tells
  return (
    <>
      <button type="button" disabled={isPending} onClick={() => quietly(trashChat(chatId))}>
        Delete
      </button>
      <button type="button" onClick={() => quietly(undo(chatId))}>
        Undo
      </button>
      <button type="button" onClick={() => quietly(deleteChat(chatId, { ifVersion: 7 }))}>
        Delete permanently what I have seen
      </button>
      {error && <p role="alert">{error.message}</p>}
    </>
  );
}

export const App = () => (
  <LetheProvider client={client} queryClient={queryClient}>
    <Buttons chatId="a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d" />
  </LetheProvider>
);
