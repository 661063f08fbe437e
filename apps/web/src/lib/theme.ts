"use client";

import { useEffect } from "react";
import { readStored, useStoredValue } from "./browser.ts";

const key = "theme";

/** What somebody chose in this browser, "light" or "dark", or else "system"; and how to choose. All tabs follow. */
export function useTheme(): [theme: string, choose: (theme: string) => void] {
  return useStoredValue(key, "system");
}

/** Keeps the page in the chosen theme, or in the system's, whichever changes. The first one is set by the page's head. */
export function KeepTheme(): null {
  const [chosen] = useTheme();
  useEffect(() => {
    const system = matchMedia("(prefers-color-scheme: dark)");
    const apply = () => {
      const stored = readStored(key);
      const isDark = stored === "dark" || (stored !== "light" && system.matches);
      const { classList, style } = document.documentElement;
      classList.toggle("dark", isDark);
      classList.toggle("light", !isDark);
      style.colorScheme = isDark ? "dark" : "light";
    };
    apply();
    system.addEventListener("change", apply);
    return () => system.removeEventListener("change", apply);
  }, [chosen]);
  return null;
}
