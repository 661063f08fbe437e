import type { ReactNode } from "react";
import { currentSession } from "@/features/session/current-session.ts";
import { Dashboard } from "@/features/shell/dashboard.tsx";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const current = await currentSession();
  // Each page sends visitors without a session to sign in: it alone knows where they wanted to go.
  if (!current) return children;
  return (
    <Dashboard session={current.session} cursor={current.cursor}>
      {children}
    </Dashboard>
  );
}
