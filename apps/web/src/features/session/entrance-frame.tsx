import type { ReactNode } from "react";
import { Logo, SignInBackground } from "@/components/logo.tsx";

type EntranceFrameProps = { title: string; text: ReactNode; foot?: ReactNode; children: ReactNode };

/** A page for those who are not signed in: what it is, one card, and a line below. */
export function EntranceFrame({ title, text, foot, children }: EntranceFrameProps) {
  return (
    <main className="relative isolate flex min-h-dvh flex-col items-center justify-center overflow-hidden px-4 py-12">
      <SignInBackground />
      <div className="flex w-full max-w-sm flex-col items-center text-center">
        <Logo className="size-12" />
        <h1 className="mt-5 text-balance font-semibold text-3xl tracking-tight">{title}</h1>
        <p className="mt-2 text-balance text-soft">{text}</p>
      </div>
      <div className="mt-8 w-full max-w-sm rounded-2xl border bg-card p-6 shadow-black/5 shadow-xl">
        {children}
      </div>
      {foot ? <p className="mt-6 max-w-sm text-balance text-center text-soft text-xs">{foot}</p> : null}
    </main>
  );
}
