"use client";

import { type ComponentProps, type ReactNode, type Ref, useId } from "react";
import { RequestId } from "@/components/copy-button.tsx";
import { Input } from "@/components/ui/controls.tsx";
import type { SessionFailure } from "./session-request.ts";

/** Why what a form asked for was not done. It is in the page from the start, so that it is read out when it fills. */
export function Failure({ failure }: { failure: SessionFailure | null }) {
  return (
    <div role="alert" className="empty:hidden mt-3 rounded-lg bg-blush px-3 py-2.5 text-sm">
      {failure ? (
        <>
          <p className="text-danger">{failure.message}</p>
          <RequestId id={failure.requestId} />
        </>
      ) : null}
    </div>
  );
}

type FieldProps = Omit<ComponentProps<typeof Input>, "id" | "ref"> & {
  label: string;
  hint?: ReactNode;
  ref?: Ref<HTMLInputElement>;
};

/** A labelled field. It holds its own value, which a form reads when it is sent: browsers may fill it in early. */
export function Field({ label, hint, ref, ...props }: FieldProps) {
  const id = useId();
  const hintId = useId();
  return (
    <div className="mb-4">
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      <Input
        id={id}
        ref={ref ?? null}
        className="mt-1.5"
        aria-describedby={hint ? hintId : undefined}
        {...props}
      />
      {hint ? (
        <p id={hintId} className="mt-1.5 text-pretty text-soft text-xs">
          {hint}
        </p>
      ) : null}
    </div>
  );
}

/** What a form's fields have, by their names. */
export const valuesOf = (form: HTMLFormElement): Record<string, string> =>
  Object.fromEntries(
    [...new FormData(form)].flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );

/** What a new password may be; the server says the same. */
export const passwordHint = "At least 12 characters, of any kind. Several words are a good one.";
