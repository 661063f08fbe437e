import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { seedDemo } from "@lethe/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestApi, type TestApi } from "./testing/start-test-api.ts";

const page = readFileSync(new URL("../../../docs/bulk.md", import.meta.url), "utf8");
/** Every command of the page, with the answer that it shows. */
const examples = [...page.matchAll(/```sh\n(.*?)```\n```json\n(.*?)```/gs)].map(
  ([, command = "", answer = ""]) => ({ command, answer }),
);

/** An answer without what is different every time: ids, times and signatures. */
const likeness = (answer: string): unknown =>
  JSON.parse(
    answer
      .replaceAll(/"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"/g, '"an id"')
      .replaceAll(/"20\d\d-\d\d-\d\dT[^"]*Z"/g, '"a time"')
      .replaceAll(/"ey[\w-]+\.[\w-]+\.[\w-]+"/g, '"a receipt"'),
  );

describe.runIf(spawnSync("curl", ["--version"]).status === 0)("the page on deleting many chats", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
    await seedDemo(api.db);
  });
  afterAll(() => api.stop());

  it("has examples with answers", () => expect(examples).toHaveLength(5));

  it.each(examples)("shows what is answered to $command", async ({ command, answer }) => {
    const line = command.replaceAll("http://localhost:8000", api.baseUrl);
    const curl = spawn("sh", ["-c", line], { stdio: ["ignore", "pipe", "ignore"], timeout: 240_000 });
    expect(likeness(await text(curl.stdout))).toEqual(likeness(answer));
  });
});
