import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Logo, SignInBackground } from "@/components/logo.tsx";
import { currentSession, isDemoOffered } from "@/features/session/current-session.ts";
import { SignInForm } from "@/features/session/sign-in-form.tsx";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const { next } = await searchParams;
  const path = safePath(typeof next === "string" ? next : undefined);
  if (await currentSession()) redirect(path);
  return (
    <main className="relative isolate flex min-h-dvh flex-col items-center justify-center overflow-hidden px-4 py-12">
      <SignInBackground />
      <div className="flex w-full max-w-sm flex-col items-center text-center">
        <Logo className="size-12" />
        <h1 className="mt-5 font-semibold text-3xl tracking-tight">Lethe</h1>
        <p className="mt-2 text-balance text-soft">
          Keeps your chats. Forgets them for good when you say so.
        </p>
      </div>
      <div className="mt-8 w-full max-w-sm rounded-2xl border bg-card p-6 shadow-black/5 shadow-xl">
        <SignInForm demo={isDemoOffered()} next={path} />
      </div>
      <p className="mt-6 max-w-sm text-balance text-center text-soft text-xs">
        Make a key on the server with{" "}
        <code className="rounded bg-hover px-1 py-0.5 font-mono text-[0.6875rem]">pnpm lethe key create</code>
      </p>
    </main>
  );
}

/** Where to go after signing in: a page of the dashboard. Anything that could lead elsewhere becomes the list. */
function safePath(next: string | undefined): "/chats" | `/chats/${string}` {
  const page = /^\/chats\/([\w-]+)$/.exec(next ?? "")?.[1];
  return page ? `/chats/${page}` : "/chats";
}
