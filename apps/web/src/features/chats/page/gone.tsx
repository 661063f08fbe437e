"use client";

import Link from "next/link";
import { CopyButton } from "@/components/copy-button.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { buttonVariants } from "@/components/ui/controls.tsx";

/** A chat that was deleted, here or elsewhere, or that never was. */
export function Gone({ deletedAt, unsent }: { deletedAt: string | null; unsent: string }) {
  return (
    <section
      aria-labelledby="gone"
      className="flex flex-1 flex-col items-center justify-center gap-5 p-6 text-center"
    >
      <FadingRiver />
      <div className="max-w-sm">
        <h1 id="gone" className="font-semibold text-xl tracking-tight">
          {deletedAt ? "This chat was deleted" : "This chat is gone"}
        </h1>
        <p className="mt-2 text-pretty text-soft">
          {deletedAt ? (
            <>
              It was deleted <TimeAgo time={deletedAt} />. Its messages are erased and cannot be brought back.
            </>
          ) : (
            "It was deleted, or there never was a chat at this address."
          )}
        </p>
      </div>
      {unsent.trim() ? (
        <div className="w-full max-w-sm rounded-xl border bg-card p-3 text-left">
          <p className="flex items-center justify-between font-medium text-sm">
            What you had not sent yet
            <CopyButton text={unsent} label="Copy unsent message" />
          </p>
          <p className="max-h-40 overflow-y-auto whitespace-pre-wrap break-words text-sm text-soft">
            {unsent}
          </p>
        </div>
      ) : null}
      <Link href="/chats" className={buttonVariants({ variant: "outline" })}>
        All chats
      </Link>
    </section>
  );
}

/** Shown while this tab deletes or trashes the chat. A fast server answers before it appears. */
export function Forgetting({ toTrash }: { toTrash: boolean }) {
  return (
    <section className="flex flex-1 flex-col items-center justify-center gap-4 p-6 text-center">
      <div className="animate-late">
        <FadingRiver />
        <h1 className="mt-4 font-medium text-soft">
          {toTrash ? "Moving the chat to the Trash…" : "Deleting the chat…"}
        </h1>
      </div>
    </section>
  );
}

function FadingRiver() {
  return (
    <svg viewBox="0 0 120 64" fill="none" aria-hidden="true" className="mx-auto h-16 w-30 text-river">
      <g stroke="currentColor" strokeWidth="3" strokeLinecap="round">
        <path d="M6 14c12-9 24-9 36 0s24 9 36 0 24-9 36 0" />
        <path d="M6 34c12-9 24-9 36 0s24 9 36 0" opacity=".5" />
        <path d="M6 54c12-9 24-9 34-2" opacity=".2" />
      </g>
    </svg>
  );
}
