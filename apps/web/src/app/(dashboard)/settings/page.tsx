import { requireSession } from "@/features/session/current-session.ts";
import { SettingsPage } from "@/features/settings/settings-page.tsx";

export default async function TenantSettingsPage() {
  await requireSession();
  return <SettingsPage />;
}
