"use client";

import { limits } from "@lethe/core/limits";
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
import { type FormEvent, useId, useRef, useState } from "react";
import { Button, buttonVariants, Input } from "@/components/ui/controls.tsx";
import { Dialog, DialogContent } from "@/components/ui/dialog.tsx";
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
import { useStoredValue } from "@/lib/browser.ts";
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

const fallback = "You";

/** The name under which this browser writes messages, and how to change it. */
export function useDisplayName(): [string, (name: string) => void] {
  const [name, setName] = useStoredValue("lethe-display-name", fallback);
  return [name.trim() || fallback, setName];
}

/** Asks under which name this browser writes. */
export function DisplayNameDialog(props: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange}>
      <DialogContent
        title="Display name"
        description="The author of messages that you write in this browser."
      >
        <NameForm onDone={() => props.onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

function NameForm({ onDone }: { onDone: () => void }) {
  const [name, setName] = useDisplayName();
  const [draft, setDraft] = useState(name);
  const id = useId();

  function save(event: FormEvent) {
    event.preventDefault();
    if (!draft.trim()) return;
    setName(draft.trim());
    onDone();
  }

  return (
    <form onSubmit={save} className="mt-4 flex flex-col gap-4">
      <div>
        <label htmlFor={id} className="font-medium text-sm">
          Name
        </label>
        <Input
          id={id}
          className="mt-1.5"
          value={draft}
          maxLength={limits.authorLength}
          autoComplete="nickname"
          onChange={(event) => setDraft(event.target.value)}
        />
      </div>
      <Button type="submit" variant="primary" className="self-end" disabled={!draft.trim()}>
        Save
      </Button>
    </form>
  );
}
