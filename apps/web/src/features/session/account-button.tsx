"use client";

import { Settings } from "lucide-react";
import { useState } from "react";
import { buttonVariants } from "@/components/ui/controls.tsx";
import { MenuButton } from "@/components/ui/menu-button.tsx";
import { later } from "@/lib/later.ts";

const AccountMenu = later(() => import("./account-menu.tsx").then((module) => module.AccountMenu));
const DisplayNameDialog = later(
  () => import("./display-name-dialog.tsx").then((module) => module.DisplayNameDialog),
  ({ open }) => open,
);

/** Opens the menu with what belongs to this browser and its session. */
export function AccountButton({ onShortcuts }: { onShortcuts: () => void }) {
  const [isNaming, setIsNaming] = useState(false);
  return (
    <div>
      <MenuButton
        aria-label="Settings"
        className={buttonVariants({ variant: "ghost", size: "icon" })}
        menu={(opened) => (
          <AccountMenu {...opened} onName={() => setIsNaming(true)} onShortcuts={onShortcuts} />
        )}
      >
        <Settings aria-hidden="true" />
      </MenuButton>
      <DisplayNameDialog open={isNaming} onOpenChange={setIsNaming} />
    </div>
  );
}
