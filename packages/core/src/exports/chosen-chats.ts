import { z } from "zod";
import type { ChatFilter } from "../chats/chat-filter.ts";
import { hasUnfoldedTitles } from "../chats/folded-titles.ts";
import { givenChats } from "../chats/given-chats.ts";
import type { Context } from "../context.ts";
import { previewDeletion } from "../deletion-jobs/preview-deletion.ts";
import { readMatchingIds } from "../deletion-jobs/scan-page.ts";
import { chatNotFound, LetheError } from "../errors.ts";
import { limits } from "../limits.ts";

/** Which chats are meant: some by their ids, all that a filter matches, as a deletion job has it, or all in a range. */
export type ChosenChats = { chatIds: readonly string[] } | { filter: ChatFilter } | { range: ChatRange };

/** Chats of a tenant in the order of their ids, in the trash or not, that were created before a moment. */
export type ChatRange = {
  /** Behind this one; null: from the first. */
  after: string | null;
  /** Up to this one, and with it; null: to the last. */
  upTo: string | null;
  asOf: Date;
};

/** Chats that are looked at in one statement, whether they match or not. */
const pageSize = 5_000;
const all: ChatFilter = { state: "any" };
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
  const count = await countOf(ctx, chats);
  if (count === 0 && !mayBeEmpty) throw chatNotFound();
  if (count > limits.exportChats) throw tooMany(count);
  return count;
}

const countOf = (ctx: Context, chats: ChosenChats): Promise<number> => {
  if ("filter" in chats) return countMatching(ctx, chats.filter);
  return "range" in chats ? countRange(ctx, chats.range) : countIds(ctx, chats.chatIds);
};

async function countMatching(ctx: Context, filter: ChatFilter): Promise<number> {
  if (filter.q !== undefined && (await hasUnfoldedTitles(ctx.db, ctx.tenantId))) throw notReady();
  return (await previewDeletion(ctx, { filter })).matched;
}

async function countIds({ db, tenantId }: Context, chatIds: readonly string[]): Promise<number> {
  const rows = await db.$queryRaw`
    SELECT count(*)::integer AS count FROM ${givenChats(tenantId, chatIds)}`;
  return countRows.parse(rows)[0].count;
}

async function countRange({ db, tenantId }: Context, { after, upTo, asOf }: ChatRange): Promise<number> {
  return db.chat.count({
    where: {
      tenantId,
      createdAt: { lte: asOf },
      id: { ...(after && { gt: after }), ...(upTo && { lte: upTo }) },
    },
  });
}

/** The chat at which a range of so many begins to be full, behind another; null: there are fewer. */
export async function endOfRange(
  { db, tenantId }: Context,
  { after, size }: { after: string | null; size: number },
): Promise<string | null> {
  const [last] = await db.chat.findMany({
    where: { tenantId, ...(after && { id: { gt: after } }) },
    orderBy: { id: "asc" },
    select: { id: true },
    skip: size - 1,
    take: 1,
  });
  return last?.id ?? null;
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
 * Their ids, each once. Of a filter or a range, in the order of the ids, and page by page as they are taken; a filter is taken as
 * of `asOf`. Throws BAD_REQUEST (too_many_chats) once it has given `limits.exportChats`.
 */
export async function* readChosen(
  { db, tenantId }: Context,
  chats: ChosenChats,
  asOf: Date,
): AsyncGenerator<string[], void> {
  if ("chatIds" in chats) return yield [...new Set(chats.chatIds.map((id) => id.toLowerCase()))];
  const { filter, range } = "range" in chats ? { filter: all, ...chats } : { ...chats, range: undefined };
  let given = 0;
  let after: string | null = range?.after ?? null;
  do {
    const page: Awaited<ReturnType<typeof readMatchingIds>> = await readMatchingIds(db, {
      ...{ tenantId, filter, asOf: range?.asOf ?? asOf, after, size: pageSize },
    });
    // Ids in lower case are in the order of what they stand for.
    const end = range?.upTo ?? null;
    const ids = end === null ? page.ids : page.ids.filter((id) => id <= end);
    given += ids.length;
    if (given > limits.exportChats) throw tooMany(given);
    yield ids;
    after = end !== null && page.next !== null && page.next >= end ? null : page.next;
  } while (after !== null);
}
