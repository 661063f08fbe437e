"use client";

import { type Chat, limits } from "@lethe/api/schemas";
import { toLetheError } from "@lethe/client";
import { applyChange, useLethe } from "@lethe/client/react";
import { useMutation } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { RequestId } from "@/components/copy-button.tsx";
import { buttonVariants } from "@/components/ui/button.tsx";
import { toasts } from "@/components/ui/toast.tsx";

/** The title, which a button turns into a field: Enter or leaving it saves, Escape does not. In the trash it is only read. */
export function ChatTitle({ chat }: { chat: Chat }) {
  const lethe = useLethe();
  const [draft, setDraft] = useState<string | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const rename = useMutation(
    lethe.trpc.chat.rename.mutationOptions({
      onSuccess: (renamed) => applyChange(lethe, renamed),
      onError: (cause, { title }) => {
        const error = toLetheError(cause);
        toasts.add({
          type: "error",
          timeout: 0,
          title: "The chat was not renamed",
          description: error.message,
          data: {
            detail: <RequestId id={error.requestId} />,
            actions: [{ label: "Retry", onClick: () => rename.mutate({ chat_id: chat.id, title }) }],
          },
        });
      },
    }),
  );

  function finish(save: boolean) {
    const title = draft?.trim();
    setDraft(null);
    if (save && title && title !== chat.title) rename.mutate({ chat_id: chat.id, title });
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    finish(event.key === "Enter");
    requestAnimationFrame(() => button.current?.focus());
  }

  if (draft !== null && !chat.trashed_at)
    return (
      <h1 className="max-w-xl">
        <input
          aria-label="Chat title"
          // biome-ignore lint/a11y/noAutofocus: it takes the place of the button that was just pressed
          autoFocus
          value={draft}
          maxLength={limits.titleLength}
          onFocus={(event) => event.currentTarget.select()}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={() => finish(true)}
          className="h-8 w-full rounded-md border border-edge bg-card px-1.5 font-semibold text-base"
        />
      </h1>
    );
  const shown = rename.isPending ? rename.variables.title : chat.title;
  return (
    <div className="flex h-8 items-center gap-0.5">
      <h1 className="truncate px-1.5 font-semibold text-base" title={shown}>
        {shown}
      </h1>
      {chat.trashed_at ? null : (
        <button
          ref={button}
          type="button"
          aria-label="Rename chat"
          title="Rename"
          onClick={() => setDraft(shown)}
          className={buttonVariants({ variant: "ghost", size: "icon-sm" })}
        >
          <Pencil aria-hidden="true" className="size-3.5!" />
        </button>
      )}
    </div>
  );
}
