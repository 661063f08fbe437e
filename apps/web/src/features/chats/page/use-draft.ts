"use client";

import { useCallback, useState } from "react";

const drafts = new Map<string, string>();

/** What is written and not yet sent in a chat. It outlives the chat's page, though not a reload. */
export function useDraft(chatId: string): [string, (draft: string) => void] {
  const [draft, setDraft] = useState(() => drafts.get(chatId) ?? "");
  const keep = useCallback(
    (next: string) => {
      if (next) drafts.set(chatId, next);
      else drafts.delete(chatId);
      setDraft(next);
    },
    [chatId],
  );
  return [draft, keep];
}

/** A chat that is gone for good takes its draft along. */
export function forgetDraft(chatId: string): void {
  drafts.delete(chatId);
}
