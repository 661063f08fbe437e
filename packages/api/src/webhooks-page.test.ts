import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { createChat, deleteChat, demoApiKey, seedDemo, startBackground } from "@lethe/core";
import { freePort } from "@lethe/db/testing";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { webhookWithSecretSchema } from "./schemas/index.ts";
import { startTestApi, type TestApi } from "./testing/start-test-api.ts";

const page = readFileSync(new URL("../../../docs/webhooks.md", import.meta.url), "utf8");
/** A folder from which the example finds the library that it imports. */
const folder = fileURLToPath(new URL("../../core", import.meta.url));

/** The first example of a language on the page. */
function example(language: string): string {
  const code = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(page)?.[1];
  if (code === undefined) throw new Error(`the page has no example in ${language}`);
  return code;
}

describe("the page on webhooks", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
    await seedDemo(api.db);
  });
  afterAll(() => api.stop());

  it("shows what a creation answers", () => {
    const shown: unknown = JSON.parse(example("json"));
    expect(webhookWithSecretSchema.strict().parse(shown)).toEqual(shown);
  });

  it.runIf(spawnSync("curl", ["--version"]).status === 0)(
    "shows a call and a receiver that understand each other",
    async () => {
      const port = await freePort();
      const command = example("sh")
        .replace("http://localhost:8000", api.baseUrl)
        .replace("https://example.com/hooks", `http://127.0.0.1:${port}/hooks`);
      const curl = spawn("sh", ["-c", command], { stdio: ["ignore", "pipe", "ignore"], timeout: 240_000 });
      const { secret } = webhookWithSecretSchema.parse(JSON.parse(await text(curl.stdout)));

      const receiver = spawn(process.execPath, ["--input-type=module", "-e", example("js")], {
        cwd: folder,
        env: { ...process.env, PORT: String(port), WEBHOOK_SECRET: secret },
        stdio: ["ignore", "pipe", "inherit"],
      });
      onTestFinished(() => {
        receiver.kill("SIGKILL");
      });
      let said = "";
      receiver.stdout.setEncoding("utf8").on("data", (part: string) => {
        said += part;
      });
      const { tenantId, kind, id } = await api.services.authenticator.apiKey(demoApiKey);
      const context = { tenantId, actor: { kind, id, via: "rest" as const }, db: api.db };
      const background = startBackground({
        db: api.db,
        log: api.services.log,
        pace: 1 / 10,
        // The receiver is still starting.
        webhooks: { allowPrivate: true, pauses: Array.from({ length: 1_000 }, () => 200) },
      });
      onTestFinished(() => background.close());
      const { id: chatId } = await createChat(context, { title: "An example" });
      await deleteChat(context, { chatId, force: false });
      await expect
        .poll(() => said.trim().split("\n").toSorted())
        .toEqual([`chat.deleted ${chatId}`, `deletion.erased ${chatId}`]);
      const forged = await fetch(`http://127.0.0.1:${port}/hooks`, { method: "POST", body: "{}" });
      expect(forged.status).toBe(400);
    },
  );
});
