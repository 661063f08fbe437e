import { Logo } from "@/components/logo.tsx";
import { buttonVariants } from "@/components/ui/controls.tsx";

/** For every address that no page has. */
export default function NotFound() {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-4 p-6 text-center">
      <Logo className="size-10" />
      <h1 className="font-semibold text-xl tracking-tight">There is no such page</h1>
      <a href="/chats" className={buttonVariants({ variant: "outline" })}>
        All chats
      </a>
    </main>
  );
}
