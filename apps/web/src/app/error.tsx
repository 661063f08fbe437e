"use client";

import { Logo } from "@/components/logo.tsx";

/**
 * In place of a page that could not be rendered.
 *
 * @param error its digest finds the error in the server's log
 * @param reset renders the page again
 */
export default function PageError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-4 p-6 text-center">
      <Logo className="size-10" />
      <div>
        <h1 className="font-semibold text-xl tracking-tight">This page could not be shown</h1>
        <p className="mt-1 text-soft">Nothing was lost. If it happens again, the server's log says more.</p>
      </div>
      {/* Every page loads this one: its button is drawn without the code of the others. */}
      <button
        type="button"
        onClick={reset}
        className="min-h-9 rounded-lg border border-edge bg-card px-3.5 py-1.5 font-medium text-sm hover:bg-hover"
      >
        Try again
      </button>
      {error.digest ? <p className="font-mono text-soft text-xs">{error.digest}</p> : null}
    </main>
  );
}
