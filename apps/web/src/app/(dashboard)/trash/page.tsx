import type { Metadata } from "next";
import { TrashPage } from "@/features/chats/trash/trash-page.tsx";
import { requireSession } from "@/features/session/current-session.ts";

export const metadata: Metadata = { title: "Trash" };

export default async function TheTrashPage() {
  await requireSession();
  return <TrashPage />;
}
