import { Console } from "node:console";
import { Writable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { type DestinationStream, type Logger, pino } from "pino";

/** The number that pino gives the level `warn`. */
const warn = 40;
/** What cannot be written, to a disk that is full, is kept up to here and then dropped; bytes. */
const mostUnwritten = 1024 * 1024;

/**
 * Lines that are written with one call of the system, which for each of them would be a fifth of what a request costs. A
 * pipe takes no more as a whole (PIPE_BUF): with more, lines of several processes could run into each other; bytes.
 */
const mostGathered = 4_096;
/** The longest that a line waits for others; milliseconds. */
const longestWait = 100;

/**
 * One JSON object a line on stderr; stdout belongs to the line that says where Lethe listens. Warnings and what is graver
 * are written at once, after all lines before them; the others within 100 ms, and at the end of the process.
 *
 * @param worker the number of the web process, where there are several
 */
export function createLogger(level: string, worker?: number): Logger {
  return pino(
    {
      level,
      formatters: { level: (name) => ({ level: name }) },
      base: worker === undefined ? null : { worker },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    gatherLines(),
  );
}

function gatherLines(): DestinationStream {
  const destination = pino.destination({ dest: 2, sync: true, maxLength: mostUnwritten });
  // A terminal that was closed takes no more lines, which is no reason to end without order.
  destination.on("error", () => {});
  let lines = "";
  let bytes = 0;
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const written = lines;
    lines = "";
    bytes = 0;
    if (written !== "") destination.write(written);
  };
  process.on("exit", flush);
  const stream = {
    // Has pino tell the level of each line before it writes it.
    [Symbol.for("pino.metadata")]: true,
    lastLevel: 0,
    write(line: string) {
      const length = Buffer.byteLength(line);
      if (bytes + length > mostGathered) flush();
      lines += line;
      bytes += length;
      if (stream.lastLevel >= warn) flush();
      else timer ??= setTimeout(flush, longestWait).unref();
    },
  };
  return stream;
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
