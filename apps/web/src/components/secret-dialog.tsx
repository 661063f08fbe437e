"use client";

import { type ReactNode, useEffect, useRef, useSyncExternalStore } from "react";
import { CopyButton } from "./copy-button.tsx";
import { Button } from "./ui/button.tsx";
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
 * Shows a secret that is never shown again. Only its button closes it: neither Escape nor a click beside it, nor the way back to
 * another page of the dashboard (`LeftSecrets`), and the browser asks before it leaves for elsewhere.
 */
export function SecretDialog(props: SecretDialogProps) {
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(
    () => () => {
      if (latest.current.secret !== null) setLeft([...left, latest.current]);
    },
    [],
  );
  function finish() {
    latest.current = { ...props, secret: null };
    props.onDone();
  }
  return <Shown {...props} onDone={finish} />;
}

/** What is shown of pages that were left before somebody had copied it. */
let left: readonly SecretDialogProps[] = [];
const none: readonly SecretDialogProps[] = [];
const listeners = new Set<() => void>();

function setLeft(next: readonly SecretDialogProps[]): void {
  left = next;
  for (const listener of listeners) listener();
}

function onLeft(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Goes on showing secrets whose pages have gone, one after the other. It stands beside the pages. */
export function LeftSecrets() {
  const [first] = useSyncExternalStore(
    onLeft,
    () => left,
    () => none,
  );
  return first ? <Shown {...first} onDone={() => setLeft(left.slice(1))} /> : null;
}

function Shown({ secret, title, description, copyLabel, onDone }: SecretDialogProps) {
  const shown = useLastShown(secret);
  const isOpen = secret !== null;
  useEffect(() => {
    if (!isOpen) return;
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", stay);
    return () => window.removeEventListener("beforeunload", stay);
  }, [isOpen]);
  return (
    <AlertDialog open={isOpen}>
      <AlertDialogContent>
        <AlertDialogTitle>{title}</AlertDialogTitle>
        <AlertDialogDescription>
          {description} Copy it now: <strong className="text-ink">it is not shown again.</strong>
        </AlertDialogDescription>
        <div className="mt-4 flex items-start gap-1 rounded-lg border bg-shore p-3">
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
