import type { Input } from "./caller.ts";

/** A call of REST, its path without `/api/v1`. */
export type Request = { method: string; path: string; body?: unknown; headers?: Record<string, string> };

/** A query string of what an input has, or nothing. */
export function query(input: Input): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(input))
    if (value !== undefined) parameters.append(name, String(value));
  return parameters.size === 0 ? "" : `?${parameters}`;
}
