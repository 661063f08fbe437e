import type { Metadata } from "next";
import { AccountPage } from "@/features/account/account-page.tsx";
import { requireSession } from "@/features/session/current-session.ts";

export const metadata: Metadata = { title: "Your account" };

export default async function Page() {
  await requireSession();
  return <AccountPage />;
}
