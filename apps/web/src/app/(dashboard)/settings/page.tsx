import type { Metadata } from "next";
import { requireSession } from "@/features/session/current-session.ts";
import { SettingsPage } from "@/features/settings/settings-page.tsx";

export const metadata: Metadata = { title: "Settings" };

export default async function TenantSettingsPage() {
  await requireSession();
  return <SettingsPage />;
}
