"use client";

import { useEffect } from "react";

/**
 * Stops the timers of toasts while the tab is hidden. Base UI stops them when the window loses the focus,
 * which a window that is covered or minimised, or never had it, does not report.
 */
export function usePauseWhileHidden(): void {
  useEffect(() => {
    const onChange = () => window.dispatchEvent(new FocusEvent(document.hidden ? "blur" : "focus"));
    document.addEventListener("visibilitychange", onChange);
    return () => document.removeEventListener("visibilitychange", onChange);
  }, []);
}
