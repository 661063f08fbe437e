/** Called by Next when a server starts, before its first request. */
export async function register(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: Next puts the value in, and drops the branch from other runtimes.
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const { ensureBooted } = await import("./server/ensure-booted.ts");
    await ensureBooted();
  }
}
