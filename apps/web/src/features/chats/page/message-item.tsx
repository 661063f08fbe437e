import { memo } from "react";
import { CopyButton } from "@/components/copy-button.tsx";
import { Button } from "@/components/ui/button.tsx";
import { cn } from "@/components/ui/controls.tsx";
import { formatClock, formatTime } from "@/lib/format.ts";
import { MessageText } from "./message-text.tsx";
import type { Unsent } from "./use-outbox.ts";

type MessageItemProps = {
  author: string;
  body: string;
  /** RFC 3339; undefined while the message is on its way. */
  time: string | undefined;
  /** The message goes on where the same author's last one ended: the name is not said again. */
  isContinued: boolean;
  /** The page was opened at it. */
  isMarked?: boolean;
};

const tints = [
  "bg-sky-100 text-sky-900 dark:bg-sky-900 dark:text-sky-100",
  "bg-teal-100 text-teal-900 dark:bg-teal-900 dark:text-teal-100",
  "bg-lime-100 text-lime-900 dark:bg-lime-900 dark:text-lime-100",
  "bg-amber-100 text-amber-900 dark:bg-amber-900 dark:text-amber-100",
  "bg-orange-100 text-orange-900 dark:bg-orange-900 dark:text-orange-100",
  "bg-rose-100 text-rose-900 dark:bg-rose-900 dark:text-rose-100",
  "bg-violet-100 text-violet-900 dark:bg-violet-900 dark:text-violet-100",
];

/** One message. */
export const MessageItem = memo(function MessageItem(props: MessageItemProps) {
  const { author, body, time, isContinued, isMarked = false } = props;
  return (
    <article
      aria-current={isMarked ? "true" : undefined}
      className={cn(
        "group relative grid grid-cols-[2.25rem_1fr] gap-x-3",
        isContinued ? "pt-1" : "pt-5",
        // What has been looked for stands out of its row without moving it.
        isMarked &&
          "isolate before:-inset-x-3 before:-bottom-2 before:-z-1 before:absolute before:rounded-xl before:border before:border-river/40 before:bg-mist",
        isMarked && (isContinued ? "before:-top-1" : "before:top-3"),
      )}
    >
      {isContinued ? <span /> : <Avatar name={author} />}
      <div className="min-w-0">
        {isContinued ? null : (
          <p className="flex flex-wrap items-baseline gap-x-2 pr-9 leading-5">
            <bdi className="max-w-full truncate font-semibold text-sm">{author}</bdi>
            {time ? (
              <time dateTime={time} title={formatTime(time)} className="text-soft text-xs">
                {formatClock(time)}
              </time>
            ) : null}
          </p>
        )}
        <MessageText text={body} />
      </div>
      <CopyButton
        text={body}
        label={`Copy the message of ${author}`}
        className={cn(
          "absolute right-0 size-7! border bg-card opacity-0 focus-visible:opacity-100 group-focus-within:opacity-100 group-hover:opacity-100",
          isContinued ? "top-0" : "top-3 pointer-coarse:opacity-100",
        )}
      />
    </article>
  );
});

function Avatar({ name }: { name: string }) {
  const initial = [...name.trim()][0]?.toUpperCase() ?? "?";
  const sum = [...name].reduce((total, letter) => total * 31 + (letter.codePointAt(0) ?? 0), 7) >>> 0;
  return (
    <span
      aria-hidden="true"
      className={cn(
        "mt-0.5 flex size-9 items-center justify-center rounded-full font-semibold text-sm",
        tints[sum % tints.length],
      )}
    >
      {initial}
    </span>
  );
}

type UnsentItemProps = {
  unsent: Unsent;
  onRetry: (unsent: Unsent) => void;
  onDrop: (key: number) => void;
};

/** A message on its way, or one that did not get there. */
export function UnsentItem({ unsent, onRetry, onDrop }: UnsentItemProps) {
  return (
    <>
      <div className={unsent.error ? "" : "opacity-70"}>
        <MessageItem author={unsent.author} body={unsent.body} time={undefined} isContinued={false} />
      </div>
      <div className="ml-12 pt-1 text-xs">
        {unsent.error ? (
          <div role="alert" className="flex flex-wrap items-center gap-2 text-danger">
            Not sent. {unsent.error.message}
            <Button size="sm" onClick={() => onRetry(unsent)}>
              Retry
            </Button>
            <Button size="sm" variant="ghost" onClick={() => onDrop(unsent.key)}>
              Discard
            </Button>
          </div>
        ) : (
          <span className="animate-late text-soft">Sending…</span>
        )}
      </div>
    </>
  );
}
