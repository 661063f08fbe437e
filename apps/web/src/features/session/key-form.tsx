"use client";

import { KeyRound } from "lucide-react";
import { type FormEvent, useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/controls.tsx";
import { Failure } from "./form-parts.tsx";
import { beginSession } from "./own-session.tsx";
import { type SessionFailure, signInWithKey } from "./session-request.ts";

/** Exchanges an API key for a session, then goes to `next`. */
export function KeyForm({ next, isFirst }: { next: string; isFirst: boolean }) {
  const [isTrying, setIsTrying] = useState(false);
  const [failure, setFailure] = useState<SessionFailure | null>(null);
  // It holds its own value: a browser may fill it in before the page listens.
  const field = useRef<HTMLInputElement>(null);
  const fieldId = useId();
  const hintId = useId();

  async function signIn(key: string) {
    if (isTrying) return;
    setIsTrying(true);
    setFailure(null);
    const refused = await signInWithKey(key);
    if (refused === null) return beginSession(next);
    setFailure(refused);
    setIsTrying(false);
    field.current?.focus();
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    const key = field.current?.value.trim();
    if (key) return void signIn(key);
    setFailure({ message: "Paste your API key first." });
    field.current?.focus();
  }

  return (
    <form onSubmit={submit} noValidate>
      <label htmlFor={fieldId} className="font-medium text-sm">
        API key
      </label>
      <div className="relative mt-1.5">
        <KeyRound aria-hidden="true" className="pointer-events-none absolute top-3 left-3 size-4 text-soft" />
        <Input
          id={fieldId}
          ref={field}
          type="password"
          name="api-key"
          autoComplete="current-password"
          autoCapitalize="off"
          spellCheck={false}
          className="pl-9! font-mono"
          aria-invalid={failure ? true : undefined}
          aria-describedby={hintId}
        />
      </div>
      <p id={hintId} className="mt-1.5 text-soft text-xs">
        It is exchanged for a session cookie and not kept in this browser.
      </p>
      <Failure failure={failure} />
      <Button
        type="submit"
        variant={isFirst ? "primary" : "outline"}
        className="mt-4 min-h-10! w-full"
        disabled={isTrying}
      >
        {isTrying ? "Signing in…" : "Sign in"}
      </Button>
    </form>
  );
}
