"use client";

import { type ReactNode, useEffect, useRef } from "react";
import { CopyButton } from "./copy-button.tsx";
import { Button } from "./ui/controls.tsx";
import {
  AlertDialog,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogTitle,
  useLastShown,
} from "./ui/dialog.tsx";

type SecretDialogProps = {
  /** What is shown once; null closes the dialog. */
  secret: string | null;
  title: string;
  /** What it is for. */
  description: ReactNode;
  /** Such as "Copy signing secret". */
  copyLabel: string;
  onDone: () => void;
};

/**
 * Shows a secret that is never shown again. Only its button closes it: neither Escape nor a click beside it, and the browser
 * asks before it leaves the page.
 */
export function SecretDialog({ secret, title, description, copyLabel, onDone }: SecretDialogProps) {
  const shown = useLastShown(secret);
  const copy = useRef<HTMLDivElement>(null);
  const isOpen = secret !== null;
  useEffect(() => {
    if (!isOpen) return;
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", stay);
    return () => window.removeEventListener("beforeunload", stay);
  }, [isOpen]);
  return (
    <AlertDialog open={isOpen}>
      <AlertDialogContent initialFocus={() => copy.current?.querySelector("button") ?? true}>
        <AlertDialogTitle>{title}</AlertDialogTitle>
        <AlertDialogDescription>
          {description} Copy it now: <strong className="text-ink">it is not shown again.</strong>
        </AlertDialogDescription>
        <div ref={copy} className="mt-4 flex items-start gap-1 rounded-lg border bg-shore p-3">
          <code className="min-w-0 flex-1 break-all font-mono text-[0.8125rem] leading-6">{shown}</code>
          <CopyButton text={shown ?? ""} label={copyLabel} className="size-6! [&_svg]:size-3.5!" />
        </div>
        <div className="mt-6 flex justify-end">
          <Button variant="primary" onClick={onDone}>
            I have copied it
          </Button>
        </div>
      </AlertDialogContent>
    </AlertDialog>
  );
}
