import { execFileSync } from "node:child_process";
import { longest } from "./longest.ts";

/** The folder whose tests are for a file: its package, and what is made of the tables for `prisma`. */
const folderOf = (path: string): string[] => {
  if (path.startsWith("prisma/")) return ["packages/db/", "packages/core/"];
  const [folder] = /^(?:apps|packages)\/[^/]+\//.exec(path) ?? [];
  return folder === undefined ? [] : [folder];
};

/**
 * The words with which vitest runs what a change touches, in the packages that it is made in: the tests that import
 * what has changed since `commit`, or all where they reach it as a process or as SQL (see `forceRerunTriggers`), but
 * of the longest files only those that have changed themselves. Null when no package has changed.
 */
export function wordsForChanged(commit: string, root: string): string[] | null {
  const git = (...words: string[]) =>
    execFileSync("git", words, { cwd: root, encoding: "utf8" }).split("\n").filter(Boolean);
  const paths = [
    ...git("diff", "--name-only", "--relative", commit),
    ...git("ls-files", "--others", "--exclude-standard"),
  ];
  const folders = new Set(paths.flatMap(folderOf));
  if (folders.size === 0) return null;
  const left = longest.filter((path) => !paths.includes(path));
  const excluded = left.map((path) => `--exclude=${path}`);
  // vitest takes a commit's name that has no letter for a number.
  return [...folders, `--changed=${commit}^{commit}`, "--passWithNoTests", ...excluded];
}
