import { z } from "zod";
import type { ChatFilter } from "../chats/chat-filter.ts";
import { chatColumns, chatRows } from "../chats/chat-row.ts";
import { hasUnfoldedTitles } from "../chats/folded-titles.ts";
import { givenChats } from "../chats/given-chats.ts";
import { searching } from "../chats/search-list.ts";
import type { Context } from "../context.ts";
import type { Chat } from "../types.ts";
import { scanPage } from "./scan-page.ts";

/** What a deletion job would find. */
export type DeletionPreview = {
  matched: number;
  /** Up to ten of the chats. */
  sample: Chat[];
  /** Matching chats that are open somewhere (`force` closes them), and those on hold (nothing helps). */
  blockers: { activeConnections: number; onHold: number };
  /** Up to ten of those that are open somewhere, and of those on hold. */
  blocked: { activeConnections: Chat[]; onHold: Chat[] };
  /** It tells of the chats that there were at this moment. */
  asOf: Date;
  /** False if there was no time for all chats, or not yet for all titles: then there may be more of everything. */
  complete: boolean;
};

const pageSize = 10_000;
const sampleSize = 10;
const moments = z.tuple([z.object({ now: z.date() })]);

export type PreviewDeletion = {
  filter: ChatFilter;
  /** How long it may look; milliseconds, default 4000. */
  timeoutMs?: number;
};

/**
 * Tells what a job with this filter would find, and changes nothing. It takes a few seconds at most. It counts as a
 * search: throws TOO_MANY_REQUESTS for one too many.
 */
export function previewDeletion(ctx: Context, options: PreviewDeletion): Promise<DeletionPreview> {
  return searching(ctx, () => look(ctx, options));
}

async function look(ctx: Context, { filter, timeoutMs = 4_000 }: PreviewDeletion): Promise<DeletionPreview> {
  const { db, tenantId } = ctx;
  const [{ now: asOf }] = moments.parse(await db.$queryRaw`SELECT clock_timestamp()::timestamptz(3) AS now`);
  const end = performance.now() + timeoutMs;
  const total = { matched: 0, held: 0, live: 0 };
  const ids: Record<"first" | "held" | "live", string[]> = { first: [], held: [], live: [] };
  let after: string | null = null;
  do {
    const page = await scanPage(db, { tenantId, filter, asOf, after, size: pageSize });
    total.matched += page.matched;
    total.held += page.held;
    total.live += page.live;
    addUpTo(ids.first, page.first);
    addUpTo(ids.held, page.firstHeld);
    addUpTo(ids.live, page.firstLive);
    after = page.next;
  } while (after !== null && performance.now() < end);
  const unsure = filter.q !== undefined && (await hasUnfoldedTitles(db, tenantId));
  return {
    matched: total.matched,
    sample: await load(ctx, ids.first),
    blockers: { activeConnections: total.live, onHold: total.held },
    blocked: { activeConnections: await load(ctx, ids.live), onHold: await load(ctx, ids.held) },
    asOf,
    complete: after === null && !unsure,
  };
}

const addUpTo = (ids: string[], more: readonly string[]) =>
  ids.push(...more.slice(0, sampleSize - ids.length));

async function load({ db, tenantId }: Context, ids: readonly string[]): Promise<Chat[]> {
  if (ids.length === 0) return [];
  const rows = await db.$queryRaw`
    SELECT ${chatColumns} FROM ${givenChats(tenantId, ids)}
    ORDER BY chat.id`;
  return chatRows.parse(rows);
}
