"use client";

import { useSyncExternalStore } from "react";
import { CopyButton } from "@/components/copy-button.tsx";
import { demoKey } from "@/features/session/demo-key.ts";
import { Step } from "./step.tsx";

const subscribe = () => () => undefined;

/** Suggests deleting the same chat from a terminal. */
export function TryCurl({ chatId }: { chatId: string }) {
  const origin = useSyncExternalStore(
    subscribe,
    () => window.location.origin,
    () => "",
  );
  const lines = [`curl -X DELETE "${origin}/api/v1/chats/${chatId}"`, `  -H "X-API-Key: ${demoKey}"`];
  const command = lines.join(" \\\n");
  return (
    <Step
      title="From a terminal"
      text="The same deletion, as a program asks for it. Watch the row leave the list."
    >
      <div className="flex w-full items-start gap-1 rounded-xl bg-shore py-1.5 pr-1.5 pl-4">
        <pre className="min-w-0 flex-1 whitespace-pre-wrap break-all py-1.5 font-mono text-[0.8125rem] leading-5">
          <code>{command}</code>
        </pre>
        <CopyButton text={command} label="Copy command" />
      </div>
    </Step>
  );
}
