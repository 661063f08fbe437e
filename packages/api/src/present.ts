import type * as core from "@lethe/core";
import type * as wire from "./schemas/index.ts";

/** A chat of core in the words of the API. */
export const presentChat = (chat: core.Chat): wire.Chat => ({
  id: chat.id,
  title: chat.title,
  created_at: timeText(chat.createdAt),
  created_by: chat.createdBy,
  updated_at: timeText(chat.updatedAt),
  message_count: chat.messageCount,
  active_connections: chat.activeConnections,
  trashed_at: chat.trashedAt && timeText(chat.trashedAt),
  trashed_by: chat.trashedBy,
  purge_at: chat.purgeAt && timeText(chat.purgeAt),
  hold: chat.hold && {
    reason: chat.hold.reason,
    held_at: timeText(chat.hold.heldAt),
    held_by: chat.hold.heldBy,
  },
  last_export: chat.lastExport && {
    exported_at: timeText(chat.lastExport.exportedAt),
    version: chat.lastExport.version,
    checksum: chat.lastExport.checksum,
  },
  version: chat.version,
});

/** Who is connected to a chat. */
export const presentConnections = ({
  connections,
  total,
}: Awaited<ReturnType<typeof core.listConnections>>): wire.Connections => ({
  data: connections.map(({ id, openedAt, actor }) => ({ id, opened_at: timeText(openedAt), actor })),
  total,
});

/** A chat of a list: with the beginning of what was said last. */
export const presentListed = (chat: core.ListedChat): wire.ListedChat => ({
  ...presentChat(chat),
  last_message: chat.lastMessage && {
    seq: chat.lastMessage.seq,
    author: chat.lastMessage.author,
    excerpt: chat.lastMessage.excerpt,
    created_at: timeText(chat.lastMessage.createdAt),
  },
});

/**
 * A chat that was changed: without what people have written, for who may not read it.
 *
 * @param own what the caller itself has just written
 */
export function presentChanged(
  chat: core.Chat,
  mayRead: boolean,
  own: { title?: string } = {},
): wire.ChangedChat {
  const presented = presentChat(chat);
  if (mayRead) return presented;
  return {
    ...presented,
    title: own.title ?? null,
    // Its checksum proves a guess at what was written.
    last_export: null,
    hold: presented.hold && { ...presented.hold, reason: null },
  };
}

/** A message of core in the words of the API. */
export const presentMessage = (message: core.Message): wire.Message => ({
  id: message.id,
  chat_id: message.chatId,
  seq: message.seq,
  author: message.author,
  body: message.body,
  created_at: timeText(message.createdAt),
});

const presentHit = (hit: core.MessageHit): wire.MessageHit => ({
  id: hit.id,
  chat_id: hit.chatId,
  chat_title: hit.chatTitle,
  seq: hit.seq,
  author: hit.author,
  excerpt: hit.excerpt,
  marks: hit.marks,
  created_at: timeText(hit.createdAt),
});

/** A page of core, each item put into words by `present`. */
export const presentPage = <Item, Presented>(page: core.Page<Item>, present: (item: Item) => Presented) => ({
  data: page.items.map(present),
  next_cursor: page.nextCursor,
});

/** A page of what was found in messages of core, in the words of the API. */
export const presentHits = (page: core.FoundPage): wire.MessageHitPage => ({
  ...presentPage(page, presentHit),
  complete: page.complete,
});

/** What a deletion answers, in the words of the API. */
export const presentDeletion = (
  deletion: core.DeletionRecord & { receipt: string | null },
): wire.Deletion => ({
  success: true,
  message: "Chat deleted successfully",
  deleted_at: timeText(deletion.deletedAt),
  deletion_id: deletion.id,
  message_count: deletion.messageCount,
  erased_at: deletion.erasedAt && timeText(deletion.erasedAt),
  export_checksum: deletion.exportChecksum,
  receipt: deletion.receipt,
});

/** What became of each chat of a set, in the words of the API. */
export const presentBulk = <Done extends string>(
  outcomes: readonly core.BulkOutcome<Done>[],
  mayRead: boolean,
) => ({
  data: outcomes.map((one) => ({
    chat_id: one.chatId,
    outcome: one.outcome,
    ...("chat" in one && { chat: presentChanged(one.chat, mayRead) }),
  })),
});

/** A tenant's settings in the words of the API. */
export const presentSettings = (settings: core.Settings): wire.Settings => ({
  name: settings.name,
  trash_retention_days: settings.trashRetentionDays,
  retention_days: settings.retentionDays,
  require_second_factor: settings.requireSecondFactor,
  ledger_retention_days: settings.ledgerRetentionDays,
});

/** What of a ledger would be pruned, in the words of the API. */
export const presentLedgerPreview = (preview: core.LedgerPreview): wire.LedgerPreview => ({
  dry_run: true,
  matched: preview.matched,
  exported: preview.exported,
  as_of: preview.asOf.toISOString(),
  complete: preview.complete,
});

/** A line of the ledger, in the words of the API. */
export const presentDeletionRecord = (deletion: core.DeletionRecord): wire.DeletionRecord => ({
  id: deletion.id,
  chat_id: deletion.chatId,
  deleted_at: timeText(deletion.deletedAt),
  erased_at: deletion.erasedAt && timeText(deletion.erasedAt),
  state: deletion.state,
  message_count: deletion.messageCount,
  actor: deletion.actor,
  via: deletion.via,
  forced: deletion.forced,
  export_checksum: deletion.exportChecksum,
});

/** A line of the ledger with its receipts, in the words of the API. */
export const presentDeletionWithReceipts = (
  deletion: core.DeletionRecord,
  { receipt, finalReceipt }: core.Receipts,
): wire.DeletionWithReceipts => ({
  ...presentDeletionRecord(deletion),
  receipt,
  final_receipt: finalReceipt,
});

/** What a feed yields, in the words of the API. */
export function presentEvent(event: core.FeedItem): wire.TenantEvent {
  switch (event.type) {
    case "chat.created":
    case "chat.updated":
    case "chat.trashed":
    case "chat.restored":
      return { type: event.type, chat: presentChat(event.chat) };
    case "message.created":
      return { type: event.type, message: presentMessage(event.message) };
    case "chat.deleted":
      return {
        type: event.type,
        chat_id: event.chatId,
        deleted_at: timeText(event.deletedAt),
        deletion_id: event.deletionId,
      };
    case "deletion.erased":
      return {
        type: event.type,
        chat_id: event.chatId,
        erased_at: timeText(event.erasedAt),
        deletion_id: event.deletionId,
      };
    case "deletion_job.finished":
      return { type: event.type, job_id: event.jobId };
    case "resync":
      return { type: event.type };
  }
}

const dayMs = 86_400_000;
const minuteMs = 60_000;

const padded = (count: number, digits: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => `${n}`.padStart(digits, "0"));
const two = padded(60, 2);
/** The minutes of a day, each second and each millisecond, as they are written with what comes behind them. */
const minutes = two.slice(0, 24).flatMap((hour) => two.map((minute) => `${hour}:${minute}:`));
const seconds = two.map((second) => `${second}.`);
const thousandths = padded(1_000, 3).map((ms) => `${ms}Z`);

/** The day that was written last, counted from 1970, and how it begins: most times of an answer share it. */
let lastDay = Number.NaN;
let date = "";

/**
 * A time as the API writes it (RFC 3339, in UTC, with milliseconds): the text that `toISOString` answers, for a fraction of
 * its CPU. A page of 50 chats has a hundred and fifty times, which were a tenth of what it costs.
 *
 * @throws RangeError for an invalid date
 */
export function timeText(time: Date): string {
  const at = time.getTime();
  const day = Math.floor(at / dayMs);
  if (day !== lastDay) {
    const text = time.toISOString();
    date = text.slice(0, text.indexOf("T") + 1);
    lastDay = day;
  }
  const ms = at - day * dayMs;
  const minute = Math.floor(ms / minuteMs);
  const ofMinute = ms - minute * minuteMs;
  const second = Math.floor(ofMinute / 1_000);
  return `${date}${minutes[minute]}${seconds[second]}${thousandths[ofMinute - second * 1_000]}`;
}
