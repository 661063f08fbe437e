import { type Logger, pino } from "pino";

/** One JSON object a line on stderr; stdout belongs to the line that says where Lethe listens. */
export function createLogger(level: string): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
}
