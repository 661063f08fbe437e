import { JobsPage } from "@/features/jobs/jobs-page.tsx";
import { requireSession } from "@/features/session/current-session.ts";

export default async function DeletionJobsPage() {
  await requireSession();
  return <JobsPage />;
}
