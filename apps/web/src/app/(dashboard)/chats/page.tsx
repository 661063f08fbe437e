import type { Metadata } from "next";
import { Logo } from "@/components/logo.tsx";
import { Kbd } from "@/components/ui/controls.tsx";
import { requireSession } from "@/features/session/current-session.ts";
import { WelcomeLater } from "@/features/welcome/welcome-later.tsx";

export const metadata: Metadata = { title: "Chats" };

/** In the demo an invitation to delete something; elsewhere a hint. */
export default async function ChatsPage() {
  const { isDemo } = await requireSession("/chats");
  return isDemo ? <WelcomeLater /> : <NoChatOpen />;
}

/** The right side while no chat is open. */
function NoChatOpen() {
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-3 p-6 text-center">
      <Logo className="size-10 opacity-80" />
      <h1 className="font-semibold text-lg tracking-tight">No chat is open</h1>
      <p className="text-pretty text-sm text-soft leading-7">
        Pick one from the list. <Kbd>/</Kbd> searches, <Kbd>?</Kbd> shows every shortcut.
      </p>
    </div>
  );
}
