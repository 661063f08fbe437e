import { type ChildProcess, execFile } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";

/** What a process has written to stderr that runs `code`, with `log`, and then ends in its way. */
async function linesOf(code: string, onText?: (child: ChildProcess) => void): Promise<string[]> {
  const logger = JSON.stringify(new URL("./logger.ts", import.meta.url));
  const script = `import { createLogger } from ${logger};\nconst log = createLogger("info");\n${code}`;
  let text = "";
  const child = execFile(process.execPath, ["--input-type=module", "--eval", script], { timeout: 20_000 });
  child.stderr?.on("data", (part) => {
    text += part;
    onText?.(child);
  });
  await once(child, "close");
  return text.trim().split("\n");
}

const messagesOf = (lines: string[]) => lines.map((line): unknown => JSON.parse(line).msg);
const numbers = Array.from({ length: 500 }, (_, index) => String(index));
const logNumbers = "for (let n = 0; n < 500; n += 1) log.info(String(n));";

it("writes every line, in order, also those that wait when the process ends", async () => {
  expect(messagesOf(await linesOf(`${logNumbers} process.exit(3);`))).toEqual(numbers);
  const crashed = await linesOf(`${logNumbers} throw new Error("unforeseen");`);
  expect(messagesOf(crashed.filter((line) => line.startsWith("{")))).toEqual(numbers);
});

it("writes a warning at once, and what came before it first", async () => {
  const kill = `process.kill(process.pid, "SIGKILL");`;
  expect(messagesOf(await linesOf(`${logNumbers} log.warn("now"); ${kill}`))).toEqual([...numbers, "now"]);
});

it("writes other lines soon, while the process goes on", async () => {
  // Killed by who reads the line, or by nobody before the test ends.
  const lines = linesOf(`log.info("soon"); setInterval(() => {}, 1_000);`, (child) => child.kill("SIGKILL"));
  expect(messagesOf(await lines)).toEqual(["soon"]);
});
