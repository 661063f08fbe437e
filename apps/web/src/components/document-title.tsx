"use client";

import { usePathname } from "next/navigation";
import { useLayoutEffect, useSyncExternalStore } from "react";
import type { AppRoutes } from "../../.next/types/routes.d.ts";

/** What each page is called in the browser's tab. The compiler asks for those of new pages. */
const titles: Record<Exclude<AppRoutes, "/">, string> = {
  "/chats": "Chats",
  "/chats/[id]": "Chat",
  "/chats/try": "Delete something",
  "/deletions": "Deletions",
  "/deletions/[id]": "Deletion",
  "/deletions/jobs": "Deletion jobs",
  "/deletions/jobs/[id]": "Deletion job",
  "/join": "Join",
  "/left": "A tenant leaves",
  "/receipts": "Check a receipt",
  "/reset": "New password",
  "/set-up": "Set up",
  "/settings": "Settings",
  "/settings/account": "Your account",
  "/settings/keys": "API keys",
  "/settings/members": "Members",
  "/settings/webhooks/[id]": "Webhook",
  "/sign-in": "Sign in",
  "/trash": "Trash",
};
const byAddress: Partial<Record<string, string>> = titles;

/** What a page found out about itself, and its path: under another it counts no more. */
let own: { path: string; title: string } | undefined;
const listeners = new Set<() => void>();

/**
 * The document's title, which changes in one step with the page. It stands outside of the pages: Next's own metadata comes
 * apart from the page, and leaves the document without a title in between.
 */
export function DocumentTitle() {
  const path = usePathname();
  const known = useSyncExternalStore(subscribe, readOwn, readNone);
  const title = known?.path === path ? known.title : titleOf(path);
  return <title>{`${title} · Lethe`}</title>;
}

/** Has the tab say `title` while the page that calls it is open, in place of what pages of its kind are called. */
export function useDocumentTitle(title: string | undefined): void {
  const path = usePathname();
  useLayoutEffect(() => {
    if (!title) return;
    tell({ path, title });
    return () => tell(undefined);
  }, [path, title]);
}

/** Of the page at a path. An address that no page has is answered with one that says so. */
const titleOf = (path: string) =>
  byAddress[path] ?? byAddress[path.replace(/[^/]+$/, "[id]")] ?? "No such page";

function tell(next: typeof own): void {
  own = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
const readOwn = () => own;
const readNone = () => undefined;
