import { chatIdSchema } from "@lethe/api/schemas";
import type { Metadata } from "next";
import { ChatPage } from "@/features/chats/page/chat-page.tsx";
import { Gone } from "@/features/chats/page/gone.tsx";
import { requireSession } from "@/features/session/current-session.ts";

export const metadata: Metadata = { title: "Chat" };

export default async function OneChatPage({ params }: PageProps<"/chats/[id]">) {
  const { id } = await params;
  await requireSession(`/chats/${id}`);
  const chatId = chatIdSchema.safeParse(id);
  if (!chatId.success) return <Gone chatId={id} deletedAt={null} unsent="" />;
  return <ChatPage key={chatId.data} chatId={chatId.data} />;
}
