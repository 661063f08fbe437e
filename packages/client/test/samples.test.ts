import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

/** The examples run in a browser, packed, in `e2e/client-package.spec.ts`. */
test.each([
  ["docs/client.md", "tsx", "src/main.tsx"],
  ["packages/client/README.md", "tsx", "src/main.tsx"],
  ["packages/client/README.md", "js", "vite.config.js"],
])("what %s shows as %s is %s of the example that is run", (page, language, file) => {
  expect(read(page)).toContain(`\`\`\`${language}\n${read(`examples/vite-react/${file}`)}\`\`\``);
});

test.each([
  "docs/client.md",
  "packages/client/README.md",
  "examples/README.md",
  "examples/vite-react/README.md",
])("%s installs the packed client of this version, which is in no registry", (page) => {
  const { name, version } = JSON.parse(read("packages/client/package.json"));
  const file = `${name.slice(1).replace("/", "-")}-${version}.tgz`;
  expect(read(page)).toMatch(new RegExp(`npm install (?:\\.|\\.\\.)/${file.replaceAll(".", "\\.")}`));
  expect(read(page)).not.toMatch(/npm (?:install|i)(?:$| [^.\n]*@lethe)/m);
});

test.each(["docs/client.md", "examples/vite-react/README.md"])(
  "%s starts the example with the variables that it reads, as it is started there",
  (page) => {
    const [, variables = "", script = ""] = /^((?:[A-Z_]+=\S+ )+)npm run (\w+)$/m.exec(read(page)) ?? [];
    const names = variables.split(" ").flatMap((one) => one.match(/^[A-Z_]+/) ?? []);
    expect(names).toHaveLength(2);
    const [configuration, specification] = [
      "examples/vite-react/vite.config.js",
      "e2e/client-package.spec.ts",
    ].map(read);
    for (const name of names) {
      expect(configuration).toContain(name);
      expect(specification).toContain(name);
    }
    expect(JSON.parse(read("examples/vite-react/package.json")).scripts[script]).toBe("vite");
  },
);
