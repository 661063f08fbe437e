import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { type Context, createChat, demoApiKey, demoChatId, readmeChatId, seedDemo } from "@lethe/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { messageHitSchema } from "./schemas/index.ts";
import { readExamples } from "./testing/read-examples.ts";
import { startTestApi, type TestApi } from "./testing/start-test-api.ts";

const curlIsHere = spawnSync("curl", ["--version"], { stdio: "ignore" }).status === 0;

const read = (path: string) => readFile(new URL(`../../../${path}`, import.meta.url), "utf8");

/** The first code block of a kind on a page of the documentation. */
async function example(page: string, kind: string): Promise<string> {
  const block = new RegExp(`\`\`\`${kind}\\n(.*?)\`\`\``, "s").exec(await read(page))?.[1];
  if (block === undefined) throw new Error(`There is no ${kind} in ${page}`);
  return block;
}

const answerSchema = z.record(z.string(), z.unknown());

describe("the examples of the pages on REST", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi(undefined, { perMinute: 6_000 });
    await seedDemo(api.db);
  });
  afterAll(() => api.stop());

  const run = async (page: string): Promise<string> => {
    const script = (await example(page, "sh")).replaceAll("http://localhost:8000", api.baseUrl);
    const child = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "ignore"], timeout: 240_000 });
    const [output] = await Promise.all([text(child.stdout), once(child, "exit")]);
    return output;
  };

  it.runIf(curlIsHere)("show where one stands", async () => {
    const output = await run("docs/limits.md");
    for (const line of (await example("docs/limits.md", "http")).trim().split("\n")) {
      const [name = "", value = ""] = line.split(": ");
      expect(output.toLowerCase()).toContain(`${name.toLowerCase()}: ${value}`);
    }
  });

  it("find in docs/rest.md the place in a message of the chat that other pages delete", async () => {
    const [, search] = readExamples(await read("docs/rest.md"));
    const answer = await fetch(`${api.baseUrl}${search?.path}`, { headers: { "X-API-Key": demoApiKey } });
    const found: unknown = await answer.json();
    const shown: unknown = JSON.parse(search?.answer ?? "");
    const [{ chat_id, chat_title, seq, author, excerpt, marks }] = hits.parse(shown).data;
    expect(found).toMatchObject({
      data: [{ chat_id, chat_title, seq, author, excerpt, marks }],
      next_cursor: null,
    });
    expect(keysOf(found)).toEqual(keysOf(shown));
  });

  it.runIf(curlIsHere)("delete once, and say so again", async () => {
    const [first, again] = [await run("docs/retries.md"), await run("docs/retries.md")];
    expect(first).toMatch(/^HTTP\/1.1 200 .*"message":"Chat deleted successfully"/s);
    expect(first).not.toMatch(/^idempotency-replayed/im);
    expect(again).toMatch(/^idempotency-replayed: true/im);
    const bodyOf = (answer: string) => answer.split("\r\n\r\n")[1];
    expect(bodyOf(again)).toBe(bodyOf(first));
  });

  it("delete in the README a chat that no other page needs, and answer what it shows", async () => {
    const page = await read("README.md");
    expect(page).toContain(readmeChatId);
    expect(readmeChatId).not.toBe(demoChatId);
    const [shown] = readExamples(page);
    const { method = "", path = "", headers = {}, answer = "" } = shown ?? {};
    const ask = () => fetch(`${api.baseUrl}${path}`, { method, headers });
    const deleted = answerSchema.parse(await (await ask()).json());
    const expected = answerSchema.parse(JSON.parse(answer));
    expect(Object.keys(deleted)).toEqual(Object.keys(expected));
    expect(deleted).toMatchObject({ success: true, message_count: expected.message_count });
    expect((await ask()).status).toBe(404);
  });

  it("read in docs/rest.md a page of chats, and a line of the ledger", async () => {
    const [list, , filtered, line] = readExamples(await read("docs/rest.md"));
    const headers = { "X-API-Key": demoApiKey };
    expect((await fetch(`${api.baseUrl}${filtered?.path}`, { headers })).status).toBe(200);
    const pageOfChats = answerSchema.parse(
      await (await fetch(`${api.baseUrl}${list?.path}`, { headers })).json(),
    );
    const ledger = await fetch(`${api.baseUrl}/api/v1/deletions?limit=1`, { headers });
    const { data } = z.object({ data: z.tuple([z.object({ id: z.string() })]) }).parse(await ledger.json());
    const place = line?.path.replace(/[^/]+$/, data[0].id);
    const deletion = answerSchema.parse(await (await fetch(`${api.baseUrl}${place}`, { headers })).json());
    expect(keysOf(pageOfChats)).toEqual(keysOf(JSON.parse(list?.answer ?? "")));
    expect(keysOf(deletion)).toEqual(keysOf(JSON.parse(line?.answer ?? "")));
  });

  it("make in docs/frontends.md a token for what it says", async () => {
    const [shown] = readExamples(await read("docs/frontends.md"));
    const { method = "", path = "", headers = {}, body = "", answer = "" } = shown ?? {};
    const made = await fetch(`${api.baseUrl}${path}`, { method, headers, body });
    expect(made.status).toBe(201);
    const { token: _token, expires_at: _time, ...said } = answerSchema.parse(JSON.parse(answer));
    expect(await made.json()).toEqual({ token: expect.any(String), expires_at: expect.any(String), ...said });
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
    const page = (await example("docs/rest.md", kind)).replace(demoChatId, id);
    const outputOf = async (address: string) => {
      const child = spawn(program, options, { stdio: ["pipe", "pipe", "ignore"], timeout: 240_000 });
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

const hits = z.strictObject({
  data: z.tuple([messageHitSchema.strict()]),
  next_cursor: z.null(),
  complete: z.literal(true),
});

/** The names in an answer, at every depth, in their order. */
const keysOf = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(keysOf)
    : typeof value === "object" && value !== null
      ? Object.entries(value).map(([name, inner]) => [name, keysOf(inner)])
      : null;
