"use client";

import { type RefObject, useEffect } from "react";

/** Keeps what has the focus in sight when the list gets shorter, such as when a bar takes room from it. */
export function useFocusInSight(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const observer = new ResizeObserver(() =>
      element.querySelector(":focus")?.scrollIntoView({ block: "nearest" }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [list]);
}
