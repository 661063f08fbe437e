"use client";

import { Toolbar } from "@base-ui/react/toolbar";
import { Trash2 } from "lucide-react";
import { buttonVariants } from "@/components/ui/button.tsx";
import { useSelectChats } from "../select/select-chats.tsx";
import { useBulkActions } from "./bulk-actions.tsx";
import { mostTrashed } from "./read-matching-ids.ts";

/** What can be done with what is selected. */
export function SelectionActions() {
  const { selection } = useSelectChats();
  const { trashSelected, askToDeleteSelected } = useBulkActions();
  const canTrash = selection.kind === "some" || selection.count <= mostTrashed;
  return (
    <div className="flex flex-wrap gap-1.5">
      {canTrash ? (
        <Toolbar.Button
          className={buttonVariants({ size: "sm", className: "grow max-sm:px-2 max-[22rem]:[&_svg]:hidden" })}
          onClick={trashSelected}
        >
          <Trash2 aria-hidden="true" />
          Move to Trash
        </Toolbar.Button>
      ) : (
        <p className="w-full px-2 text-[0.8125rem] text-soft">
          The Trash takes up to {mostTrashed.toLocaleString("en")} at once.
        </p>
      )}
      <Toolbar.Button
        className={buttonVariants({
          size: "sm",
          className: "grow max-sm:px-2 hover:border-danger hover:text-danger",
        })}
        onClick={askToDeleteSelected}
      >
        Delete permanently…
      </Toolbar.Button>
    </div>
  );
}
