"use client";

import { type ReactNode, type RefObject, useRef } from "react";
import { closing, useLastShown } from "@/components/ui/dialog.tsx";
import { focusHome } from "@/lib/keep-focus.ts";
import { AlertDialog, AlertDialogContent } from "./ui/dialog.tsx";

export type Question<Asked> = {
  asked: Asked;
  /** Goes to the button that cancels, which gets the focus first. */
  cancelRef: RefObject<HTMLButtonElement | null>;
  /** Does what was confirmed, once: the dialog can still be clicked while it fades out. */
  confirm: (act: () => void) => void;
};

type QuestionDialogProps<Asked> = {
  /** What to ask about; null closes the dialog. */
  asked: Asked | null;
  onCancel: () => void;
  /** The chat whose row goes when it is confirmed, so that the focus goes elsewhere. */
  leaving?: (asked: Asked) => string;
  children: (question: Question<Asked>) => ReactNode;
};

/** Asks before something is done that cannot be undone. */
export function QuestionDialog<Asked>({ asked, onCancel, leaving, children }: QuestionDialogProps<Asked>) {
  const shown = useLastShown(asked);
  const cancelRef = useRef<HTMLButtonElement>(null);
  const confirmed = useRef(false);
  const confirm = (act: () => void) => {
    if (confirmed.current) return;
    confirmed.current = true;
    act();
  };
  return (
    <AlertDialog open={asked !== null} {...closing(onCancel)}>
      <AlertDialogContent
        initialFocus={() => {
          confirmed.current = false;
          return cancelRef.current;
        }}
        finalFocus={() =>
          confirmed.current ? focusHome(shown === null ? undefined : leaving?.(shown)) : true
        }
      >
        {shown === null ? null : children({ asked: shown, cancelRef, confirm })}
      </AlertDialogContent>
    </AlertDialog>
  );
}
