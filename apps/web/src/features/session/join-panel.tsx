"use client";

import { limits } from "@lethe/core/limits";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Skeleton } from "@/components/ui/controls.tsx";
import { roleNames } from "@/features/people/roles.ts";
import { Failure, Field, passwordHint, valuesOf } from "./form-parts.tsx";
import { beginSession } from "./own-session.tsx";
import { PasswordForm, useAttempt } from "./password-form.tsx";
import { ProviderButton } from "./provider-button.tsx";
import { type SessionFailure, signOut, tell } from "./session-request.ts";
import { useOpened } from "./use-opened.ts";

type JoinPanelProps = {
  signedInAs: string | null;
  /** What people call the provider of identities, where there is one. */
  provider: string | null;
};

/** Where a link waits while its holder is at the provider: in this tab, and for as long as that is open. */
const waiting = "lethe-invitation";

/** What an invitation is to, and how whoever holds it takes it. `signedInAs`: their address; null: nobody's. */
export function JoinPanel({ signedInAs, provider }: JoinPanelProps) {
  const {
    token,
    data: invitation,
    failure,
  } = useOpened("/api/invitation/read", (all) => all.openInvitationSchema, waiting);
  if (failure) return <Failure failure={failure} />;
  if (invitation === null) return <Skeleton className="h-24 w-full" />;
  const { tenant_name, email, role, has_account } = invitation;
  return (
    <>
      <p className="mb-5 text-pretty text-sm">
        <strong className="break-words">{tenant_name}</strong> invites{" "}
        <strong className="break-words">{email}</strong> as {roleNames[role].toLowerCase()}.
      </p>
      {provider && signedInAs === null ? (
        <ProviderButton
          label={`Go on with ${provider}`}
          next="/join"
          onLeave={() => sessionStorage.setItem(waiting, token)}
        />
      ) : null}
      {has_account ? (
        <WithAccount email={email} token={token} signedInAs={signedInAs} />
      ) : (
        <NewAccount email={email} token={token} />
      )}
    </>
  );
}

async function accept(token: string, more = {}): Promise<SessionFailure | null> {
  const refused = await tell("/api/invitation/accept", { method: "POST", body: { token, ...more } });
  if (refused === null) sessionStorage.removeItem(waiting);
  return refused;
}

function NewAccount({ email, token }: { email: string; token: string }) {
  const { submit, isBusy, failure } = useAttempt(async (form) => {
    const { name, password } = valuesOf(form);
    const refused = await accept(token, { name, password });
    if (refused) return refused;
    const notIn = await tell("/api/auth/sign-in/email", { method: "POST", body: { email, password } });
    beginSession(notIn ? "/sign-in" : "/chats");
    return null;
  });
  return (
    <form onSubmit={submit} noValidate>
      <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      <Field label="Your name" name="name" maxLength={limits.nameLength} autoComplete="name" />
      <Field
        label="Choose a password"
        name="password"
        type="password"
        autoComplete="new-password"
        hint={passwordHint}
      />
      <Failure failure={failure} />
      <Button type="submit" variant="primary" className="mt-4 min-h-10! w-full" disabled={isBusy}>
        Create your account and join
      </Button>
    </form>
  );
}

type WithAccountProps = { email: string; token: string; signedInAs: string | null };

function WithAccount({ email, token, signedInAs }: WithAccountProps) {
  const [isIn, setIsIn] = useState(signedInAs === email);
  const [failure, setFailure] = useState<SessionFailure | null>(null);
  const {
    submit,
    isBusy,
    failure: refused,
  } = useAttempt(async () => {
    const refusal = await accept(token);
    if (refusal === null) beginSession("/chats");
    return refusal;
  });
  if (isIn)
    return (
      <form onSubmit={submit}>
        <Failure failure={refused} />
        <Button type="submit" variant="primary" className="mt-3 min-h-10! w-full" disabled={isBusy}>
          Join
        </Button>
      </form>
    );
  if (signedInAs !== null)
    return (
      <>
        <p className="mb-3 text-pretty text-sm">
          You are signed in as <strong className="break-words">{signedInAs}</strong>. Sign out, then open the
          link again.
        </p>
        <Button onClick={async () => setFailure(await signOut())}>Sign out</Button>
        <Failure failure={failure} />
      </>
    );
  return (
    <>
      <p className="mb-4 text-pretty text-sm text-soft">
        There is an account for this address. Sign in to join with it.
      </p>
      <PasswordForm email={email} onSignedIn={() => setIsIn(true)} />
    </>
  );
}
