"use client";

import {
  Keyboard,
  LogOut,
  Monitor,
  Moon,
  ScrollText,
  Settings,
  SlidersHorizontal,
  Sun,
  UserRound,
} from "lucide-react";
import Link from "next/link";
import { useTheme } from "next-themes";
import { useRef, useState } from "react";
import { buttonVariants } from "@/components/ui/button.tsx";
import {
  Menu,
  MenuContent,
  MenuGroup,
  MenuItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
  MenuTrigger,
} from "@/components/ui/menu.tsx";
import { toasts } from "@/components/ui/toast.tsx";
import { DisplayNameDialog } from "./display-name.tsx";
import { signOut } from "./own-session.tsx";

/** Settings of this browser, and the sign-out. */
export function AccountMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { theme, setTheme } = useTheme();
  const container = useRef<HTMLDivElement>(null);
  const [isNaming, setIsNaming] = useState(false);

  async function endSession() {
    const failure = await signOut();
    if (failure)
      toasts.add({ type: "error", timeout: 0, title: "Not signed out", description: failure.message });
  }

  return (
    <div ref={container}>
      <Menu>
        <MenuTrigger aria-label="Settings" className={buttonVariants({ variant: "ghost", size: "icon" })}>
          <Settings aria-hidden="true" />
        </MenuTrigger>
        <MenuContent container={container}>
          <MenuItem render={<Link href="/deletions" />}>
            <ScrollText aria-hidden="true" />
            Deletions and receipts
          </MenuItem>
          <MenuItem render={<Link href="/settings" />}>
            <SlidersHorizontal aria-hidden="true" />
            Retention and webhooks
          </MenuItem>
          <MenuSeparator />
          <MenuItem onClick={() => setIsNaming(true)}>
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
            <MenuRadioGroup value={theme ?? "system"} onValueChange={setTheme}>
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
        </MenuContent>
      </Menu>
      <DisplayNameDialog open={isNaming} onOpenChange={setIsNaming} />
    </div>
  );
}
