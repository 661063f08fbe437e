// One chat, live: open /chat.html?id=… with the id of a chat.
import { createLetheClient } from "@lethe/client";
import {
  LetheProvider,
  useDeleteChat,
  useDeletionState,
  useLiveChat,
  useMessages,
} from "@lethe/client/react";
import { QueryClient } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { getToken } from "./token.ts";

const client = createLetheClient({ url: import.meta.env.VITE_LETHE_URL, token: getToken });
const queryClient = new QueryClient();

function Chat({ id }: { id: string }) {
  const live = useLiveChat(id);
  const { messages, older, error } = useMessages(id);
  const { deleteChat, error: refused } = useDeleteChat();
  const deletion = useDeletionState(id);
  const failure = refused ?? error;
  if (deletion?.status === "deleted") return <p role="status">The chat is gone.</p>;
  return (
    <main>
      <h1>Chat</h1>
      <p role="status">{live === "live" ? "Live" : "Connecting…"}</p>
      {failure && <p role="alert">{failure.message}</p>}
      {older.hasMore && (
        <button type="button" onClick={older.fetchMore}>
          Older messages
        </button>
      )}
      <ol>
        {messages.map(({ seq, author, body }) => (
          <li key={seq}>
            {author}: {body}
          </li>
        ))}
      </ol>
      {/* This page is connected to the chat, and does not stand in its own way. Others do: then it says so. */}
      <button type="button" onClick={() => deleteChat(id).catch(() => undefined)}>
        Delete for good
      </button>
    </main>
  );
}

const root = document.getElementById("root");
const id = new URLSearchParams(location.search).get("id");
if (!root || !id) throw new Error("Open /chat.html?id=… with the id of a chat");
createRoot(root).render(
  <LetheProvider client={client} queryClient={queryClient}>
    <Chat id={id} />
  </LetheProvider>,
);
