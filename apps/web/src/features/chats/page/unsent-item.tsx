import { Button } from "@/components/ui/button.tsx";
import { MessageItem } from "./message-item.tsx";
import type { Unsent } from "./use-outbox.ts";

type UnsentItemProps = {
  unsent: Unsent;
  onRetry: (unsent: Unsent) => void;
  onDrop: (key: number) => void;
};

/** A message on its way, or one that did not get there. */
export function UnsentItem({ unsent, onRetry, onDrop }: UnsentItemProps) {
  return (
    <li>
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
    </li>
  );
}
