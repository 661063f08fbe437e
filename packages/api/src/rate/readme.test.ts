import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { type Context, createChat, demoApiKey, demoChatId, seedDemo } from "@lethe/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";

const readme = new URL("../../../../README.md", import.meta.url);
const curlIsHere = spawnSync("curl", ["--version"], { stdio: "ignore" }).status === 0;

/** The first code block of a kind under a heading of the README. */
async function example(heading: string, kind: string): Promise<string> {
  const page = await readFile(readme, "utf8");
  const section = page.split(`### ${heading}\n`)[1]?.split("\n### ")[0] ?? "";
  const block = new RegExp(`\`\`\`${kind}\\n(.*?)\`\`\``, "s").exec(section)?.[1];
  if (block === undefined) throw new Error(`There is no ${kind} under "${heading}"`);
  return block;
}

describe.runIf(curlIsHere)("the examples of the README", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi(undefined, { perMinute: 6_000 });
    await seedDemo(api.db);
  });
  afterAll(() => api.stop());

  const run = async (heading: string): Promise<string> => {
    const script = (await example(heading, "sh")).replaceAll("http://localhost:8000", api.baseUrl);
    const child = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "ignore"], timeout: 15_000 });
    const [output] = await Promise.all([text(child.stdout), once(child, "exit")]);
    return output;
  };

  it("show where one stands", async () => {
    const output = await run("Limits");
    for (const line of (await example("Limits", "http")).trim().split("\n")) {
      const [name = "", value = ""] = line.split(": ");
      expect(output.toLowerCase()).toContain(`${name.toLowerCase()}: ${value}`);
    }
  });

  it("delete once, and say so again", async () => {
    const [first, again] = [await run("Safe retries"), await run("Safe retries")];
    expect(first).toMatch(/^HTTP\/1.1 200 .*"message":"Chat deleted successfully"/s);
    expect(first).not.toMatch(/^idempotency-replayed/im);
    expect(again).toMatch(/^idempotency-replayed: true/im);
    const bodyOf = (answer: string) => answer.split("\r\n\r\n")[1];
    expect(bodyOf(again)).toBe(bodyOf(first));
  });

  it.each([
    ["js", process.execPath, ["--input-type=module", "-"]],
    ["python", "python3", ["-"]],
  ])("take a chat for gone in %s only when the answer says so", async (kind, program, options) => {
    const needed = kind === "python" ? ["-c", "import requests"] : ["--version"];
    if (spawnSync(program, needed, { stdio: "ignore" }).status !== 0) return;
    const { tenantId } = await api.services.authenticator.apiKey(demoApiKey);
    const context: Context = { tenantId, db: api.db, actor: { kind: "operator", id: "test", via: "cli" } };
    const { id } = await createChat(context, { title: "Short-lived" });
    const page = (await example("Deleting", kind)).replace(demoChatId, id);
    const outputOf = async (address: string) => {
      const child = spawn(program, options, { stdio: ["pipe", "pipe", "ignore"], timeout: 15_000 });
      child.stdin.end(page.replace("http://localhost:8000/api/v1/chats", address));
      const [output, [status]] = await Promise.all([text(child.stdout), once(child, "exit")]);
      return { output, status };
    };
    const right = `${api.baseUrl}/api/v1/chats`;
    expect((await outputOf(right)).output).toMatch(/^gone since \d{4}-/);
    expect((await outputOf(right)).status).toBe(0);
    const wrong = await outputOf(`${api.baseUrl}/api/v1/chat`);
    expect(wrong).toEqual({ output: "", status: 1 });
  });
});
