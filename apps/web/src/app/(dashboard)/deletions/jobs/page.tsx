import type { Metadata } from "next";
import { JobsPage } from "@/features/jobs/jobs-page.tsx";
import { requireSession } from "@/features/session/current-session.ts";

export const metadata: Metadata = { title: "Deletion jobs" };

export default async function DeletionJobsPage() {
  await requireSession();
  return <JobsPage />;
}
