import { expect, test } from "vitest";
import { describeEnvironment, unusedVariables } from "./index.ts";

test("passwords are masked, and the rest says where it comes from", () => {
  const settings = describeEnvironment({
    PORT: "wrong",
    DATABASE_URL: "postgresql://ann:hunter2@db:5433/lethe?x=hunter2",
    REDIS_URL: "redis://:hunter2@cache:6379/1",
  });
  expect(settings).toContainEqual({
    variable: "REDIS_URL",
    value: "redis://:***@cache:6379/1",
    origin: "environment",
    file: null,
  });
  expect(settings).toContainEqual({ variable: "PORT", value: "wrong", origin: "environment", file: null });
  expect(settings).toContainEqual({ variable: "HOST", value: "127.0.0.1", origin: "default", file: null });
  expect(settings).toContainEqual({
    variable: "DATABASE_URL",
    value: "postgresql://ann:***@db:5433/lethe",
    origin: "environment",
    file: null,
  });
});

test.each(["hunter2", "postgresql:///lethe?password=hunter2", "user:hunter2@db"])("%s is hidden", (value) => {
  const setting = describeEnvironment({ DATABASE_URL: value }).find(
    ({ variable }) => variable === "DATABASE_URL",
  );
  expect(setting?.value).toBe("(hidden)");
});

test("variables of other versions and misspelt ones are named", () => {
  const source = {
    REDIS_URL: "redis://h",
    LETHE_RATE_LIMITS: "0",
    LETHE_DEOM: "off",
    LETHE_DEMO: "off",
    LETHE_SHINY: "on",
    PATH: "/bin",
  };
  expect(unusedVariables(source)).toEqual([
    { variable: "LETHE_DEOM", nearest: "LETHE_DEMO" },
    { variable: "LETHE_RATE_LIMITS", nearest: "LETHE_RATE_LIMIT" },
    { variable: "LETHE_SHINY", nearest: undefined },
  ]);
});
