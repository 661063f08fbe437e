import { readFileSync } from "node:fs";

/** The names in the JSON that `docs/<name>` shows below a heading, in their order, at every depth. */
export function namesShown(name: string, heading: string): unknown {
  const page = readFileSync(new URL(`../../../docs/${name}`, import.meta.url), "utf8");
  const [, shown = ""] = /```json\n(.*?)```/s.exec(page.split(`\n## ${heading}\n`)[1] ?? "") ?? [];
  return namesOf(JSON.parse(shown));
}

/** The names in a value, in their order, at every depth; lists are taken by their first. */
export const namesOf = (value: unknown): unknown =>
  typeof value === "object" && value !== null
    ? Object.entries(Array.isArray(value) ? value.slice(0, 1) : value).map(([name, inner]) => [
        name,
        namesOf(inner),
      ])
    : null;
