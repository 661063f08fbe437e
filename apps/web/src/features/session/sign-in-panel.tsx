"use client";

import Link from "next/link";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { buttonVariants } from "@/components/ui/controls.tsx";
import { SecondFactor } from "@/features/account/second-factor.tsx";
import type { Entrances } from "./current-session.ts";
import { Failure, Field, valuesOf } from "./form-parts.tsx";
import { KeyForm } from "./key-form.tsx";
import { beginSession } from "./own-session.tsx";
import { PasswordForm, useAttempt } from "./password-form.tsx";
import { Or, ProviderButton } from "./provider-button.tsx";
import { demoKey, type SessionFailure, signInWithKey, signOut, tell } from "./session-request.ts";

type SignInPanelProps = {
  entrances: Entrances;
  next: string;
  /** Why a provider's answer was not taken. */
  refused: string | null;
};

/** The ways in that there are here, the likeliest first. All lead to `next`. */
export function SignInPanel({ entrances, next, refused }: SignInPanelProps) {
  const { demo, people, keys, outside, provider } = entrances;
  const [withKey, setWithKey] = useState(!people);
  if (outside) return <Outside person={outside} />;
  return (
    <>
      {demo ? <DemoButton next={next} /> : null}
      {provider && !withKey ? (
        <ProviderButton label={`Sign in with ${provider}`} next={next} refused={refused} />
      ) : null}
      {withKey ? (
        <KeyForm next={next} isFirst={!demo} />
      ) : (
        <PasswordForm
          onSignedIn={() => beginSession(next)}
          forgotten={<Forgotten sendsMail={entrances.sendsMail} />}
        />
      )}
      {people && keys ? (
        <Button variant="ghost" size="sm" className="mt-3 w-full" onClick={() => setWithKey(!withKey)}>
          {withKey ? "Use your password instead" : "Use an API key instead"}
        </Button>
      ) : null}
      {people ? null : (
        <p className="mt-4 text-pretty text-center text-soft text-xs">
          Nobody has an account here yet.{" "}
          <Link
            href="/set-up"
            className="inline-flex min-h-6 items-center font-medium text-river hover:underline"
          >
            Set up the first
          </Link>
        </p>
      )}
    </>
  );
}

/** What who has forgotten their password does: by mail, or through whoever runs this Lethe. */
function Forgotten({ sendsMail }: { sendsMail: boolean }) {
  const [isAsking, setIsAsking] = useState(false);
  const [isSent, setIsSent] = useState(false);
  const { submit, isBusy, failure } = useAttempt(async (form) => {
    const refused = await tell("/api/password/forgotten", {
      method: "POST",
      body: { email: valuesOf(form).email ?? "" },
    });
    setIsSent(refused === null);
    return refused;
  });
  if (!sendsMail)
    return (
      <p className="mt-4 text-pretty text-center text-soft text-xs">
        Forgotten your password? Whoever runs this Lethe gives you a link.
      </p>
    );
  if (!isAsking)
    return (
      <Button variant="ghost" size="sm" className="mt-3 w-full" onClick={() => setIsAsking(true)}>
        Forgotten your password?
      </Button>
    );
  return (
    <form onSubmit={submit} noValidate className="mt-5 border-t pt-4">
      <Field
        label="Where should the link go?"
        name="email"
        type="email"
        autoComplete="username"
        autoFocus
        hint="If this address has an account, it is sent a link for another password. It is good for an hour."
      />
      <Failure failure={failure} />
      <p role="status" className="empty:hidden mb-3 text-sm">
        {isSent ? "If there is an account, the letter is on its way." : null}
      </p>
      <Button type="submit" className="min-h-10! w-full" disabled={isBusy}>
        Send the link
      </Button>
    </form>
  );
}

function DemoButton({ next }: { next: string }) {
  const [isOpening, setIsOpening] = useState(false);
  const [failure, setFailure] = useState<SessionFailure | null>(null);

  async function open() {
    setIsOpening(true);
    const refused = await signInWithKey(demoKey);
    if (refused === null) return beginSession(next);
    setFailure(refused);
    setIsOpening(false);
  }

  return (
    <>
      <Button variant="primary" size="lg" className="w-full" disabled={isOpening} onClick={open}>
        {isOpening ? "Opening the demo…" : "Try the demo"}
      </Button>
      <p className="mt-2 text-center text-soft text-xs">Sample chats on this machine. Delete all you like.</p>
      <Failure failure={failure} />
      <Or />
    </>
  );
}

/** Somebody who has an account and looks at no tenant. */
function Outside({ person }: { person: NonNullable<Entrances["outside"]> }) {
  const [failure, setFailure] = useState<SessionFailure | null>(null);
  const open = person.tenants.filter(({ lacksSecondFactor }) => !lacksSecondFactor);
  const closed = person.tenants.filter(({ lacksSecondFactor }) => lacksSecondFactor);
  async function enter(tenantId: string) {
    const refused = await tell("/api/session/tenant", { method: "PUT", body: { tenant_id: tenantId } });
    if (refused === null) beginSession("/chats");
    else setFailure(refused);
  }
  return (
    <div className="flex flex-col gap-3 text-sm">
      <p className="text-pretty">
        You are signed in as <strong className="break-words">{person.email}</strong>
        {person.tenants.length === 0
          ? " and belong to no tenant. Ask an owner for an invitation to this address."
          : open.length === 0
            ? "."
            : ". Where do you want to go?"}
      </p>
      {open.map(({ id, name }) => (
        <button key={id} type="button" className={buttonVariants()} onClick={() => void enter(id)}>
          <span className="min-w-0 truncate">{name}</span>
        </button>
      ))}
      {closed.length > 0 ? (
        <>
          <p className="text-pretty">
            <strong className="break-words">{closed.map(({ name }) => name).join(", ")}</strong>{" "}
            {closed.length === 1 ? "asks" : "ask"} for a second factor. Turn yours on to go in.
          </p>
          <SecondFactor isOn={person.hasSecondFactor} onDone={() => beginSession("/chats")} />
        </>
      ) : null}
      <Button variant="ghost" onClick={async () => setFailure(await signOut())}>
        Sign out
      </Button>
      <Failure failure={failure} />
    </div>
  );
}
