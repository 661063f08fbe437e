"use client";

import { Switch } from "@base-ui/react/switch";
import { Fragment } from "react";
import { Kbd } from "@/components/ui/controls.tsx";
import { Dialog, DialogContent } from "@/components/ui/dialog.tsx";
import { useSingleKeys } from "./use-shortcuts.ts";

const shortcuts: [keys: string[], what: string][] = [
  [["Ctrl", "K"], "Go, create, act (⌘ K on a Mac)"],
  [["/"], "Search chats"],
  [["?"], "Show this list"],
  [["↓", "j"], "Next chat"],
  [["↑", "k"], "Previous chat"],
  [["Home"], "First chat"],
  [["End"], "Last loaded chat"],
  [["Enter"], "Open the chat"],
  [["→"], "To the row's buttons; ← back, and on to its checkbox"],
  [["x", "Space"], "Select the chat, or no longer"],
  [["Shift", "↓"], "Select more; with ↑, Home and End too"],
  [["Ctrl", "A"], "Select all loaded chats (⌘ A on a Mac)"],
  [["Esc"], "Select nothing"],
  [["Delete"], "Move the chat, or what is selected, to the Trash"],
  [["Shift", "Delete"], "Delete it permanently, after a question"],
  [["Ctrl", "Z"], "Undo the last deletion (⌘ Z on a Mac)"],
  [["Enter"], "In the composer: send"],
  [["Shift", "Enter"], "In the composer: new line"],
  [["F6"], "To the notifications"],
];

/** The keys that the dashboard knows, and the switch that turns single keys off. */
export function ShortcutsDialog(props: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const [isOn, setIsOn] = useSingleKeys();
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange}>
      <DialogContent title="Keyboard shortcuts">
        <dl className="mt-4 grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2 text-sm">
          {shortcuts.map(([keys, what]) => (
            <Fragment key={what}>
              <dt className="flex justify-end gap-1">
                {keys.map((key) => (
                  <Kbd key={key}>{key}</Kbd>
                ))}
              </dt>
              <dd className="text-soft">{what}</dd>
            </Fragment>
          ))}
        </dl>
        {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is the control */}
        <label className="mt-5 flex items-center justify-between gap-4 border-t pt-4 text-sm">
          <span>Use single keys as shortcuts: / ? j k x Space Delete Backspace</span>
          <Switch.Root
            checked={isOn}
            onCheckedChange={setIsOn}
            className="flex h-6 w-10 shrink-0 rounded-full bg-edge p-0.5 transition-colors data-checked:bg-river"
          >
            <Switch.Thumb className="size-5 rounded-full bg-card shadow-sm transition-transform data-checked:translate-x-4" />
          </Switch.Root>
        </label>
      </DialogContent>
    </Dialog>
  );
}
