import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

/**
 * What is wrong with a packed client: as publint and "Are the types wrong?" see it, and whether anything leads back into this
 * workspace. Prints a line for each, and exits with 1 if there is one.
 *
 *   node check-package.ts lethe-client-0.1.0.tgz
 */
const [path] = process.argv.slice(2);
if (path === undefined) throw new Error("usage: node check-package.ts <tarball>");
const tarball = new Uint8Array(readFileSync(path));
const found: string[] = [];

const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer }, strict: true });
found.push(...messages.map((message) => `publint: ${formatMessage(message, pkg) ?? message.code}`));

/** It is ESM, for tools that know \`exports\`. */
const notMeant = new Set(["node10", "node16-cjs"]);
const packed = createPackageFromTarballData(tarball);
const analysis = await checkPackage(packed);
if (analysis.types === false) found.push("There are no types");
else
  for (const problem of analysis.problems)
    if (!("resolutionKind" in problem) || !notMeant.has(problem.resolutionKind))
      found.push(`types: ${JSON.stringify(problem)}`);

const declared = new Set(
  Object.keys({ ...pkg.dependencies, ...pkg.peerDependencies }).map((name) => String(name)),
);
const imported = /(?:\bfrom|\bimport)\s*\(?\s*"((?:@[\w.-]+\/)?[\w.-]+)[^"]*"/g;
for (const file of packed.listFiles()) {
  if (!/\.(?:js|d\.ts)$/.test(file)) continue;
  for (const [, name = ""] of packed.readFile(file).matchAll(imported))
    if (!name.startsWith(".") && !declared.has(name))
      found.push(`${basename(file)} imports ${name}, which nothing installs`);
}
for (const file of ["LICENSE", "README.md", "CHANGELOG.md"])
  if (!packed.fileExists(`/node_modules/${pkg.name}/${file}`)) found.push(`${file} is missing`);
if (/"(?:workspace|catalog|link|file):/.test(packed.readFile(`/node_modules/${pkg.name}/package.json`)))
  found.push("package.json names what is of this workspace alone");

for (const line of found) console.log(line);
process.exitCode = found.length > 0 ? 1 : 0;
