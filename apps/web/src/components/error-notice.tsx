"use client";

import { toLetheError } from "@lethe/client";
import { CloudOff } from "lucide-react";
import { RequestId } from "./request-id.tsx";
import { Button } from "./ui/button.tsx";

/** Where something could not be read: what, why, the request id, and another try. */
export function ErrorNotice(props: { title: string; error: unknown; onRetry: () => void }) {
  const error = toLetheError(props.error);
  return (
    <section
      aria-label={props.title}
      className="mx-auto flex max-w-sm flex-col items-center gap-3 p-6 text-center"
    >
      <CloudOff aria-hidden="true" className="size-6 text-soft" />
      <div>
        <p className="font-medium">{props.title}</p>
        <p className="mt-1 text-pretty text-sm text-soft">{error.message}</p>
      </div>
      <Button size="sm" onClick={props.onRetry}>
        Retry
      </Button>
      <RequestId id={error.requestId} />
    </section>
  );
}
