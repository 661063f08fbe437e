import { AccountPage } from "@/features/account/account-page.tsx";
import { requireSession } from "@/features/session/current-session.ts";

export default async function Page() {
  await requireSession();
  return <AccountPage />;
}
