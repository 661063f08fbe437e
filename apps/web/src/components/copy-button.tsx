"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { cn } from "@/components/ui/controls.tsx";
import { copyText } from "@/lib/browser.ts";
import { buttonVariants } from "./ui/controls.tsx";

/** Copies `text`. `label` says what, such as "Copy request id"; it changes to "Copied" for a moment. */
export function CopyButton(props: { text: string; label: string; className?: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      aria-label={copied ? "Copied" : props.label}
      title={props.label}
      onClick={async () => setCopied(await copyText(props.text))}
      className={cn(buttonVariants({ variant: "ghost", size: "icon-sm" }), props.className)}
    >
      {copied ? <Check aria-hidden="true" className="text-live" /> : <Copy aria-hidden="true" />}
    </button>
  );
}

/** The id under which the server's log has a failed request. */
export function RequestId({ id }: { id: string | undefined }) {
  if (!id) return null;
  return (
    <p className="flex min-w-0 items-center gap-1 text-soft text-xs">
      <span className="shrink-0">Request id</span>
      <code className="min-w-0 truncate font-mono text-[0.6875rem]">{id}</code>
      <CopyButton text={id} label="Copy request id" className="size-6! [&_svg]:size-3.5!" />
    </p>
  );
}
