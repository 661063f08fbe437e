import type { Context } from "../context.ts";
import { LetheError } from "../errors.ts";
import { Gate } from "../gate.ts";

/** How many searches of a tenant wait while others of it are running, and how long. */
const queue = { length: 50, waitMs: 2_000 };

/** What keeps the searches of one tenant from taking the database from others: `most` run at a time. */
export function createSearchGate(most: number): Gate {
  return new Gate({
    places: most,
    queue,
    refusal: () =>
      new LetheError(
        "TOO_MANY_REQUESTS",
        "too_many_searches",
        `Your tenant has ${most} searches running and more waiting. Wait for one of them, then try again`,
        { retryAfter: 1 },
      ),
  });
}

/** Does the work of a search when the tenant may. Throws TOO_MANY_REQUESTS (too_many_searches). */
export function searching<Result>(
  { searches, tenantId }: Pick<Context, "searches" | "tenantId">,
  work: () => Promise<Result>,
): Promise<Result> {
  return searches ? searches.run(tenantId, work) : work();
}

/** A LIKE pattern for what contains `text`, every character of it taken as itself. */
export function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
}
