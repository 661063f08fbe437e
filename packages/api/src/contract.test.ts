import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { demoApiKey } from "@lethe/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ContractPage, contractCases, exampleChat, openContractPage } from "./testing/contract-cases.ts";
import { startTestApi, type TestApi } from "./testing/start-test-api.ts";
import { openSockets } from "./testing/world.ts";

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
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"], timeout: 240_000 });
  const [output] = await Promise.all([text(child.stdout), once(child, "exit")]);
  return output;
}

describe("the examples of the contract page", () => {
  let api: TestApi;
  let page: ContractPage;
  beforeAll(async () => {
    api = await startTestApi();
    page = await openContractPage(api.baseUrl, api.db);
  });
  afterAll(() => api.stop());

  it.each(contractCases)("$name", ({ run }) => run(page));

  it.runIf(has("curl", "--version"))("work with curl", async () => {
    const chatId = await exampleChat(page);
    const curl = () =>
      run(
        "curl",
        "-s",
        "-w",
        " %{http_code}",
        "-X",
        "DELETE",
        `${page.url}/${chatId}`,
        "-H",
        `X-API-Key: ${demoApiKey}`,
      );
    expect(await curl()).toMatch(/"message":"Chat deleted successfully".* 200$/);
    expect(await curl()).toMatch(/"success":false.* 404$/);
  });

  it.runIf(has("python3", "-c", "import requests"))("work with Python", async () => {
    const chatId = await exampleChat(page);
    const source = python(`${page.url}/${chatId}`);
    await openSockets(page.context, chatId, 1);
    expect(await run("python3", "-c", source)).toContain("active connections");
    await api.db.gateway.deleteMany();
    expect(await run("python3", "-c", source)).toContain("Chat deleted successfully");
    expect(await run("python3", "-c", source)).toContain("Chat not found");
  });
});
