import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { createChat, demoApiKey, demoChatId, listChats, seedDemo } from "@lethe/core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { deletionSchema } from "./schemas/index.ts";
import { startTestApi, type TestApi } from "./testing/start-test-api.ts";
import { openSockets } from "./testing/world.ts";

/** The page's answers, as a caller of the plain contract reads them. */
const answerSchema = z.looseObject({ success: z.boolean(), message: z.string() });
const has = (command: string, ...args: string[]) =>
  spawnSync(command, args, { stdio: "ignore" }).status === 0;

/** What the contract page's Python example prints, by the status that it gets. */
const python = (url: string) => `
import requests
response = requests.delete("${url}", headers={"X-API-Key": "${demoApiKey}"})
if response.status_code == 200:
    data = response.json()
    if data['success']:
        print("Chat deleted successfully")
    else:
        print("Failed to delete chat")
elif response.status_code == 404:
    print("Chat not found")
elif response.status_code == 409:
    print("Chat cannot be deleted - it may have active connections")
else:
    print(f"Error: {response.status_code}")
`;

async function run(command: string, ...args: string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"], timeout: 15_000 });
  const [output] = await Promise.all([text(child.stdout), once(child, "exit")]);
  return output;
}

describe("the examples of the contract page", () => {
  let api: TestApi;
  let url: string;
  beforeAll(async () => {
    api = await startTestApi();
    await seedDemo(api.db);
    url = `${api.baseUrl}/api/v1/chats`;
  });
  afterAll(() => api.stop());

  const context = async () => {
    const { tenantId, kind, id } = await api.services.authenticator.apiKey(demoApiKey);
    return { tenantId, actor: { kind, id, via: "rest" as const }, db: api.db };
  };
  let chatId: string;
  beforeEach(async () => {
    chatId = (await createChat(await context(), { title: "An example" })).id;
  });
  const headers = { "X-API-Key": demoApiKey };
  const remove = (id: string) => fetch(`${url}/${id}`, { method: "DELETE", headers });

  it("delete the demo's chat once, and find nothing after", async () => {
    const first = await remove(demoChatId);
    const answer = await first.json();
    expect(first.status).toBe(200);
    expect(first.headers.get("content-type")).toContain("application/json");
    expect(answer).toMatchObject({ success: true, message: "Chat deleted successfully" });
    expect(deletionSchema.parse(answer).message_count).toBeGreaterThan(0);
    expect((await remove(demoChatId)).status).toBe(404);
  });

  it("tell success from failure in the body alone (bulk delete)", async () => {
    const page = await listChats(await context(), { limit: 5, state: "active" });
    const wanted = [...page.items.map(({ id }) => id), demoChatId];
    const results = await Promise.all(
      wanted.map(async (id) => {
        const data = answerSchema.parse(await (await remove(id)).json());
        return { id, success: data.success, error: data.message };
      }),
    );
    expect(results.filter(({ success }) => success)).toHaveLength(5);
    expect(results.filter(({ success }) => !success)).toEqual([
      { id: demoChatId, success: false, error: "Chat not found" },
    ]);
  });

  it("check that the chat is there, then delete it (error handling)", async () => {
    const check = await fetch(`${url}/${chatId}`, { headers });
    expect(check.ok).toBe(true);
    expect(await check.json()).toMatchObject({ id: chatId, title: "An example" });
    await openSockets(await context(), chatId, 1);
    expect((await remove(chatId)).status).toBe(409);
  });

  it("answer 401 without a key and with a wrong one", async () => {
    for (const wrong of [{}, { "X-API-Key": "wrong" }]) {
      const response = await fetch(`${url}/${chatId}`, { method: "DELETE", headers: wrong });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ success: false });
    }
  });

  it("delete one chat once, whoever asks at the same time", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => remove(chatId)));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      200,
      ...Array.from({ length: 19 }, () => 404),
    ]);
  });

  it.runIf(has("curl", "--version"))("work with curl", async () => {
    const curl = () =>
      run(
        "curl",
        "-s",
        "-w",
        " %{http_code}",
        "-X",
        "DELETE",
        `${url}/${chatId}`,
        "-H",
        `X-API-Key: ${demoApiKey}`,
      );
    expect(await curl()).toMatch(/"message":"Chat deleted successfully".* 200$/);
    expect(await curl()).toMatch(/"success":false.* 404$/);
  });

  it.runIf(has("python3", "-c", "import requests"))("work with Python", async () => {
    const source = python(`${url}/${chatId}`);
    await openSockets(await context(), chatId, 1);
    expect(await run("python3", "-c", source)).toContain("active connections");
    await api.db.gateway.deleteMany();
    expect(await run("python3", "-c", source)).toContain("Chat deleted successfully");
    expect(await run("python3", "-c", source)).toContain("Chat not found");
  });
});
