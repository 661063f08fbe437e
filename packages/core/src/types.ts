/** A chat as its tenant sees it. Times are UTC. */
export type Chat = {
  id: string;
  title: string;
  createdAt: Date;
  /** The last message or edit: what lists are sorted by. */
  updatedAt: Date;
  messageCount: number;
  /** Sockets that are open on it under a living lease. */
  activeConnections: number;
  trashedAt: Date | null;
  /** Goes up by one with every message and edit. Its ETag is made of it. */
  version: number;
};

/** A message. `seq` counts from 1 within its chat, without gaps. */
export type Message = {
  id: string;
  chatId: string;
  seq: number;
  author: string;
  body: string;
  createdAt: Date;
};

/** A line of the deletion ledger. It tells who deleted what and when, and holds no content. */
export type DeletionRecord = {
  id: string;
  chatId: string;
  deletedAt: Date;
  /** When the last row of the transcript was gone; null while `pending`. */
  erasedAt: Date | null;
  state: "pending" | "erased";
  /** Messages that the chat had. */
  messageCount: number;
  actor: { kind: string; id: string };
  via: string;
  forced: boolean;
};

/** One page of a list, and where the next begins. */
export type Page<Item> = { items: Item[]; nextCursor: string | null };

/** Something that happened in a tenant. `cursor` resumes a subscription after it. */
export type TenantEvent = { cursor: string; at: Date } & (
  | { type: "chat.created" | "chat.updated"; chatId: string; chat: Chat }
  | { type: "message.created"; chatId: string; message: Message }
  | { type: "chat.deleted"; chatId: string; deletedAt: Date; deletionId: string }
);

/**
 * What a resumable subscription yields: events, and `resync` where some were missed that are no longer
 * kept: read everything anew, then go on.
 */
export type FeedItem = TenantEvent | { type: "resync"; cursor: string };
