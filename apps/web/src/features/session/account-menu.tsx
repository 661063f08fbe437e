"use client";

import { Keyboard, LogOut, Monitor, Moon, ScrollText, SlidersHorizontal, Sun, UserRound } from "lucide-react";
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
import { useTheme } from "@/lib/theme.ts";
import { tellSessionChanged } from "./own-session.tsx";
import { deleteSession, type SessionFailure } from "./session-request.ts";

type AccountMenuProps = OpenedMenu & { onName: () => void; onShortcuts: () => void };

/** Settings of this browser, and the sign-out. */
export function AccountMenu({ onName, onShortcuts, ...opened }: AccountMenuProps) {
  const [theme, setTheme] = useTheme();

  async function endSession() {
    const failure = await signOut();
    if (failure)
      toasts.add({ type: "error", timeout: 0, title: "Not signed out", description: failure.message });
  }

  return (
    <Menu {...opened} label="Settings" container={(button) => button.parentElement}>
      <MenuItem render={<Link href="/deletions" />}>
        <ScrollText aria-hidden="true" />
        Deletions and receipts
      </MenuItem>
      <MenuItem render={<Link href="/settings" />}>
        <SlidersHorizontal aria-hidden="true" />
        Retention and webhooks
      </MenuItem>
      <MenuSeparator />
      <MenuItem onClick={onName}>
        <UserRound aria-hidden="true" />
        Display name…
      </MenuItem>
      <MenuItem onClick={onShortcuts}>
        <Keyboard aria-hidden="true" />
        Keyboard shortcuts
      </MenuItem>
      <MenuSeparator />
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
      <MenuItem onClick={() => void endSession()}>
        <LogOut aria-hidden="true" />
        Sign out
      </MenuItem>
    </Menu>
  );
}

/** Signs out. A full load follows, so that nothing of the session stays in memory. Returns only a failure. */
async function signOut(): Promise<SessionFailure | null> {
  const failure = await deleteSession();
  if (failure) return failure;
  tellSessionChanged();
  window.location.assign("/sign-in");
  return null;
}
