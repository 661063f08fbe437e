"use client";

import { type LetheClientError, toLetheError } from "@lethe/client";
import { CloudOff } from "lucide-react";
import { RequestId } from "./copy-button.tsx";
import { Button } from "./ui/button.tsx";

/** In place of something that could not be read: what, why, the request id, and a button that tries again. */
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

type FormErrorProps = {
  error: unknown;
  /** How to say it, if its own message is not for these readers. */
  explain?: (failure: LetheClientError) => string;
};

/** Why what a form asked for was not done. */
export function FormError({ error, explain = ({ message }) => message }: FormErrorProps) {
  if (!error) return null;
  const failure = toLetheError(error);
  return (
    <div role="alert" className="rounded-lg bg-blush px-3 py-2.5 text-sm">
      <p className="text-danger">{explain(failure)}</p>
      <RequestId id={failure.requestId} />
    </div>
  );
}
