import { MembersPage } from "@/features/people/members-page.tsx";
import { requireSession } from "@/features/session/current-session.ts";

export default async function Page() {
  await requireSession();
  return <MembersPage />;
}
