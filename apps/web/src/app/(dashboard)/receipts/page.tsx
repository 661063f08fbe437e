import { ReceiptsPage } from "@/features/receipts/receipts-page.tsx";
import { requireSession } from "@/features/session/current-session.ts";

export default async function CheckReceiptPage() {
  await requireSession();
  return <ReceiptsPage />;
}
