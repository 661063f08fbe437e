"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Failure } from "./form-parts.tsx";
import { leaveFor, type SessionFailure } from "./session-request.ts";

type ProviderButtonProps = {
  label: string;
  /** The page that the provider leads back to. */
  next: string;
  /** Why the provider's last answer was not taken; null: it was, or there was none. */
  refused?: string | null;
  /** Called as the page is left. */
  onLeave?: () => void;
};

/** Goes to the provider of identities to sign in, above the other ways in. */
export function ProviderButton({ label, next, refused = null, onLeave }: ProviderButtonProps) {
  const [isLeaving, setIsLeaving] = useState(false);
  const [failure, setFailure] = useState<SessionFailure | null>(
    refused === null ? null : { message: refused },
  );

  async function leave() {
    setIsLeaving(true);
    setFailure(null);
    onLeave?.();
    const failure = await leaveFor("sign-in", { next });
    if (failure === null) return;
    setFailure(failure);
    setIsLeaving(false);
  }

  return (
    <>
      <Button className="min-h-10! w-full" breaks disabled={isLeaving} onClick={() => void leave()}>
        {label}
      </Button>
      <Failure failure={failure} />
      <Or />
    </>
  );
}

/** The line between two ways in. */
export function Or() {
  return (
    <div className="my-6 flex items-center gap-3 text-soft text-xs">
      <span className="h-px flex-1 bg-line" />
      or
      <span className="h-px flex-1 bg-line" />
    </div>
  );
}
