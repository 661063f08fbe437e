"use client";

import { limits } from "@lethe/core/limits";
import { Button } from "@/components/ui/button.tsx";
import { Failure, Field, passwordHint, valuesOf } from "./form-parts.tsx";
import { beginSession } from "./own-session.tsx";
import { useAttempt } from "./password-form.tsx";
import { tell } from "./session-request.ts";

/** Makes the first person, who owns the tenant, and signs them in. */
export function SetUpForm() {
  const { submit, isBusy, failure } = useAttempt(async (form) => {
    const { code, tenant_name, name, email, password } = valuesOf(form);
    const body = { code, tenant_name, name, email, password };
    const refused = await tell("/api/set-up", { method: "POST", body });
    if (refused) return refused;
    const notIn = await tell("/api/auth/sign-in/email", { method: "POST", body: { email, password } });
    beginSession(notIn ? "/sign-in" : "/chats");
    return null;
  });
  return (
    <form onSubmit={submit} noValidate>
      <Field
        label="Code"
        name="code"
        autoComplete="off"
        spellCheck={false}
        className="mt-1.5 font-mono"
        hint={
          <>
            The server printed it when it started: <code className="font-mono">set_up_code</code> in its log.
            It is good once.
          </>
        }
      />
      <Field
        label="Name of your tenant"
        name="tenant_name"
        maxLength={limits.nameLength}
        autoComplete="organization"
      />
      <Field label="Your name" name="name" maxLength={limits.nameLength} autoComplete="name" />
      <Field label="Email" name="email" type="email" maxLength={limits.emailLength} autoComplete="username" />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        hint={passwordHint}
      />
      <Failure failure={failure} />
      <Button type="submit" variant="primary" className="mt-4 min-h-10! w-full" disabled={isBusy}>
        Create your account
      </Button>
    </form>
  );
}
