import { TrashPage } from "@/features/chats/trash/trash-page.tsx";
import { requireSession } from "@/features/session/current-session.ts";

export default async function TheTrashPage() {
  await requireSession();
  return <TrashPage />;
}
