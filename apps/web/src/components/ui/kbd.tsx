import type { ReactNode } from "react";

export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-flex min-w-6 items-center justify-center rounded-md border border-edge/50 bg-card px-1.5 py-0.5 font-medium font-sans text-soft text-xs">
      {children}
    </kbd>
  );
}
