"use client";

import {
  Building2,
  Keyboard,
  KeyRound,
  LogOut,
  Monitor,
  Moon,
  PenLine,
  SlidersHorizontal,
  Sun,
  UserRound,
  Users,
} from "lucide-react";
import Link from "next/link";
import {
  Menu,
  MenuGroup,
  MenuItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
} from "@/components/ui/menu.tsx";
import type { OpenedMenu } from "@/components/ui/menu-button.tsx";
import { toasts } from "@/components/ui/toasts.ts";
import { roleNames } from "@/features/people/roles.ts";
import { useTheme } from "@/lib/theme.ts";
import { beginSession, changeSession, type OwnSession, useOwnSession } from "./own-session.tsx";
import { demoKeys, type SessionFailure, signInWithKey, signOut, tell } from "./session-request.ts";

type AccountMenuProps = OpenedMenu & { onName: () => void; onShortcuts: () => void };

/** Settings of this browser, and the sign-out. */
export function AccountMenu({ onName, onShortcuts, ...opened }: AccountMenuProps) {
  const [theme, setTheme] = useTheme();
  const session = useOwnSession();

  /** Says why something was not done, if it was not. */
  function report(title: string, failure: SessionFailure | null): boolean {
    if (failure) toasts.add({ type: "error", timeout: 0, title, description: failure.message });
    return failure === null;
  }
  async function lookAt(tenantId: string) {
    const request = { method: "PUT", body: { tenant_id: tenantId } } as const;
    const failure = await changeSession(() => tell("/api/session/tenant", request));
    if (report("Still in the same tenant", failure)) beginSession("/chats");
  }
  async function seeAs(role: string) {
    const key = demoKeys.find((one) => one.role === role)?.key ?? "";
    const failure = await changeSession(() => signInWithKey(key));
    if (report("The role was not changed", failure)) beginSession("/chats");
  }

  return (
    <Menu {...opened} label="Settings" container={(button) => button.parentElement}>
      <Who session={session} />
      <MenuSeparator />
      <MenuItem render={<Link href="/settings" />}>
        <SlidersHorizontal aria-hidden="true" />
        Retention and webhooks
      </MenuItem>
      <MenuItem render={<Link href="/settings/members" />}>
        <Users aria-hidden="true" />
        Members
      </MenuItem>
      <MenuItem render={<Link href="/settings/keys" />}>
        <KeyRound aria-hidden="true" />
        API keys
      </MenuItem>
      <MenuSeparator />
      {session.person ? (
        <MenuItem render={<Link href="/settings/account" />}>
          <UserRound aria-hidden="true" />
          Your account
        </MenuItem>
      ) : null}
      <MenuItem onClick={onName}>
        <PenLine aria-hidden="true" />
        Display name…
      </MenuItem>
      <MenuItem onClick={onShortcuts}>
        <Keyboard aria-hidden="true" />
        Keyboard shortcuts
      </MenuItem>
      <MenuSeparator />
      {session.person && session.person.tenants.length > 1 ? (
        <>
          <MenuGroup>
            <MenuLabel>Tenant</MenuLabel>
            <MenuRadioGroup value={session.tenant.id} onValueChange={(id) => void lookAt(id)}>
              {session.person.tenants.map(({ id, name }) => (
                <MenuRadioItem key={id} value={id}>
                  <Building2 aria-hidden="true" />
                  <span className="max-w-56 truncate">{name}</span>
                </MenuRadioItem>
              ))}
            </MenuRadioGroup>
          </MenuGroup>
          <MenuSeparator />
        </>
      ) : null}
      {session.isDemo && session.person === null ? (
        <>
          <MenuGroup>
            <MenuLabel>See the demo as</MenuLabel>
            <MenuRadioGroup
              value={demoKeys.findLast(({ mark }) => session.scopes.includes(mark))?.role}
              onValueChange={(role) => void seeAs(role)}
            >
              {demoKeys.map(({ role }) => (
                <MenuRadioItem key={role} value={role}>
                  <UserRound aria-hidden="true" />
                  {roleNames[role]}
                </MenuRadioItem>
              ))}
            </MenuRadioGroup>
          </MenuGroup>
          <MenuSeparator />
        </>
      ) : null}
      <MenuGroup>
        <MenuLabel>Theme</MenuLabel>
        <MenuRadioGroup value={theme} onValueChange={setTheme}>
          <MenuRadioItem value="light">
            <Sun aria-hidden="true" />
            Light
          </MenuRadioItem>
          <MenuRadioItem value="dark">
            <Moon aria-hidden="true" />
            Dark
          </MenuRadioItem>
          <MenuRadioItem value="system">
            <Monitor aria-hidden="true" />
            System
          </MenuRadioItem>
        </MenuRadioGroup>
      </MenuGroup>
      <MenuSeparator />
      <MenuItem onClick={async () => void report("Not signed out", await signOut())}>
        <LogOut aria-hidden="true" />
        Sign out
      </MenuItem>
    </Menu>
  );
}

/** Who is signed in, and as what. */
function Who({ session: { person, name, tenant } }: { session: OwnSession }) {
  return (
    <div className="max-w-72 px-2.5 py-1.5 text-sm">
      <p className="truncate font-medium">{person?.name ?? name}</p>
      <p className="truncate text-soft text-xs">
        {person ? `${person.email} · ` : null}
        {tenant.name}
        {tenant.role ? ` · ${roleNames[tenant.role]}` : null}
      </p>
    </div>
  );
}
