import { openRedis } from "@lethe/db/testing";
import { expect, onTestFinished, test } from "vitest";
import { checkRedis } from "./check-surroundings.ts";

test("a Redis that answers is fine, and one that does not is a warning without its password", async () => {
  const redis = await openRedis();
  if ("missing" in redis) throw new Error(redis.missing);
  onTestFinished(() => redis.stop());
  expect(await checkRedis(redis.url)).toMatchObject({
    status: "ok",
    detail: expect.stringMatching(/^Redis \d+\.\d+/),
  });
  const away = await checkRedis("redis://ann:hunter2@127.0.0.1:1/0");
  expect(away).toMatchObject({
    status: "warning",
    detail: expect.stringContaining("redis://127.0.0.1:1 does"),
  });
  expect(away.detail).toContain("ECONNREFUSED");
  expect(JSON.stringify(away)).not.toContain("hunter2");
  const refused = await checkRedis(redis.url.replace("//", "//ann:hunter2@"));
  expect(refused.status).toBe("warning");
  expect(JSON.stringify(refused)).not.toContain("hunter2");
});
