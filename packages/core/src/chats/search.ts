import type { Context } from "../context.ts";

/** Does the work of a search when the caller may. Throws what `beginSearch` throws. */
export async function searching<Result>(
  { beginSearch }: Pick<Context, "beginSearch">,
  work: () => Promise<Result>,
): Promise<Result> {
  const end = await beginSearch?.();
  try {
    return await work();
  } finally {
    end?.();
  }
}

/** A LIKE pattern for what contains `text`, every character of it taken as itself. */
export function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
}
