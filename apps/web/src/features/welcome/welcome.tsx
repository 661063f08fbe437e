"use client";

import type { Chat } from "@lethe/api/schemas";
import { useDeletionState, useLethe, useMoveState } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, ExternalLink } from "lucide-react";
import Link from "next/link";
import { type ReactNode, useSyncExternalStore } from "react";
import { CopyButton } from "@/components/copy-button.tsx";
import { Button } from "@/components/ui/button.tsx";
import { buttonVariants, Kbd } from "@/components/ui/controls.tsx";
import { deleteChats, trashChats } from "@/features/chats/chat-actions.ts";
import { useChatList } from "@/features/chats/list/list-view.ts";
import { demoKey } from "@/features/session/session-request.ts";
import { plural } from "@/lib/format.ts";

/** The chat that the documentation deletes. */
const demoChatId = "a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d";

/** Invites a newcomer to delete something: here, from a terminal, and while somebody is reading it. */
export function Welcome() {
  const { trpc } = useLethe();
  const deletion = useDeletionState(demoChatId);
  const move = useMoveState(demoChatId);
  const { chats, isPending, isSuccess } = useChatList();
  const demo = useQuery({
    ...trpc.chat.byId.queryOptions({ chat_id: demoChatId }),
    enabled: deletion === undefined,
    retry: false,
  });
  // A chat in the trash is no sample any more: the next one takes its place.
  const demoChat =
    deletion === undefined && move !== "trashing" && demo.data?.trashed_at === null ? demo.data : undefined;
  const first = demoChat ?? chats[0];
  const second = chats.find((chat) => chat.id !== first?.id);
  const isReady = !isPending && (demo.isFetched || deletion !== undefined);

  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex min-h-full w-full max-w-2xl flex-col justify-center gap-4 px-4 py-8 sm:px-8">
        <div className="md:hidden">
          <Link href="/chats" className={buttonVariants({ variant: "ghost", className: "-ml-3" })}>
            <ArrowLeft aria-hidden="true" />
            All chats
          </Link>
        </div>
        <div className="mb-2">
          <h1 className="text-balance font-semibold text-2xl tracking-tight">Delete something</h1>
          <p className="mt-2 text-pretty text-soft">
            These chats are samples and here to be forgotten. Start with one of these, or pick any chat from
            the list.
          </p>
        </div>
        {isSuccess && isReady && !first ? (
          <p className="rounded-2xl border bg-card p-5 text-soft">
            Every sample is forgotten. Make a new chat to go on.
          </p>
        ) : null}
        {first ? (
          <ol className={isReady ? "flex flex-col gap-4" : "invisible flex flex-col gap-4"}>
            <TryHere chat={first} />
            <TryCurl chatId={first.id} />
            {second ? <TryConflict chat={second} /> : null}
          </ol>
        ) : null}
      </div>
    </div>
  );
}

/** Suggests deleting a chat with a click: into the trash, or for good. */
function TryHere({ chat }: { chat: Chat }) {
  const { trash } = trashChats;
  const { askToDelete } = deleteChats;
  return (
    <Step
      title="Right here"
      text={
        <>
          “{chat.title}” has {plural(chat.message_count, "message")}. Move it to the Trash and press{" "}
          <Kbd>Ctrl</Kbd> <Kbd>Z</Kbd> to change your mind, or delete it permanently.
        </>
      }
    >
      <Button variant="primary" onClick={() => trash(chat)}>
        Move it to the Trash
      </Button>
      <Button variant="danger" onClick={() => askToDelete(chat)}>
        Delete it permanently
      </Button>
      <Link href={`/chats/${chat.id}`} className={buttonVariants({ variant: "ghost" })}>
        Read it first
      </Link>
    </Step>
  );
}

const subscribe = () => () => undefined;

/** Suggests deleting the same chat from a terminal. */
function TryCurl({ chatId }: { chatId: string }) {
  const origin = useSyncExternalStore(
    subscribe,
    () => window.location.origin,
    () => "",
  );
  const lines = [`curl -X DELETE "${origin}/api/v1/chats/${chatId}"`, `  -H "X-API-Key: ${demoKey}"`];
  const command = lines.join(" \\\n");
  return (
    <Step
      title="From a terminal"
      text="The same deletion, as a program asks for it. Watch the row leave the list."
    >
      <div className="flex w-full items-start gap-1 rounded-xl bg-shore py-1.5 pr-1.5 pl-4">
        <pre className="min-w-0 flex-1 whitespace-pre-wrap break-all py-1.5 font-mono text-[0.8125rem] leading-5">
          <code>{command}</code>
        </pre>
        <CopyButton text={command} label="Copy command" />
      </div>
    </Step>
  );
}

/** Suggests deleting a chat that somebody is connected to, which is refused. */
function TryConflict({ chat }: { chat: Chat }) {
  const { askToDelete } = deleteChats;
  return (
    <Step
      title="While somebody is reading it"
      text={
        <>
          Open “{chat.title}” in a second tab, then delete it permanently here. You will see a{" "}
          <strong>409</strong>: Lethe does not erase a chat under people’s eyes, unless you tell it to.
        </>
      }
    >
      <a
        href={`/chats/${chat.id}`}
        target="_blank"
        rel="noreferrer"
        className={buttonVariants({ variant: "outline" })}
      >
        Open in a second tab
        <ExternalLink aria-hidden="true" />
      </a>
      <Button variant="ghost" onClick={() => askToDelete(chat)}>
        Then delete it permanently
      </Button>
    </Step>
  );
}

/** One suggestion of the welcome page. */
function Step(props: { title: string; text: ReactNode; children: ReactNode }) {
  return (
    <li className="rounded-2xl border bg-card p-5">
      <h2 className="font-semibold text-base">{props.title}</h2>
      <p className="mt-1 text-pretty text-sm text-soft leading-relaxed">{props.text}</p>
      <div className="mt-3.5 flex flex-wrap items-center gap-2">{props.children}</div>
    </li>
  );
}
