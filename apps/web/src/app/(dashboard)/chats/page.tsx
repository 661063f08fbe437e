import { Logo } from "@/components/logo.tsx";
import { Kbd } from "@/components/ui/controls.tsx";
import { requireSession } from "@/features/session/current-session.ts";
import { FirstStepsLater, WelcomeLater } from "@/features/welcome/welcome-later.tsx";

/** In the demo an invitation to delete something; elsewhere a hint. */
export default async function ChatsPage() {
  const { isDemo } = await requireSession();
  return isDemo ? <WelcomeLater /> : <NoChatOpen />;
}

/** The right side while no chat is open: a hint, and in a new tenant what comes next. */
function NoChatOpen() {
  return (
    <div className="flex min-h-0 flex-1 flex-col items-center overflow-y-auto p-6">
      <div className="my-auto flex w-full flex-col items-center gap-3 text-center">
        <Logo className="size-10 opacity-80" />
        <h1 className="font-semibold text-lg tracking-tight">No chat is open</h1>
        <p className="text-pretty text-sm text-soft leading-7">
          Pick one from the list. <Kbd>/</Kbd> searches, <Kbd>?</Kbd> shows every shortcut.
        </p>
        <div className="mt-5 flex w-full justify-center empty:hidden">
          <FirstStepsLater />
        </div>
      </div>
    </div>
  );
}
