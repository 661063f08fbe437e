import { redirect } from "next/navigation";
import { requireSession } from "@/features/session/current-session.ts";
import { Welcome } from "@/features/welcome/welcome.tsx";

/** The invitation as a page of its own, for screens on which it does not fit beside the list. */
export default async function TryPage() {
  const { isDemo } = await requireSession();
  if (!isDemo) redirect("/chats");
  return <Welcome />;
}
