import { z } from "zod";
import type { ChatFilter } from "../chats/chat-filter.ts";
import { hasUnfoldedTitles } from "../chats/folded-titles.ts";
import type { Context } from "../context.ts";
import { previewDeletion } from "../deletion-jobs/preview-deletion.ts";
import { readMatchingIds } from "../deletion-jobs/scan-page.ts";
import { chatNotFound, LetheError } from "../errors.ts";
import { limits } from "../limits.ts";

/** Which chats are meant: some by their ids, or all that a filter matches, as a deletion job has it. */
export type ChosenChats = { chatIds: readonly string[] } | { filter: ChatFilter };

/** Chats that are looked at in one statement, whether they match or not. */
const pageSize = 5_000;
const countRows = z.tuple([z.object({ count: z.int() })]);

/**
 * How many there are. For a filter that takes a few seconds at most, and counts as a search.
 *
 * Throws NOT_FOUND (chat_not_found) if there is none, BAD_REQUEST (too_many_chats) for more than `limits.exportChats`,
 * TOO_MANY_REQUESTS (too_many_searches), and SERVICE_UNAVAILABLE while titles are still made ready for search.
 */
export async function countChosen(
  ctx: Context,
  chats: ChosenChats,
  { mayBeEmpty = false }: { mayBeEmpty?: boolean } = {},
): Promise<number> {
  const count =
    "filter" in chats ? await countMatching(ctx, chats.filter) : await countIds(ctx, chats.chatIds);
  if (count === 0 && !mayBeEmpty) throw chatNotFound();
  if (count > limits.exportChats) throw tooMany(count);
  return count;
}

async function countMatching(ctx: Context, filter: ChatFilter): Promise<number> {
  if (filter.q !== undefined && (await hasUnfoldedTitles(ctx.db, ctx.tenantId))) throw notReady();
  return (await previewDeletion(ctx, { filter })).matched;
}

async function countIds({ db, tenantId }: Context, chatIds: readonly string[]): Promise<number> {
  const rows = await db.$queryRaw`
    SELECT count(*)::integer AS count FROM chat
    WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${[...chatIds]}::uuid[])`;
  return countRows.parse(rows)[0].count;
}

const tooMany = (count: number) =>
  new LetheError(
    "BAD_REQUEST",
    "too_many_chats",
    `The filter matches ${count} chats, and an archive takes ${limits.exportChats}. Narrow it, for example by created_before and created_after`,
  );

const notReady = () =>
  new LetheError(
    "SERVICE_UNAVAILABLE",
    "unavailable",
    "Titles from before an upgrade are still being made ready for search, and some could be missed. Try again later",
    { retryAfter: 10 },
  );

/**
 * Their ids, each once. Of a filter, in the order of the ids, and page by page as they are taken; it is taken as of
 * `asOf`. Throws BAD_REQUEST (too_many_chats) once it has given `limits.exportChats`.
 */
export async function* readChosen(
  { db, tenantId }: Context,
  chats: ChosenChats,
  asOf: Date,
): AsyncGenerator<string[], void> {
  if ("chatIds" in chats) return yield [...new Set(chats.chatIds.map((id) => id.toLowerCase()))];
  let given = 0;
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof readMatchingIds>> = await readMatchingIds(db, {
      ...{ tenantId, filter: chats.filter, asOf, after, size: pageSize },
    });
    given += page.ids.length;
    if (given > limits.exportChats) throw tooMany(given);
    yield page.ids;
    after = page.next;
  } while (after !== null);
}
