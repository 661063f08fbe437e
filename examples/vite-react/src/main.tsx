import { type Chat, createLetheClient } from "@lethe/client";
import { LetheProvider, useChats, useTenantEvents, useTrashChat } from "@lethe/client/react";
import { QueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { createRoot } from "react-dom/client";
import { getToken } from "./token.ts";

const client = createLetheClient({ url: import.meta.env.VITE_LETHE_URL, token: getToken });
const queryClient = new QueryClient();

function Chats() {
  useTenantEvents();
  const list = useChats();
  const [last, setLast] = useState<Chat>();
  // A row leaves the list at once, and is back in its place when the server refuses.
  const trash = useTrashChat({ onFailed: () => setLast(undefined) });
  const failure = trash.error ?? list.error;
  const remove = (chat: Chat) => {
    setLast(chat);
    trash.trashChat(chat.id).catch(() => undefined); // `trash.error` tells
  };
  const undo = (chat: Chat) => {
    setLast(undefined);
    trash.undo(chat.id).catch(() => undefined);
  };
  return (
    <main>
      <h1>Chats</h1>
      {failure && <p role="alert">{failure.message}</p>}
      {last && (
        <p role="status">
          “{last.title}” is in the trash.{" "}
          <button type="button" onClick={() => undo(last)}>
            Undo
          </button>
        </p>
      )}
      <ul aria-busy={list.isPending}>
        {list.chats.map((chat) => (
          <li key={chat.id}>
            {chat.title}{" "}
            <button type="button" aria-label={`Delete ${chat.title}`} onClick={() => remove(chat)}>
              Delete
            </button>
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <button type="button" onClick={() => list.fetchNextPage()}>
          More
        </button>
      )}
    </main>
  );
}

const root = document.getElementById("root");
if (!root) throw new Error("There is no #root in index.html");
createRoot(root).render(
  <LetheProvider client={client} queryClient={queryClient}>
    <Chats />
  </LetheProvider>,
);
