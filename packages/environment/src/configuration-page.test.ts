import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describeEnvironment } from "./index.ts";
import { secretVariables, variableNames } from "./variables.ts";

const page = readFileSync(new URL("../../../docs/configuration.md", import.meta.url), "utf8");
/** The table of all variables is the first of the page. */
const [table = ""] = page.split(/^## /m);
const rows = [...table.matchAll(/^\| (`.*?) \| (.*?) \|/gm)].map(([, names = "", fallback = ""]) => ({
  names: [...names.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name),
  defaults: [...fallback.matchAll(/`([^`]+)`/g)].map(([, value = ""]) => value.replaceAll(",", "")),
}));

test("docs/configuration.md names every variable, and none that is not read", () => {
  const named = rows.flatMap(({ names }) => names);
  expect(named.toSorted()).toEqual(
    [...variableNames, ...secretVariables.map((name) => `${name}_FILE`)].toSorted(),
  );
});

test.each(rows.filter(({ names, defaults }) => names.length === defaults.length))(
  "docs/configuration.md has the default of $names",
  ({ names, defaults }) => {
    const settings = describeEnvironment({});
    for (const [index, name] of names.entries()) {
      const value = settings.find(({ variable }) => variable === name)?.value;
      // The default of one may be another.
      if (value !== null && value !== undefined) expect(value).toBe(defaults[index]);
    }
  },
);
