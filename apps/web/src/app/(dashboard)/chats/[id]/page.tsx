import { chatIdSchema } from "@lethe/api/schemas";
import { z } from "zod";
import { ChatPage } from "@/features/chats/page/chat-page.tsx";
import { Gone } from "@/features/chats/page/gone.tsx";
import { requireSession } from "@/features/session/current-session.ts";

const seqSchema = z.coerce.number().pipe(z.int().min(1)).optional().catch(undefined);

/** A chat; `?at` names the message to show, by its place. */
export default async function OneChatPage({ params, searchParams }: PageProps<"/chats/[id]">) {
  const { id } = await params;
  const at = seqSchema.parse((await searchParams).at);
  await requireSession();
  const chatId = chatIdSchema.safeParse(id);
  if (!chatId.success) return <Gone chatId={id} deletedAt={null} unsent="" />;
  return <ChatPage key={chatId.data} chatId={chatId.data} at={at} />;
}
