"use client";

import { Button } from "@/components/ui/button.tsx";
import { Skeleton } from "@/components/ui/controls.tsx";
import { Failure, Field, passwordHint, valuesOf } from "./form-parts.tsx";
import { beginSession } from "./own-session.tsx";
import { useAttempt } from "./password-form.tsx";
import { tell } from "./session-request.ts";
import { useOpened } from "./use-opened.ts";

/** Whose password a link is to change, and how they choose another. Then they sign in with it. */
export function ResetPanel() {
  const {
    token,
    data: person,
    failure,
  } = useOpened("/api/password/read", (all) => all.openPasswordResetSchema);
  const {
    submit,
    isBusy,
    failure: refused,
  } = useAttempt(async (form) => {
    const { password } = valuesOf(form);
    const refusal = await tell("/api/password/reset", { method: "POST", body: { token, password } });
    if (refusal === null) beginSession("/sign-in");
    return refusal;
  });

  if (failure) return <Failure failure={failure} />;
  if (person === null) return <Skeleton className="h-24 w-full" />;
  return (
    <form onSubmit={submit} noValidate>
      <p className="mb-4 text-pretty text-sm">
        For <strong className="break-words">{person.name}</strong>, {person.email}.
      </p>
      <input type="hidden" name="username" autoComplete="username" value={person.email} readOnly />
      <Field
        label="New password"
        name="password"
        type="password"
        autoComplete="new-password"
        hint={passwordHint}
      />
      <Failure failure={refused} />
      <Button type="submit" variant="primary" className="mt-4 min-h-10! w-full" disabled={isBusy}>
        Change the password
      </Button>
    </form>
  );
}
