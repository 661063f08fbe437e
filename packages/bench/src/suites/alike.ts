import { isDeepStrictEqual } from "node:util";
import { request } from "undici";
import type { LoadJob } from "../load/run-load.ts";

/**
 * Makes sure that servers answer the first request of a load alike: the same names and kinds of values, in lists of the
 * same length, and texts of about the same length.
 */
export async function requireAlike(jobs: LoadJob[]): Promise<void> {
  const answers = await Promise.all(
    jobs.map(async ({ origin, method, headers, body, paths: [path = ""] }) => {
      const answer = await request(`${origin}${path}`, {
        method,
        headers,
        ...(body !== undefined && { body }),
      });
      return { path, status: answer.statusCode, text: await answer.body.text() };
    }),
  );
  const [first, ...others] = answers;
  for (const other of others) {
    if (first === undefined) return;
    const same =
      other.status === first.status &&
      isDeepStrictEqual(shapeOf(JSON.parse(first.text)), shapeOf(JSON.parse(other.text))) &&
      Math.abs(other.text.length - first.text.length) <= first.text.length / 50;
    if (!same)
      throw new Error(
        `${first.path} is answered in two ways: ${first.status} ${first.text}\n${other.status} ${other.text}`,
      );
  }
}

function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (value === null || typeof value !== "object") return value === null ? null : typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shapeOf(part)]));
}
