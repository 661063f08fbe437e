import { KeysPage } from "@/features/keys/keys-page.tsx";
import { requireSession } from "@/features/session/current-session.ts";

export default async function Page() {
  await requireSession();
  return <KeysPage />;
}
