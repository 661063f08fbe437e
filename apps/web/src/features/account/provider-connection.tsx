"use client";

import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogContent } from "@/components/ui/dialog.tsx";
import { toasts } from "@/components/ui/toasts.ts";
import { explainRefusal } from "@/features/session/explain-refusal.ts";
import { Failure, Field, valuesOf } from "@/features/session/form-parts.tsx";
import type { OwnPerson } from "@/features/session/own-session.tsx";
import { useAttempt } from "@/features/session/password-form.tsx";
import { leaveFor, tell } from "@/features/session/session-request.ts";

type ProviderConnectionProps = {
  /** What people call the provider. */
  provider: string;
  person: OwnPerson;
};

/** Connects the provider of identities with whoever is signed in, and takes that back. Both ask for the password. */
export function ProviderConnection({ provider, person }: ProviderConnectionProps) {
  const [isConnected, setIsConnected] = useState(person.isConnected);
  const [isAsking, setIsAsking] = useState(false);
  const refused = explainRefusal(useSearchParams().get("refused"));
  const { submit, isBusy, failure } = useAttempt(async (form) => {
    const { password } = valuesOf(form);
    if (!isConnected) return leaveFor("connect", { next: "/settings/account", password });
    const refused = await tell("/api/auth/provider/disconnect", { method: "POST", body: { password } });
    if (refused) return refused;
    setIsConnected(false);
    setIsAsking(false);
    toasts.add({ title: `${provider} is disconnected`, description: "Your other browsers are signed out." });
    return null;
  });
  return (
    <>
      <div className="flex flex-wrap items-center gap-3 rounded-xl border bg-card p-4">
        <p className="min-w-0 flex-1 basis-40 text-pretty text-sm">
          {isConnected ? "It is connected" : "It is not connected"}
          {isConnected && !person.hasPassword ? ", and your only way in." : "."}
        </p>
        {isConnected && !person.hasPassword ? null : (
          <Button
            size="sm"
            variant={isConnected ? "outline-danger" : "primary"}
            onClick={() => setIsAsking(true)}
          >
            {isConnected ? "Disconnect…" : "Connect…"}
          </Button>
        )}
      </div>
      <Failure failure={refused === null ? null : { message: refused }} />
      <Dialog open={isAsking} onOpenChange={setIsAsking}>
        <DialogContent title={`${isConnected ? "Disconnect" : "Connect"} ${provider}`}>
          <form onSubmit={submit} noValidate className="mt-4">
            {isConnected ? (
              <p className="mb-4 text-pretty text-sm">
                Every other browser in which you are signed in is signed out. You go on signing in with your
                password.
              </p>
            ) : null}
            <Field label="Your password" name="password" type="password" autoComplete="current-password" />
            <Failure failure={failure} />
            <div className="mt-4 flex justify-end">
              <Button type="submit" variant={isConnected ? "danger" : "primary"} disabled={isBusy}>
                {isConnected ? "Disconnect" : `Go to ${provider}`}
              </Button>
            </div>
          </form>
        </DialogContent>
      </Dialog>
    </>
  );
}
