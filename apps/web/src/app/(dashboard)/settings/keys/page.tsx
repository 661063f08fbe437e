import type { Metadata } from "next";
import { KeysPage } from "@/features/keys/keys-page.tsx";
import { requireSession } from "@/features/session/current-session.ts";

export const metadata: Metadata = { title: "API keys" };

export default async function Page() {
  await requireSession();
  return <KeysPage />;
}
