/** A terminal signals a whole process group, and a parent passes the same Ctrl-C on: one press, several signals. */
const samePress = 1_000;

/** Ctrl-C, what a supervisor sends, a terminal that closes, and Ctrl-\. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;

export type StopSignal = (typeof signals)[number];

/**
 * Calls `stop` at the first signal that asks a process to end, and `hurry` at every later one, other than an echo
 * of the first. Answers a function that leaves signals to others again.
 */
export function obeySignals(stop: (signal: StopSignal) => void, hurry: () => void): () => void {
  let since: number | null = null;
  const listeners = signals.map((signal) => {
    const obey = () => {
      if (since === null) {
        since = performance.now();
        stop(signal);
      } else if (performance.now() - since > samePress) hurry();
    };
    process.on(signal, obey);
    return () => process.off(signal, obey);
  });
  return () => {
    for (const ignore of listeners) ignore();
  };
}
