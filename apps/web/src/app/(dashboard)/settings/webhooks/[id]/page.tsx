import { webhookPathSchema } from "@lethe/api/schemas";
import { notFound } from "next/navigation";
import { requireSession } from "@/features/session/current-session.ts";
import { WebhookPage } from "@/features/webhooks/webhook-page.tsx";

export default async function OneWebhookPage({ params }: PageProps<"/settings/webhooks/[id]">) {
  const { id } = await params;
  await requireSession();
  const path = webhookPathSchema.safeParse({ webhook_id: id });
  if (!path.success) notFound();
  return <WebhookPage webhookId={path.data.webhook_id} />;
}
