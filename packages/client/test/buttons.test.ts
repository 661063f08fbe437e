import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

test("the component of docs/client.md is the one whose types are checked here", () => {
  expect(read("../../../docs/client.md")).toContain(`\`\`\`tsx\n${read("buttons.tsx")}\`\`\``);
});
