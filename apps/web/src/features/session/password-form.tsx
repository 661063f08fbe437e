"use client";

import { limits } from "@lethe/core/limits";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Failure, Field, valuesOf } from "./form-parts.tsx";
import { ask, type SessionFailure, tell } from "./session-request.ts";

type PasswordFormProps = {
  /** What stands below for who has forgotten theirs. */
  forgotten?: ReactNode;
  /** Whose password it is, where that is certain. */
  email?: string;
  /** Called once the browser is signed in. */
  onSignedIn: () => void;
};

/** Signs a person in: address and password, and the code of their second factor where they have one. */
export function PasswordForm({ email, onSignedIn, forgotten }: PasswordFormProps) {
  const [needsCode, setNeedsCode] = useState(false);
  return needsCode ? (
    <CodeForm onSignedIn={onSignedIn} onBack={() => setNeedsCode(false)} />
  ) : (
    <>
      <FirstForm email={email} onSignedIn={onSignedIn} onCode={() => setNeedsCode(true)} />
      {forgotten}
    </>
  );
}

type FirstFormProps = { email: string | undefined; onSignedIn: () => void; onCode: () => void };

function FirstForm({ email, onSignedIn, onCode }: FirstFormProps) {
  const { submit, isBusy, failure } = useAttempt(async (form) => {
    const values = valuesOf(form);
    const body = { email: email ?? values.email ?? "", password: values.password ?? "" };
    const { data, failure } = await ask(
      "/api/auth/sign-in/email",
      { method: "POST", body },
      (schemas) => schemas.signedInSchema,
    );
    if (failure) return failure;
    if (data.second_factor) onCode();
    else onSignedIn();
    return null;
  });
  return (
    <form onSubmit={submit} noValidate>
      {email === undefined ? (
        <Field
          label="Email"
          name="email"
          type="email"
          autoComplete="username"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={limits.emailLength}
        />
      ) : (
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      )}
      <Field label="Password" name="password" type="password" autoComplete="current-password" />
      <Failure failure={failure} />
      <Button type="submit" variant="primary" className="mt-4 min-h-10! w-full" disabled={isBusy}>
        Sign in
      </Button>
    </form>
  );
}

/** Asks for the code of an authenticator app, or for one of the backup codes. */
function CodeForm({ onSignedIn, onBack }: { onSignedIn: () => void; onBack: () => void }) {
  const [isBackup, setIsBackup] = useState(false);
  const { submit, isBusy, failure } = useAttempt(async (form) => {
    const path = isBackup ? "/api/auth/two-factor/verify-backup-code" : "/api/auth/two-factor/verify-totp";
    const refused = await tell(path, { method: "POST", body: { code: valuesOf(form).code ?? "" } });
    if (refused === null) onSignedIn();
    return refused;
  });
  return (
    <form onSubmit={submit} noValidate>
      <Field
        key={String(isBackup)}
        label={isBackup ? "Backup code" : "Code"}
        name="code"
        // It takes the place of the form that was just sent.
        autoFocus
        autoComplete="one-time-code"
        inputMode={isBackup ? "text" : "numeric"}
        className="mt-1.5 font-mono"
        hint={
          isBackup
            ? "One of those that you kept when you turned it on."
            : "The six digits that your authenticator app shows now."
        }
      />
      <Failure failure={failure} />
      <Button type="submit" variant="primary" className="mt-4 min-h-10! w-full" disabled={isBusy}>
        Sign in
      </Button>
      <div className="mt-3 flex flex-wrap justify-between gap-2">
        <Button variant="ghost" size="sm" onClick={onBack}>
          Start again
        </Button>
        <Button variant="ghost" size="sm" onClick={() => setIsBackup(!isBackup)}>
          {isBackup ? "Use the app instead" : "Use a backup code"}
        </Button>
      </div>
    </form>
  );
}

/** A form that is sent once at a time, and says why it was refused. `act` answers that, or null. */
export function useAttempt(act: (form: HTMLFormElement) => Promise<SessionFailure | null>) {
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<SessionFailure | null>(null);
  const running = useRef(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    if (running.current) return;
    running.current = true;
    setIsBusy(true);
    setFailure(null);
    const refused = await act(form);
    running.current = false;
    setIsBusy(false);
    setFailure(refused);
    if (refused) form.querySelector<HTMLElement>("input:not([type=hidden], [readonly])")?.focus();
  }

  return { submit, failure, isBusy };
}
