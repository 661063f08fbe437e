"use client";

import { Section } from "@/components/page-frame.tsx";
import { useOwnSession } from "@/features/session/own-session.tsx";
import { SettingsFrame } from "@/features/settings/settings-frame.tsx";
import { PasswordChange } from "./password-change.tsx";
import { ProviderConnection } from "./provider-connection.tsx";
import { SecondFactor } from "./second-factor.tsx";
import { SessionList } from "./session-list.tsx";

/** What is a person's own: their sessions, their password, their second factor. */
export function AccountPage() {
  const { person, provider } = useOwnSession();
  return (
    <SettingsFrame>
      {person === null ? (
        <p className="text-sm text-soft">
          An account is a person's, and this browser was signed in with an API key. Sign in with a password to
          see yours.
        </p>
      ) : (
        <>
          <p className="mb-8 text-sm text-soft">
            <strong className="font-medium text-ink">{person.name}</strong>, {person.email}
          </p>
          <Section
            title="Where you are signed in"
            description="Browsers with a session of yours, the newest first. One lasts for seven days."
          >
            <SessionList />
          </Section>
          {provider ? (
            <Section
              title={`Signing in with ${provider}`}
              description="Whoever is you there is you here, without a password, and without the code of an app."
            >
              <ProviderConnection provider={provider} person={person} />
            </Section>
          ) : null}
          {person.hasPassword ? <Passwords hasSecondFactor={person.hasSecondFactor} /> : null}
        </>
      )}
    </SettingsFrame>
  );
}

/** What only who signs in by a password has. */
function Passwords({ hasSecondFactor }: { hasSecondFactor: boolean }) {
  return (
    <>
      <Section
        title="Second factor"
        description="A code of an app on your phone, besides your password. Without it whoever has your password is you."
      >
        <SecondFactor isOn={hasSecondFactor} />
      </Section>
      <Section title="Password">
        <PasswordChange />
      </Section>
    </>
  );
}
