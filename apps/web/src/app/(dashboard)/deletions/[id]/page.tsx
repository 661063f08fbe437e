import { deletionPathSchema } from "@lethe/api/schemas";
import { notFound } from "next/navigation";
import { DeletionPage } from "@/features/deletions/deletion-page.tsx";
import { requireSession } from "@/features/session/current-session.ts";

export default async function OneDeletionPage({ params }: PageProps<"/deletions/[id]">) {
  const { id } = await params;
  await requireSession();
  const path = deletionPathSchema.safeParse({ deletion_id: id });
  if (!path.success) notFound();
  return <DeletionPage deletionId={path.data.deletion_id} />;
}
