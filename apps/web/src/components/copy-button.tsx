"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { cn } from "@/lib/cn.ts";
import { copyText } from "@/lib/copy-text.ts";
import { buttonVariants } from "./ui/button.tsx";

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
