import { DeletionsPage } from "@/features/deletions/deletions-page.tsx";
import { requireSession } from "@/features/session/current-session.ts";

export default async function LedgerPage() {
  await requireSession();
  return <DeletionsPage />;
}
