import { type Logger, pino } from "pino";

/** What cannot be written, to a disk that is full, is kept up to here and then dropped; bytes. */
const mostUnwritten = 1024 * 1024;

/**
 * One JSON object a line on stderr; stdout belongs to the line that says where Lethe listens.
 *
 * @param worker the number of the web process, where there are several
 */
export function createLogger(level: string, worker?: number): Logger {
  const destination = pino.destination({ dest: 2, sync: true, maxLength: mostUnwritten });
  // A terminal that was closed takes no more lines, which is no reason to end without order.
  destination.on("error", () => {});
  return pino(
    { level, base: worker === undefined ? null : { worker }, timestamp: pino.stdTimeFunctions.isoTime },
    destination,
  );
}
