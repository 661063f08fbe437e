"use client";

import type { NotDeleted } from "@lethe/client/react";
import Link from "next/link";
import { Button } from "@/components/ui/button.tsx";
import { closing, Dialog, DialogContent, useLastShown } from "@/components/ui/dialog.tsx";
import { plural } from "@/lib/format.ts";
import { describeReason, failureOutcomes } from "./failures.ts";

type FailuresDialogProps = {
  /** What to show; null closes the dialog. */
  failures: readonly NotDeleted[] | null;
  onClose: () => void;
  onRetry: (ids: readonly string[], force: boolean) => void;
};

/** The chats of a set that were not deleted, by reason, and what can be done about them. */
export function FailuresDialog({ failures, onClose, onRetry }: FailuresDialogProps) {
  const shown = useLastShown(failures) ?? [];
  const idsOf = (outcomes: readonly string[]) =>
    shown.filter(({ outcome }) => outcomes.includes(outcome)).map(({ chatId }) => chatId);
  const live = idsOf(["active_connections"]);
  const retriable = idsOf(["active_connections", "failed"]);

  function retry(ids: readonly string[], force: boolean) {
    onClose();
    onRetry(ids, force);
  }
  return (
    <Dialog open={failures !== null} {...closing(onClose)}>
      <DialogContent title={`${plural(shown.length, "chat was", "chats were")} not deleted`}>
        {failureOutcomes.map((outcome) => {
          const some = shown.filter((failure) => failure.outcome === outcome);
          if (some.length === 0) return null;
          const { title, help } = describeReason(outcome);
          return (
            <section key={outcome} className="mt-4">
              <h3 className="font-medium text-sm">
                {title} <span className="text-soft">· {some.length}</span>
              </h3>
              <p className="text-[0.8125rem] text-soft">{help}</p>
              <ul className="mt-2 max-h-56 divide-y divide-line overflow-y-auto rounded-lg border">
                {some.map(({ chatId, title: name, activeConnections }) => (
                  <li key={chatId} className="flex items-baseline gap-3 px-3 py-2 text-sm">
                    <Link
                      href={`/chats/${chatId}`}
                      onClick={onClose}
                      className="min-w-0 flex-1 truncate underline-offset-2 hover:underline"
                    >
                      {name ?? chatId}
                    </Link>
                    {activeConnections > 0 ? (
                      <span className="shrink-0 text-soft text-xs">
                        {plural(activeConnections, "connection")}
                      </span>
                    ) : null}
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
        <div className="mt-5 flex flex-wrap justify-end gap-2">
          {live.length > 0 ? (
            <Button variant="danger" onClick={() => retry(live, true)}>
              Disconnect and delete {live.length}
            </Button>
          ) : null}
          {retriable.length > 0 ? (
            <Button onClick={() => retry(retriable, false)}>Retry {retriable.length}</Button>
          ) : null}
        </div>
      </DialogContent>
    </Dialog>
  );
}
