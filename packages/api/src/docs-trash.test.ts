import { readFileSync } from "node:fs";
import { demoApiKey, demoChatId, seedDemo } from "@lethe/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { readExamples } from "./testing/read-examples.ts";
import { startTestApi, type TestApi } from "./testing/start-test-api.ts";

const page = readFileSync(new URL("../../../docs/trash.md", import.meta.url), "utf8");
const examples = readExamples(page);
const answerSchema = z.record(z.string(), z.unknown());
let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await seedDemo(api.db);
});
afterAll(() => api.stop());

it("has examples", () => {
  expect(examples).toHaveLength(6);
  expect(page).toContain(demoApiKey);
  expect(page).toContain(demoChatId);
});

/** In the order of the page: into the trash, out of it, sets, hold, release, settings. */
it.each(examples)("$method $path answers what docs/trash.md says", async (example) => {
  const response = await fetch(`${api.baseUrl}${example.path}`, {
    method: example.method,
    headers: example.headers,
    ...(example.body !== undefined && { body: example.body }),
  });
  const answer = answerSchema.parse(await response.json());
  expect(response.status, JSON.stringify(answer)).toBe(200);
  if (example.answer === undefined) return;
  const shown = answerSchema.parse(JSON.parse(example.answer));
  expect(Object.keys(answer)).toEqual(Object.keys(shown));
  const { id, trashed_by, hold, data, trash_retention_days } = answer;
  if (data !== undefined) expect(data).toEqual(shown.data);
  if (trash_retention_days !== undefined) expect(answer).toEqual(shown);
  if (id !== undefined) expect([id, hold]).toEqual([shown.id, shown.hold]);
  if (trashed_by !== undefined) expect(trashed_by).toMatchObject({ kind: "api_key" });
});
