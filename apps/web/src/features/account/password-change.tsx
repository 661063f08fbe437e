"use client";

import { Button } from "@/components/ui/button.tsx";
import { toasts } from "@/components/ui/toasts.ts";
import { Failure, Field, passwordHint, valuesOf } from "@/features/session/form-parts.tsx";
import { changeSession, useOwnSession } from "@/features/session/own-session.tsx";
import { useAttempt } from "@/features/session/password-form.tsx";
import { tell } from "@/features/session/session-request.ts";

/** Chooses another password. Every other session ends with that. */
export function PasswordChange() {
  const { person } = useOwnSession();
  const { submit, isBusy, failure } = useAttempt(async (form) => {
    const { password, new_password } = valuesOf(form);
    const request = { method: "POST", body: { password, new_password } } as const;
    const refused = await changeSession(() => tell("/api/auth/change-password", request), { stays: true });
    if (refused) return refused;
    form.reset();
    toasts.add({ title: "The password is changed", description: "Your other browsers are signed out." });
    return null;
  });
  return (
    <form onSubmit={submit} noValidate className="rounded-xl border bg-card p-4">
      <input type="hidden" name="username" autoComplete="username" value={person?.email ?? ""} readOnly />
      <div className="max-w-sm">
        <Field label="Password now" name="password" type="password" autoComplete="current-password" />
        <Field
          label="New password"
          name="new_password"
          type="password"
          autoComplete="new-password"
          hint={passwordHint}
        />
      </div>
      <p className="text-pretty text-sm text-soft">
        Every other browser in which you are signed in is signed out.
      </p>
      <Failure failure={failure} />
      <Button type="submit" className="mt-3" disabled={isBusy}>
        Change password
      </Button>
    </form>
  );
}
