import type { Metadata } from "next";
import { requireSession } from "@/features/session/current-session.ts";
import { NoChatOpen } from "@/features/welcome/no-chat-open.tsx";
import { Welcome } from "@/features/welcome/welcome.tsx";

export const metadata: Metadata = { title: "Chats" };

export default async function ChatsPage() {
  const { isDemo } = await requireSession("/chats");
  return isDemo ? <Welcome /> : <NoChatOpen />;
}
