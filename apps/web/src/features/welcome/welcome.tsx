"use client";

import { useDeletionState, useLethe, useMoveState } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { buttonVariants } from "@/components/ui/button.tsx";
import { useChatList } from "@/features/chats/list/use-chat-list.ts";
import { TryConflict } from "./try-conflict.tsx";
import { TryCurl } from "./try-curl.tsx";
import { TryHere } from "./try-here.tsx";

/** The chat that the documentation deletes. */
const demoChatId = "a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d";

/** Invites a newcomer to delete something: here, from a terminal, and while somebody is reading it. */
export function Welcome() {
  const { trpc } = useLethe();
  const deletion = useDeletionState(demoChatId);
  const move = useMoveState(demoChatId);
  const { chats, isPending, isSuccess } = useChatList("");
  const demo = useQuery({
    ...trpc.chat.byId.queryOptions({ chat_id: demoChatId }),
    enabled: deletion === undefined,
    retry: false,
  });
  // What is in the trash is as good as gone here: the next sample takes its place.
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
