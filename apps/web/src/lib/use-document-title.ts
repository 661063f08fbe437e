import { useEffect } from "react";

/** Puts `title` before the product's name in the browser's tab. */
export function useDocumentTitle(title: string | undefined): void {
  useEffect(() => {
    if (!title) return;
    document.title = `${title} · Lethe`;
  }, [title]);
}
