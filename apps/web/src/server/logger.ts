import { Console } from "node:console";
import { Writable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
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
    {
      level,
      formatters: { level: (name) => ({ level: name }) },
      base: worker === undefined ? null : { worker },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    destination,
  );
}

/** Has what others say by the console, as Next does, and Node's own warnings come as lines of the log. */
export function captureConsole(log: Logger): void {
  const lines = (level: "info" | "warn") =>
    new Writable({
      decodeStrings: false,
      write: (text, _encoding, done) => {
        const message = stripVTControlCharacters(String(text)).trim();
        if (message !== "") log[level](message);
        done();
      },
    });
  globalThis.console = new Console(lines("info"), lines("warn"));
  // It prints them.
  process.removeAllListeners("warning");
  process.on("warning", (err) => log.warn({ err }, "A warning of Node"));
}
