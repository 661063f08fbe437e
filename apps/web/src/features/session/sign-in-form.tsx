"use client";

import { KeyRound } from "lucide-react";
import { type FormEvent, useId, useRef, useState } from "react";
import { RequestId } from "@/components/copy-button.tsx";
import { Button, Input } from "@/components/ui/controls.tsx";
import { useListening } from "@/lib/browser.ts";
import { tellSessionChanged } from "./own-session.tsx";
import { createSession, demoKey, type SessionFailure } from "./session-request.ts";

type Attempt = "idle" | "demo" | "key";

/** Exchanges an API key, or the demo's, for a session, then goes to `next`. */
export function SignInForm({ demo, next }: { demo: boolean; next: string }) {
  const [attempt, setAttempt] = useState<Attempt>("idle");
  const [failure, setFailure] = useState<SessionFailure | null>(null);
  const canSignIn = useListening() && attempt === "idle";
  // It holds its own value: a browser may fill it in before the page listens.
  const field = useRef<HTMLInputElement>(null);
  const fieldId = useId();
  const hintId = useId();

  async function signIn(kind: Attempt, key: string) {
    if (attempt !== "idle") return;
    setAttempt(kind);
    setFailure(null);
    const refused = await createSession(key);
    if (refused === null) {
      tellSessionChanged();
      window.location.assign(next);
      return;
    }
    setFailure(refused);
    setAttempt("idle");
    if (kind === "key") field.current?.focus();
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    const key = field.current?.value.trim();
    if (key) return void signIn("key", key);
    setFailure({ message: "Paste your API key first.", requestId: undefined });
    field.current?.focus();
  }

  return (
    <>
      {demo ? (
        <>
          <Button
            variant="primary"
            size="lg"
            className="w-full"
            disabled={!canSignIn}
            onClick={() => signIn("demo", demoKey)}
          >
            {attempt === "demo" ? "Opening the demo…" : "Try the demo"}
          </Button>
          <p className="mt-2 text-center text-soft text-xs">
            Sample chats on this machine. Delete all you like.
          </p>
          <div className="my-6 flex items-center gap-3 text-soft text-xs">
            <span className="h-px flex-1 bg-line" />
            or
            <span className="h-px flex-1 bg-line" />
          </div>
        </>
      ) : null}
      <form onSubmit={submit} noValidate>
        <label htmlFor={fieldId} className="font-medium text-sm">
          API key
        </label>
        <div className="relative mt-1.5">
          <KeyRound
            aria-hidden="true"
            className="pointer-events-none absolute top-3 left-3 size-4 text-soft"
          />
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
        <div role="alert" className="empty:hidden mt-3 rounded-lg bg-blush px-3 py-2.5 text-sm">
          {failure ? (
            <>
              <p className="text-danger">{failure.message}</p>
              <RequestId id={failure.requestId} />
            </>
          ) : null}
        </div>
        <Button
          type="submit"
          variant={demo ? "outline" : "primary"}
          className="mt-4 min-h-10! w-full"
          disabled={!canSignIn}
        >
          {attempt === "key" ? "Signing in…" : "Sign in"}
        </Button>
      </form>
    </>
  );
}
