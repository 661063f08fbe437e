import { deletionJobPathSchema } from "@lethe/api/schemas";
import { notFound } from "next/navigation";
import { JobPage } from "@/features/jobs/job-page.tsx";
import { requireSession } from "@/features/session/current-session.ts";

export default async function OneDeletionJobPage({ params }: PageProps<"/deletions/jobs/[id]">) {
  const { id } = await params;
  await requireSession();
  const path = deletionJobPathSchema.safeParse({ job_id: id });
  if (!path.success) notFound();
  return <JobPage key={path.data.job_id} jobId={path.data.job_id} />;
}
