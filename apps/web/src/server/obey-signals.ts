/** A terminal signals a whole process group, and a parent passes the same Ctrl-C on: one press, several signals. */
const samePress = 1_000;

/**
 * Calls `stop` at the first SIGINT or SIGTERM. A later one, other than an echo of the first, ends the
 * process at once.
 */
export function obeySignals(stop: () => void): void {
  let since: number | null = null;
  const obey = (signal: NodeJS.Signals) => {
    if (since === null) {
      since = performance.now();
      stop();
    } else if (performance.now() - since > samePress) process.exit(signal === "SIGINT" ? 130 : 143);
  };
  process.on("SIGINT", obey);
  process.on("SIGTERM", obey);
}
