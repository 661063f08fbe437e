import { queryRows } from "@lethe/db";
import { findWanted, foldText, type Place, type Wanted, wantedIn, wantedTerms } from "@lethe/text";
import { z } from "zod";
import { searching } from "../chats/search-list.ts";
import type { Context } from "../context.ts";
import { decodeCursor, digestOf, encodeCursor } from "../cursor.ts";
import { limits } from "../limits.ts";
import type { MessageHit, Page } from "../types.ts";
import { messageColumns, messageRow } from "./read-messages.ts";

export type SearchMessages = {
  /** What is looked for: messages that have each of its words, by their beginnings, compared as `foldText` has it. */
  q: string;
  /** Messages on the page, 1 to `limits.pageSize`. */
  limit: number;
  /** `nextCursor` of the page before. */
  cursor?: string | null | undefined;
  /** Whether in chats of the list or of the trash. */
  state: "active" | "trashed";
};

export type FoundPage = Page<MessageHit> & { complete: boolean };

/** A place in a tenant's messages, sorted by time. */
type Position = { time: Date; chatId: string; seq: number };

/** The year 9999 ends after the last message. */
const newest: Position = {
  time: new Date(253_402_300_799_999),
  chatId: "ffffffff-ffff-ffff-ffff-ffffffffffff",
  seq: 0,
};
const firstId = "00000000-0000-0000-0000-000000000000";

/** After so long a search takes no further step; milliseconds. */
const budgetMs = 40;

const cursorOf = (state: SearchMessages["state"], q: string) =>
  z.tuple([
    z.literal(state),
    z.int().min(0).max(newest.time.getTime()),
    z.guid(),
    z
      .int()
      .min(0)
      .max(2 ** 31 - 1),
    z.literal(digestOf(foldText(q))),
  ]);

/**
 * A page of a tenant's messages in which something is found, newest first, with the place. A search that has no more time
 * ends a page early: then it has a cursor, and fewer messages than asked for or none. In what has neither a letter nor a
 * digit nor a symbol there is nothing to look for. Who may see some chats alone (`onlyChats`) finds what is in those. `complete` is false while the index does not have all messages yet, after
 * an upgrade from a version without it.
 *
 * Throws BAD_REQUEST for a cursor that is none of this search, and for a search too many TOO_MANY_REQUESTS.
 */
export async function searchMessages(ctx: Context, search: SearchMessages): Promise<FoundPage> {
  const { q, cursor, state } = search;
  const wanted = wantedIn(q);
  const after = cursor ? positionFrom(cursor, state, q) : newest;
  if (wanted.length === 0) return { items: [], nextCursor: null, complete: true };
  const size = Math.min(search.limit, limits.pageSize);
  const { hits, next, complete } = await searching(ctx, () => find(ctx, { wanted, after, size, state }));
  const items = hits.slice(0, size);
  const last = items.at(-1);
  const position = hits.length > size && last ? positionOf(last) : next;
  if (position === null) return { items, nextCursor: null, complete };
  const { time, chatId, seq } = position;
  return {
    items,
    nextCursor: encodeCursor([state, time.getTime(), chatId, seq, digestOf(foldText(q))]),
    complete,
  };
}

function positionFrom(cursor: string, state: SearchMessages["state"], q: string): Position {
  const [, time, chatId, seq] = decodeCursor(cursor, cursorOf(state, q));
  return { time: new Date(time), chatId, seq };
}

type Search = Pick<SearchMessages, "state"> & { wanted: Wanted[]; after: Position; size: number };

/**
 * The next messages, one more than are wanted if there are so many. What the index leads to is compared once more: it knows
 * words by their beginnings. `next` is up to where there is none left out, if time was over before.
 */
async function find(
  ctx: Context,
  search: Search,
): Promise<{ hits: MessageHit[]; next: Position | null; complete: boolean }> {
  const { size, wanted } = search;
  const deadline = performance.now() + budgetMs;
  const hits: MessageHit[] = [];
  let { after } = search;
  for (;;) {
    const { rows, end, complete } = await askIndex(ctx, { ...search, after });
    // Long bodies take a while, in which the process does nothing else.
    const comparedBy = performance.now() + budgetMs;
    for (const row of rows) {
      const places = findWanted(row.body, wanted);
      if (places !== null) hits.push(hitOf(row, places));
      if (hits.length > size) return { hits, next: null, complete };
      after = positionOf(row);
      if (performance.now() >= comparedBy) return { hits, next: after, complete };
    }
    if (end !== undefined) return { hits, next: { time: end, chatId: firstId, seq: 0 }, complete };
    if (rows.length <= size) return { hits, next: null, complete };
    if (performance.now() >= deadline) return { hits, next: after, complete };
  }
}

const hitRow = messageRow.extend({ title: z.string() });
type HitRow = z.infer<typeof hitRow>;
const said = { complete: z.boolean() };
const foundRows = z.array(
  z.union([hitRow.extend(said), z.object({ id: z.null(), createdAt: z.date().nullable(), ...said })]),
);

/**
 * What the index leads to, one more than are wanted if there are so many; `end` is up to where, if time was over. There is
 * always a row, if only one that says whether the index has everything.
 */
async function askIndex(
  { db, tenantId, onlyChats }: Context,
  { state, after, size, wanted }: Search,
): Promise<{ rows: HitRow[]; end: Date | undefined; complete: boolean }> {
  const found = await queryRows(db)`
    SELECT ${messageColumns}, message.title, index.complete
    FROM (
      SELECT NOT EXISTS (
        SELECT FROM message WHERE message.tenant_id = ${tenantId}::uuid AND message.terms IS NULL
      ) AS complete
    ) AS index
    LEFT JOIN find_messages(
      ${tenantId}::uuid, ${wantedTerms(tenantId, wanted)}::integer[], ${state === "trashed"}::boolean,
      ${after.time}::timestamptz, ${after.chatId}::uuid, ${after.seq}::integer, ${size + 1}::integer,
      ${budgetMs}::integer * interval '1 millisecond', ${onlyChats ?? null}::uuid[]
    ) AS message ON true`;
  const rows: HitRow[] = [];
  let end: Date | undefined;
  let complete = true;
  for (const row of foundRows.parse(found)) {
    ({ complete } = row);
    if (row.id !== null) rows.push(row);
    else if (row.createdAt !== null) end = row.createdAt;
  }
  return { rows, end, complete };
}

const positionOf = ({
  createdAt,
  chatId,
  seq,
}: Pick<MessageHit, "createdAt" | "chatId" | "seq">): Position => ({
  time: createdAt,
  chatId,
  seq,
});

const hitOf = ({ body, title, ...message }: HitRow, places: Place[]): MessageHit => ({
  ...message,
  chatTitle: title,
  ...excerptOf(body, places),
});

/** UTF-16 code units of an excerpt, and of what stands in it before the first mark; places that it may begin with. */
const excerpt = { length: 240, before: 60, beginnings: 50 };

/** The part of a body in which most of what is wanted stands, and where, in UTF-16 code units of the part. */
function excerptOf(body: string, found: readonly Place[]): Pick<MessageHit, "excerpt" | "marks"> {
  const reach = excerpt.length - excerpt.before;
  // Of a word that is longer than an excerpt, the beginning is what is shown.
  const places = found.map(({ start, end, wanted }) => {
    return { start, end: Math.min(end, betweenCharacters(body, start + reach)), wanted };
  });
  const rated = places.slice(0, excerpt.beginnings).map(({ start }) => {
    const near = places.filter((one) => one.start >= start && one.end <= start + reach);
    return { start, count: new Set(near.map(({ wanted }) => wanted)).size };
  });
  const best = rated.toSorted((a, b) => b.count - a.count)[0];
  const from = betweenCharacters(body, Math.max((best?.start ?? 0) - excerpt.before, 0));
  const to = betweenCharacters(body, Math.min(from + excerpt.length, body.length));
  const head = from > 0 ? "…" : "";
  const marks: MessageHit["marks"] = [];
  let marked = from;
  for (const { start, end } of places) {
    if (start < marked || end > to) continue;
    marks.push({ start: start - from + head.length, end: end - from + head.length });
    marked = end;
  }
  return { excerpt: head + body.slice(from, to) + (to < body.length ? "…" : ""), marks };
}

/** A place, or the next if it is within a character of two code units. */
const betweenCharacters = (text: string, at: number): number =>
  (text.codePointAt(at - 1) ?? 0) > 0xffff ? at + 1 : at;
