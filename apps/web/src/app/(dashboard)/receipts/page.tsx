import type { Metadata } from "next";
import { ReceiptsPage } from "@/features/receipts/receipts-page.tsx";
import { requireSession } from "@/features/session/current-session.ts";

export const metadata: Metadata = { title: "Check a receipt" };

export default async function CheckReceiptPage() {
  await requireSession();
  return <ReceiptsPage />;
}
